"""The embedded PostgreSQL and Redis: where they listen, and how a command holds them up.

The binaries come as Python packages, the data lies in `var/`. Each server is the child of a small
keeper process (`config.embedded.keeper`); every command that needs the server shares a lock, and
the keeper stops the server when nobody shares it any more, however the last one died.
"""

from config.embedded.places import Addresses, EmbeddedError, addresses, var_folder
from config.embedded.sharing import Share, services_for, wanted_servers

__all__ = [
    "Addresses",
    "EmbeddedError",
    "Share",
    "addresses",
    "services_for",
    "var_folder",
    "wanted_servers",
]
