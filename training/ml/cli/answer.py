"""What a verb answers: facts for programs, and the same as text for people."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Answer:
    """`facts` hold what JSON holds; `text` is printed where nobody asked for JSON."""

    facts: dict[str, Any]
    text: str
