"""Every test run has a `var/` folder of its own (a pytest plugin, loaded before Django's settings are).

Without DATABASE_URL and REDIS_URL the embedded servers run in it; tests/conftest.py starts them.
"""

import os
import tempfile
from pathlib import Path

VAR = Path(tempfile.mkdtemp(prefix="rushes-"))
VAR.chmod(0o755)  # when root runs the tests, the servers run as somebody else
(VAR / "static").mkdir()  # what collectstatic fills; the middleware warns where it is missing
os.environ["RUSHES_VAR"] = str(VAR)
