"""Questions about people and projects."""

from datetime import datetime

from django.db.models import Count, QuerySet
from django.utils import timezone

from core.models import Membership, Project, Role, User


def membership_in(*, user: User, slug: str) -> Membership | None:
    """The person's membership in the project of that slug, with user and project; None for a stranger."""
    rows = Membership.objects.filter(user=user, project__slug=slug)
    return rows.select_related("user", "project").first()


def memberships_of(*, user: User) -> QuerySet[Membership]:
    """The person's memberships with their projects, by the projects' names."""
    return (
        Membership.objects.filter(user=user).select_related("project").order_by("project__name", "project_id")
    )


def members_of(*, project: Project) -> QuerySet[Membership]:
    """The project's members with their users, by username."""
    return Membership.objects.filter(project=project).select_related("user").order_by("user__username")


def admins_of(*, project: Project) -> QuerySet[Membership]:
    """The memberships of the project's admins who can sign in."""
    return Membership.objects.filter(project=project, role=Role.ADMIN, user__is_active=True)


def user_named(*, username: str) -> User | None:
    """The active person of that username."""
    return User.objects.filter(username=username, is_active=True).first()


def one_time_over(*, user: User) -> bool:
    """Whether the person's password is a one-time one that nobody changed in time. Asks the database.

    The row in hand does not know any more where Django has just hashed the password anew.
    """
    late = User.objects.filter(must_choose_password=True, one_time_until__lte=timezone.now())
    return late.filter(pk=user.pk).exists()


def project_at(*, slug: str) -> Project | None:
    """The project of that slug."""
    return Project.objects.filter(slug=slug).first()


def projects_with_people() -> list[tuple[str, str, datetime, int]]:
    """Slug, name, when it was founded and how many members it has, of every project, by slug."""
    rows = Project.objects.annotate(people=Count("memberships")).order_by("slug")
    return list(rows.values_list("slug", "name", "created_at", "people"))


def initials(user: User) -> str:
    """One or two capital letters for a person: of the full name, else of the username."""
    words = user.get_full_name().split() or user.username.replace(".", " ").replace("_", " ").split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()
