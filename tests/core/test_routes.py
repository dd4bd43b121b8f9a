"""Every route by every role, and against other projects' objects. The rows are in tests/<app>/routes.py."""

from collections import Counter

import pytest

from tests.core.route_matrix import Case, call, cases, operations, routes


def test_every_route_has_a_row_and_every_row_a_route() -> None:
    in_schema, in_table = {operation.name for operation in operations()}, set(routes())
    assert in_schema - in_table == set(), "routes without a row in tests/<app>/routes.py"
    assert in_table - in_schema == set(), "rows without a route"


def test_a_name_means_one_operation() -> None:
    names = Counter(operation.name for operation in operations() if operation.method != "HEAD")
    assert [name for name, times in names.items() if times > 1] == []


def test_every_route_names_who_may_call_it() -> None:
    assert [operation.name for operation in operations() if not operation.guarded] == ["health"]


@pytest.mark.usefixtures("fresh_cache")
@pytest.mark.django_db
@pytest.mark.parametrize("case", list(cases()), ids=str)
def test_who_may_call_what(case: Case) -> None:
    assert call(case) in case.expected
