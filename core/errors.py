"""Every error that a person may meet, on one page. Services raise them; the API turns them into JSON.

    RushesError
    ├── Unauthorised          401  nobody is signed in, or with the wrong password
    ├── Forbidden             403  signed in, but this role may not do it
    ├── NotFound              404  not there, or not yours to know about
    ├── Conflict              409  it clashes with what is there
    ├── PreconditionFailed    412  somebody changed it in the meantime
    ├── TooMuch               413  more bytes than one request may hold
    ├── Invalid               422  it makes no sense as it was sent
    ├── PreconditionRequired  428  say which revision you saw
    ├── TooMany               429  slow down
    └── Unavailable           503  a part of the installation does not answer

An app's own errors (curation.errors, ...) are subclasses of these and of nothing else.
"""

# ruff: noqa: N818  -- they are named after what happened, as HTTP names them

from typing import Any, ClassVar


class RushesError(Exception):
    """Something that is said to a person.

    `sentence` is complete and says what to do where something can be done; `details` is JSON for a program;
    `code` names the class in snake_case where none is given.
    """

    status: ClassVar[int] = 400
    code: ClassVar[str] = "error"

    def __init__(self, sentence: str, *, details: dict[str, Any] | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.details = details or {}

    def __init_subclass__(cls) -> None:
        if "code" not in cls.__dict__:
            cls.code = "".join(f"_{c.lower()}" if c.isupper() else c for c in cls.__name__).lstrip("_")

    def to_json(self) -> dict[str, Any]:
        """The body of the answer: `{"error": {"code", "sentence", "details"}}`."""
        return {"error": {"code": self.code, "sentence": self.sentence, "details": self.details}}


class Unauthorised(RushesError):
    """Nobody is signed in, or somebody tried with the wrong password."""

    status = 401


class Forbidden(RushesError):
    """Signed in, but the role is too low."""

    status = 403


class NotFound(RushesError):
    """Not there, or in a project that the person does not belong to: the answer is the same."""

    status = 404


class Conflict(RushesError):
    """It clashes with what is there."""

    status = 409


class PreconditionFailed(RushesError):
    """Somebody changed it since the revision that the writer saw."""

    status = 412


class TooMuch(RushesError):
    """More bytes than one request may hold."""

    status = 413


class Invalid(RushesError):
    """It makes no sense as it was sent."""

    status = 422


class PreconditionRequired(RushesError):
    """A write must say which revision it edits."""

    status = 428


class TooMany(RushesError):
    """Too many tries; the sentence says when to come back."""

    status = 429


class Unavailable(RushesError):
    """A part of the installation does not answer or is not built."""

    status = 503
