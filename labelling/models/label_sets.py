"""The classes that a project tells apart."""

import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models.functions import Lower, Now

from core.models import Project

BACKGROUND = 0
"""The colour of the background class: grey."""
COLOURS = 12
"""How many colours classes take in turn: 1 to 12."""
HOTKEYS = "123456789qwerafzv"
"""What classes take in turn: digits, then letters that the label screen leaves free (its CLASS_KEYS)."""


class LabelSetQuerySet(models.QuerySet["LabelSet"]):
    """Label sets, read as a sentence."""

    def in_project(self, project: Project) -> Self:
        """Label sets of one project."""
        return self.filter(project=project)

    def active(self) -> Self:
        """Label sets that are labelled with now."""
        return self.filter(active=True)


class LabelSet(models.Model):
    """The classes of a project, one set at a time. `revision` grows with every change of the set."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    project = models.ForeignKey("core.Project", on_delete=models.CASCADE, related_name="label_sets")
    name = models.CharField(max_length=80)
    revision = models.PositiveIntegerField(default=1)
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = LabelSetQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["project"], condition=models.Q(active=True), name="one_active_label_set"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class LabelClassQuerySet(models.QuerySet["LabelClass"]):
    """Classes, read as a sentence."""

    def in_project(self, project: Project) -> Self:
        """Classes of the project's active label set."""
        return self.filter(label_set__project=project, label_set__active=True)

    def offered(self) -> Self:
        """Classes that can be given to a clip: those that nobody archived."""
        return self.filter(archived=False)

    def named(self, name: str) -> Self:
        """Classes of this name, whatever its case."""
        return self.filter(name__iexact=name)


class LabelClass(models.Model):
    """Something that happens, and the key that says so.

    `colour` is a number of the palette, 0 for the background. `hotkey` is a digit or empty. An archived class
    stays on the clips that carry it, and is offered for no other.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    label_set = models.ForeignKey(LabelSet, on_delete=models.CASCADE, related_name="classes")
    name = models.CharField(max_length=80)
    colour = models.PositiveSmallIntegerField()
    hotkey = models.CharField(max_length=1, blank=True)
    position = models.PositiveIntegerField()
    description = models.TextField(blank=True)
    archived = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = LabelClassQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "label classes"
        ordering: ClassVar = ["position", "created_at"]
        constraints: ClassVar = [
            models.UniqueConstraint("label_set", Lower("name"), name="one_class_a_name"),
            models.UniqueConstraint(
                fields=["label_set", "hotkey"],
                condition=models.Q(archived=False) & ~models.Q(hotkey=""),
                name="one_class_a_hotkey",
            ),
            models.CheckConstraint(condition=models.Q(colour__lte=COLOURS), name="colour_of_the_palette"),
        ]

    def __str__(self) -> str:
        return self.name
