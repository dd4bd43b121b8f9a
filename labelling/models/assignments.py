"""Who works on which clip just now."""

import uuid
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from core.models import User


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    """Assignments, read as a sentence."""

    def held(self) -> Self:
        """Assignments that were not given back, their lease run out or not."""
        return self.filter(released_at=None)

    def live(self) -> Self:
        """Assignments under a lease that runs, by the database's clock."""
        return self.held().filter(lease_until__gt=Now())

    def of_user(self, user: User) -> Self:
        """Assignments of one person."""
        return self.filter(user=user)


class Assignment(models.Model):
    """A courtesy: nobody else is offered the clip while the lease runs. What is safe is safe by revisions."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clip = models.ForeignKey("labelling.Clip", on_delete=models.CASCADE, related_name="assignments")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    lease_until = models.DateTimeField()
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    released_at = models.DateTimeField(null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["clip"], condition=models.Q(released_at=None), name="one_assignment_a_clip"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["user", "created_at"], condition=models.Q(released_at=None), name="assignment_held"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.clip_id} by {self.user_id} until {self.lease_until}"
