"""People, projects, and what a person may do in a project."""

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Now


class User(AbstractUser):
    """A person. What they may do hangs on their memberships, never on the person."""

    must_choose_password = models.BooleanField(
        default=False,
        help_text="The password was made by somebody else: nothing else works before it is changed.",
    )
    one_time_until = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text="When a password that was made for one sign-in stops to work; empty for any other.",
    )

    def set_password(self, raw_password: str | None) -> None:
        """Set any password; one for one sign-in gets its end from who makes it (`services.accounts`)."""
        super().set_password(raw_password)
        self.one_time_until = None

    @property
    def shown_name(self) -> str:
        """The full name, or the one to sign in with where there is no other."""
        return self.get_full_name() or self.username


class Role(models.TextChoices):
    """The five roles, each holding everything that the one before it holds."""

    VIEWER = "viewer", "Viewer"
    ANNOTATOR = "annotator", "Annotator"
    REVIEWER = "reviewer", "Data lead"
    TRAINER = "trainer", "ML lead"
    ADMIN = "admin", "Admin"

    @property
    def duty(self) -> str:
        """What it may do beyond the role before it, as a line on the screen."""
        return _DUTIES[self.value]

    @property
    def rank(self) -> int:
        """Position on the ladder, 0 for the viewer."""
        return list(Role).index(self)

    def includes(self, other: "Role") -> bool:
        """Whether this role may do everything that `other` may do."""
        return self.rank >= other.rank


_DUTIES = {
    "viewer": "Looks at everything, changes nothing",
    "annotator": "Labels clips, accepts and corrects suggestions",
    "reviewer": "Also adds videos and cameras, decides about quality, changes classes",
    "trainer": "Also starts training and decides which model suggests",
    "admin": "Also decides who is here and as what",
}


class Project(models.Model):
    """The wall around footage, labels and models: nothing is visible across it."""

    slug = models.SlugField(unique=True, max_length=80)
    name = models.CharField(max_length=120)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    members: "models.ManyToManyField[User, Membership]" = models.ManyToManyField(User, through="Membership")

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """One person's role in one project."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=16, choices=Role, default=Role.VIEWER)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "project"], name="one_membership_a_project"),
        ]

    def __str__(self) -> str:
        return f"{self.user} is {self.role} in {self.project}"
