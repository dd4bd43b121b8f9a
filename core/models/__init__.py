"""The tables of the ground floor."""

from core.models.accounts import Membership, Project, Role, User
from core.models.audit import AuditEvent
from core.models.jobs import Job, JobEvent, JobState

__all__ = ["AuditEvent", "Job", "JobEvent", "JobState", "Membership", "Project", "Role", "User"]
