"""Projects and who may do what in them."""

import secrets
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.text import slugify

from core.errors import Conflict, Invalid, NotFound
from core.models import AuditEvent, Membership, Project, Role, User
from core.selectors.accounts import admins_of, user_named
from core.services.audit import audit_record

MAX_NAME = 120
SLUG_MAX = 80
RESERVED = frozenset({"new"})
ONE_TIME_DAYS = 7
"""How long a one-time password opens the choice of an own one."""


@transaction.atomic
def project_create(*, name: str, actor: User | None, slug: str = "") -> Project:
    """Found a project; whoever does it becomes its admin.

    The slug is made from the name (`site-7`, `site-7-2`, ...) unless one is given.
    Raises Invalid for an empty or too long name or a slug that is none, Conflict for a slug that is taken.
    """
    name = _clean(name)
    project = Project(name=name, slug=_given(slug) if slug else _free_slug(name))
    try:
        with transaction.atomic():
            project.save()
    except IntegrityError as error:
        raise Conflict(f"There is a project at {project.slug} already.") from error
    audit_record(verb="project.create", obj=project, project=project, actor=actor, name=name)
    if actor is not None:
        Membership.objects.create(user=actor, project=project, role=Role.ADMIN)
        _record("member.add", project, actor, actor, role=Role.ADMIN)
    return project


@transaction.atomic
def project_rename(*, project: Project, name: str, actor: User | None) -> Project:
    """Give a project another name; its slug, and with it every address, stays."""
    row = Project.objects.select_for_update().get(pk=project.pk)
    before, row.name = row.name, _clean(name)
    row.save(update_fields=["name"])
    audit_record(verb="project.rename", obj=row, project=row, actor=actor, **{"from": before, "to": row.name})
    return row


@transaction.atomic
def member_add(*, project: Project, username: str, role: Role, actor: User | None) -> Membership:
    """Let a person who has an account into a project. Raises Invalid for nobody, Conflict for a member."""
    user = user_named(username=username.strip())
    if user is None:
        raise Invalid(
            f"Nobody here has the user name {username.strip()}.", details={"unknown": username.strip()}
        )
    try:
        with transaction.atomic():
            membership = Membership.objects.create(user=user, project=project, role=role)
    except IntegrityError as error:
        raise Conflict(f"{user.username} is a member of {project.name} already.") from error
    _record("member.add", project, user, actor, role=role)
    return membership


@transaction.atomic
def member_invite(
    *, project: Project, username: str, role: Role, actor: User | None
) -> tuple[Membership, str]:
    """Let a person in and make their account if they have none; its one-time password, else "".

    Raises Invalid for what cannot be a username or belongs to a closed account, Conflict for a member.
    """
    user, password = user_found_or_made(username=username.strip(), project=project, actor=actor)
    if not user.is_active:
        raise Invalid(
            f"The account {user.username} is closed. Someone who keeps the server can open it again."
        )
    return member_add(project=project, username=user.username, role=role, actor=actor), password


@transaction.atomic
def member_change(*, project: Project, user_id: int, role: Role, actor: User | None) -> Membership:
    """Give a member another role. Raises NotFound for a stranger, Conflict for the last admin."""
    membership = _member(project, user_id)
    if membership.role == role:
        return membership
    _keep_an_admin(membership)
    before, membership.role = membership.role, role
    membership.save(update_fields=["role"])
    _record("member.change", project, membership.user, actor, **{"from": before, "to": role})
    return membership


@transaction.atomic
def member_remove(*, project: Project, user_id: int, actor: User | None) -> None:
    """Take a person out of a project. Raises NotFound for a stranger, Conflict for the last admin."""
    membership = _member(project, user_id)
    _keep_an_admin(membership)
    _record("member.remove", project, membership.user, actor, role=membership.role)
    membership.delete()


@transaction.atomic
def member_set(*, project: Project, user: User, role: Role, actor: User | None) -> Membership:
    """Make the person a member with that role, whatever they were. Raises Conflict for the last admin."""
    if Membership.objects.filter(project=project, user=user).exists():
        return member_change(project=project, user_id=user.pk, role=role, actor=actor)
    return member_add(project=project, username=user.username, role=role, actor=actor)


def project_found_or_made(*, name: str, slug: str = "") -> tuple[Project, bool]:
    """The project of that slug or name, and whether it had to be made."""
    found = Project.objects.filter(slug=slug or name).first()
    if found is None and not slug:
        found = Project.objects.filter(name=_clean(name)).order_by("pk").first()
    if found is not None:
        return found, False
    return project_create(name=name, slug=slug, actor=None), True


