# ruff: noqa: N818 - the names say what the file is; "Error" on each would only repeat the tree.
"""The whole error tree of the media library.

Every message is a full sentence for the person who brought the file: what is wrong with it, in
words, and what to do about it. `permanent` tells the job runner that trying again is pointless.
"""


class MediaError(Exception):
    """A verdict on a file: it cannot become footage. Its text is shown to a person as it stands."""

    permanent = True

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Empty(MediaError):
    """Nothing in the file: zero bytes, or a pointer left where the recording should be."""


class Unsupported(MediaError):
    """A file that is something else, or a kind of video that is not read here."""


class Encrypted(MediaError):
    """The pictures are locked."""


class NoVideo(MediaError):
    """A readable file without a single picture."""


class Unreadable(MediaError):
    """A video by its looks, but not one picture can be had from it."""


class TooLarge(MediaError):
    """More pixels or more frames than this system takes on."""


class ProxyMismatch(MediaError):
    """A proxy does not hold exactly the frames of its index."""
