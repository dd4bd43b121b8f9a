"""Signing in, with a lockout that counts tries in Redis: by username and by network address.

A try is counted before its password is looked at, so that a thousand at once are still ten.
The answer and the time it takes are the same for a name that does not exist.
"""

import hashlib
import ipaddress
import math
import time
from contextlib import suppress

from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction

from core.errors import Invalid, TooMany, Unauthorised
from core.models import User
from core.selectors.accounts import one_time_over
from core.services.accounts import ONE_TIME_DAYS
from core.services.audit import audit_record


def login_check(*, username: str, password: str, address: str) -> User:
    """The person whose username and password these are.

    Raises Unauthorised where they are not, and where it is a one-time password that nobody changed in time;
    TooMany (with the minutes left) after too many failures.
    """
    by_name, by_address = _counters(username, address)
    for key in (by_name, by_address):
        _refuse_if_locked(key)
    for key in (by_name, by_address):
        _count(key)
    user = authenticate(username=username, password=password)
    if not isinstance(user, User):
        raise Unauthorised("The username or the password is wrong.")
    cache.delete(by_name)
    # Only this try is taken back: one's own password must not wipe out one's guesses at other people's.
    with suppress(ValueError):  # it expired meanwhile
        cache.decr(by_address)
    if one_time_over(user=user):
        raise Unauthorised(
            f"This one-time password was not changed within {ONE_TIME_DAYS} days, so it opens nothing any "
            "more. Ask an administrator for a new one."
        )
    return user


@transaction.atomic
def password_change(*, user: User, current: str, new: str, address: str) -> None:
    """Give a person a new password, chosen by them.

    Raises Invalid for a weak one and for the one they have, and what `login_check` raises.
    """
    login_check(username=user.username, password=current, address=address)
    if new == current:
        raise Invalid("This is the password you have. Choose another one.")
    try:
        validate_password(new, user=user)
    except ValidationError as error:
        raise Invalid(" ".join(error.messages)) from error
    user.set_password(new)
    user.must_choose_password = False
    user.save(update_fields=["password", "must_choose_password", "one_time_until"])
    audit_record(verb="user.password", obj=user, actor=user)


def _counters(username: str, address: str) -> tuple[str, str]:
    """Cache keys; hashed, because a name may hold anything and is nobody's business in Redis."""
    name = hashlib.sha256(username.casefold().encode()).hexdigest()
    network = hashlib.sha256(_network(address).encode()).hexdigest()
    return f"login:name:{name}", f"login:address:{network}"


def _network(address: str) -> str:
    """One IPv4 address, or the /64 that one IPv6 customer has."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network(f"{ip}/64", strict=False)) if ip.version == 6 else str(ip)


def _refuse_if_locked(key: str) -> None:
    until = cache.get(f"{key}:until")
    if until is not None:
        raise _locked(until)


def _count(key: str) -> None:
    seconds = settings.LOGIN_LOCKOUT_SECONDS
    cache.add(key, 0, timeout=seconds)
    try:
        tries = cache.incr(key)
    except ValueError:  # it expired between the two
        cache.set(key, 1, timeout=seconds)
        tries = 1
    if tries > settings.LOGIN_FAILURES_BEFORE_LOCKOUT:
        until = time.time() + seconds
        cache.add(f"{key}:until", until, timeout=seconds)
        cache.touch(key, timeout=seconds)
        raise _locked(until)


def _locked(until: float) -> TooMany:
    minutes = max(1, math.ceil((until - time.time()) / 60))
    unit = "minute" if minutes == 1 else "minutes"
    return TooMany(
        f"Too many failed sign-ins. Try again in {minutes} {unit}.",
        details={"retry_after_seconds": max(1, math.ceil(until - time.time()))},
    )