@transaction.atomic
def member_password(*, project: Project, user_id: int, actor: User) -> tuple[Membership, str]:
    """Give a member a one-time password; their sessions end. The membership and the password.

    Whoever holds it can sign in as the member. So it is given only for accounts that were made in this
    project and open nothing else: Conflict for any other, and for one's own. Raises NotFound for a stranger.
    """
    membership = _member(project, user_id)
    user = User.objects.select_for_update().get(pk=user_id)  # nobody lets them in elsewhere meanwhile
    if user == actor:
        raise Conflict("Change your own password under Your account.")
    if not _is_ours(user, project):
        raise Conflict(
            f"The account {user.username} is not this project's alone. Someone who runs this installation "
            f"gives it a new password: manage.py changepassword {user.username}, or under /admin/."
        )
    password = _one_time(user)
    user.save(update_fields=["password", "must_choose_password", "one_time_until"])
    membership.user = user
    audit_record(verb="user.reset", obj=user, project=project, actor=actor, user=user.username)
    return membership, password


@transaction.atomic
def user_found_or_made(*, username: str, project: Project, actor: User | None = None) -> tuple[User, str]:
    """The person of that username, and their one-time password: empty for who was there.

    Raises Invalid for what cannot be a username, Conflict for one that differs from another in case alone.
    """
    found = User.objects.filter(username=username).first()
    return (found, "") if found is not None else _user_create(username, project, actor)


def _user_create(username: str, project: Project, actor: User | None) -> tuple[User, str]:
    taken = f"The user name {username} is taken. Choose another one."
    if User.objects.filter(username__iexact=username).exists():
        raise Conflict(taken)
    user = User(username=username)
    password = _one_time(user)
    try:
        user.full_clean()
        with transaction.atomic():
            user.save()
    except ValidationError as error:
        raise Invalid(" ".join(error.messages)) from error
    except IntegrityError as error:
        raise Conflict(taken) from error
    audit_record(verb="user.create", obj=user, project=project, actor=actor, user=username)
    return user, password


def _one_time(user: User) -> str:
    password = secrets.token_urlsafe(12)
    user.set_password(password)
    user.must_choose_password = True
    user.one_time_until = timezone.now() + timedelta(days=ONE_TIME_DAYS)
    return password


def _is_ours(user: User, project: Project) -> bool:
    """Whether the account was made in this project and opens nothing beyond it."""
    if user.is_staff or user.is_superuser or user.memberships.exclude(project=project).exists():
        return False
    made_here = AuditEvent.objects.filter(project=project, verb="user.create", object_id=str(user.pk))
    return made_here.exists()


def _member(project: Project, user_id: int) -> Membership:
    """The membership, with the project locked: two admins cannot take each other out at once."""
    Project.objects.select_for_update().get(pk=project.pk)
    membership = Membership.objects.filter(project=project, user_id=user_id).select_related("user").first()
    if membership is None:
        raise NotFound("This person is not a member of the project.")
    return membership


def _keep_an_admin(membership: Membership) -> None:
    others = admins_of(project=membership.project).exclude(pk=membership.pk)
    if membership.role == Role.ADMIN and not others.exists():
        raise Conflict("A project needs an admin. Make somebody else one first.")


def _record(verb: str, project: Project, user: User, actor: User | None, **data: str) -> None:
    audit_record(verb=verb, obj=project, project=project, actor=actor, user=user.username, **data)


def _clean(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise Invalid("A project needs a name.")
    if len(name) > MAX_NAME:
        raise Invalid(f"The name of a project has at most {MAX_NAME} characters.")
    return name


def _given(slug: str) -> str:
    if slug != slugify(slug) or len(slug) > SLUG_MAX or slug in RESERVED:
        raise Invalid("The short name of a project has small letters, digits and hyphens, and at most 80.")
    return slug


def _free_slug(name: str) -> str:
    base = slugify(name)[: SLUG_MAX - 5].strip("-_") or "project"
    taken = set(Project.objects.filter(slug__startswith=base).values_list("slug", flat=True)) | RESERVED
    numbers = (n for n in range(2, len(taken) + 3) if f"{base}-{n}" not in taken)
    return base if base not in taken else f"{base}-{next(numbers)}"
