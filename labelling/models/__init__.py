"""The tables of labelling: classes, clips, who works on which, and what people said."""

from labelling.models.annotations import AnnotationRevision, AnnotationSegment, Outcome, Source
from labelling.models.assignments import Assignment
from labelling.models.clips import Clip, ClipOrigin, ClipState, ClipTally
from labelling.models.label_sets import LabelClass, LabelSet
from labelling.models.suggestions import Suggestion, SuggestionState

__all__ = [
    "AnnotationRevision",
    "AnnotationSegment",
    "Assignment",
    "Clip",
    "ClipOrigin",
    "ClipState",
    "ClipTally",
    "LabelClass",
    "LabelSet",
    "Outcome",
    "Source",
    "Suggestion",
    "SuggestionState",
]
