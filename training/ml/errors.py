"""The whole error tree of the learning library.

Every message is a full sentence for the person who pressed the button. `permanent` tells whoever runs the
work that trying it again would end in the same way.
"""


class LearningError(Exception):
    """A verdict on what was given to learn from; its text is shown to a person as it stands."""

    permanent = True

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class BadManifest(LearningError):  # noqa: N818 - named after what is wrong
    """A frozen dataset that cannot be read; the sentence names the line."""


class TooLittle(LearningError):  # noqa: N818
    """There is nothing to learn from: too few classes or too few clips."""


class BadFile(LearningError):  # noqa: N818
    """A file that is missing or damaged: features, a model, weights."""


class WrongClip(LearningError):  # noqa: N818
    """A clip that a network cannot take: too short, too small, or of pathways that do not belong together."""
