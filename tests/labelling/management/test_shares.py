from hypothesis import given
from hypothesis import strategies as st

from labelling.formats.labels_csv import LabelRow, LabelTable
from labelling.management.shares import share_of

tables = st.lists(
    st.builds(LabelRow, st.integers(2, 99), st.text("ab", max_size=9), st.sampled_from("xyz")), unique=True
).map(lambda rows: LabelTable(tuple(rows)))


def of(table: LabelTable, label: str) -> int:
    return sum(row.label == label for row in table.rows)


@given(tables, st.floats(0, 1), st.integers(0, 9))
def test_each_class_keeps_its_share_in_order(table: LabelTable, share: float, seed: int) -> None:
    part = share_of(table, share=share, seed=seed)
    places = [table.rows.index(row) for row in part.rows]
    assert places == sorted(places)
    for label in "xyz":
        assert 0 <= of(part, label) - share * of(table, label) <= 1
    assert share_of(table, share=share, seed=seed) == part


@given(tables, st.integers(0, 9))
def test_a_larger_share_holds_the_smaller_one(table: LabelTable, seed: int) -> None:
    small, large = (set(share_of(table, share=share, seed=seed).rows) for share in (0.3, 0.7))
    assert small <= large


@given(tables)
def test_all_of_it_is_the_table_itself(table: LabelTable) -> None:
    assert share_of(table, share=1.0, seed=1) == table


def test_another_seed_takes_another_part() -> None:
    table = LabelTable(tuple(LabelRow(n, f"{n}.mp4", "x") for n in range(40)))
    assert share_of(table, share=0.5, seed=1) != share_of(table, share=0.5, seed=2)
