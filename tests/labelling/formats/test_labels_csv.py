import os
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labelling.formats.labels_csv import LabelRow, LabelTable, NotATable, cleaned, read, write

ROOT = Path(__file__).resolve().parents[3]
SHARED = Path(os.environ.get("RUSHES_SHARED", ROOT.parent / "shared"))

names = st.text(max_size=40).map(cleaned)
some_names = names.map(lambda name: name or "x")
frames = st.one_of(
    st.just((None, None)),
    st.tuples(st.integers(0, 10**8), st.integers(1, 10**8)).map(lambda span: (span[0], span[0] + span[1])),
)


@st.composite
def rows(draw: st.DrawFn) -> LabelRow:
    start, end = draw(frames)
    return LabelRow(0, draw(some_names), draw(some_names), draw(names), draw(names), start, end)


def unnumbered(found: tuple[LabelRow, ...]) -> list[tuple[object, ...]]:
    return [(row.file, row.label, row.subject, row.camera, row.start, row.end) for row in found]


def only_sentence(text: str) -> str:
    table = read(text.encode())
    assert table.rows == ()
    (bad,) = table.bad
    return bad.sentence


@given(st.lists(rows(), max_size=8))
def test_what_is_written_is_read_back(written: list[LabelRow]) -> None:
    table = read(write(written).encode())
    assert unnumbered(table.rows) == unnumbered(tuple(written))
    assert (table.bad, table.ignored) == ((), ())
    assert [row.line for row in table.rows] == list(range(2, 2 + len(written)))


@given(st.lists(rows(), max_size=8))
def test_what_is_read_is_written_as_it_was(written: list[LabelRow]) -> None:
    text = write(written)
    assert write(read(text.encode()).rows) == text


@given(st.binary(max_size=200))
def test_any_bytes_are_read_line_by_line_or_refused(data: bytes) -> None:
    table = LabelTable()
    with suppress(NotATable):
        table = read(b"file,label,start,end\n" + data)
    assert all(row.file and row.label for row in table.rows)
    assert all(bad.sentence.startswith(f"Line {bad.line}") for bad in table.bad)


def test_only_file_and_label_must_be_there() -> None:
    assert read(b"file,label\na.mp4,walking\n").rows == (LabelRow(2, "a.mp4", "walking"),)


def test_columns_come_in_any_order_and_case() -> None:
    table = read(b"End,LABEL,Start,File\n9,walking,3,a.mp4\n")
    assert table.rows == (LabelRow(2, "a.mp4", "walking", start=3, end=9),)


def test_other_columns_are_named_and_left_alone() -> None:
    table = read(b"file,label,gender,view\na.mp4,walking,M,FCE\n")
    assert table.ignored == ("gender", "view")
    assert table.rows == (LabelRow(2, "a.mp4", "walking"),)


def test_cells_that_are_left_out_at_the_end_are_empty() -> None:
    assert read(b"file,label,subject\na.mp4,walking\n").rows == (LabelRow(2, "a.mp4", "walking"),)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_spreadsheets_part_cells_in_several_ways(delimiter: str) -> None:
    text = delimiter.join(("file", "label", "subject")) + "\r\n" + delimiter.join(("a.mp4", "on, off", "S1"))
    cell = '"on, off"' if delimiter == "," else "on, off"
    table = read(("\ufeff" + text.replace("on, off", cell)).encode())
    assert table.rows == (LabelRow(2, "a.mp4", "on, off", "S1"),)


def test_a_line_keeps_its_number_past_blank_lines_and_long_cells() -> None:
    table = read(b'file,label\n\n"a\nb.mp4",walking\n,,\nc.mp4,digging\n')
    assert [(row.line, row.file) for row in table.rows] == [(3, "a b.mp4"), (6, "c.mp4")]
    assert table.bad == ()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("a.mp4,", "Line 2 (a.mp4,): it names no label."),
        (",walking", "it names no file."),
        ("a.mp4,walking,3", "start and end go together"),
        ("a.mp4,walking,,9", "start and end go together"),
        ("a.mp4,walking,9,9", "the start 9 is not before the end 9"),
        ("a.mp4,walking,1.5,9", "its start is 1.5, which is not the number of a frame."),
        ("a.mp4,walking,-1,9", "its start is -1"),
        ("a.mp4,walking,1,9,x,y", "it has 6 values where the first line names 4 columns."),
        ("a.mp4," + "x" * 401, "its label is longer than 400 characters."),
        ('a.mp4,"walking"s', "it is no CSV"),
        ('a.mp4,"walking', "it is no CSV"),
    ],
)
def test_a_bad_line_names_itself_and_what_is_wrong(line: str, said: str) -> None:
    sentence = only_sentence(f"file,label,start,end\n{line}\n")
    assert sentence.startswith("Line 2")
    assert said in sentence


def test_a_bad_line_does_not_stop_the_others() -> None:
    table = read(b'file,label\na.mp4,walking\nb.mp4\n"c"d,digging\ne.mp4,digging\n')
    assert [row.file for row in table.rows] == ["a.mp4", "e.mp4"]
    assert [bad.line for bad in table.bad] == [3, 4]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", 'column "file" is missing'),
        (b"video,label\na.mp4,walking\n", 'column "file" is missing'),
        (b"file,action\na.mp4,walking\n", 'column "label" is missing'),
        (b"file,label,Label\na.mp4,walking,x\n", "the column label twice"),
        (b'file,"label\n', "first line of the file cannot be read"),
        (b"file,label\na.mp4,walking\n\xff\xfe,digging\n", "Line 3 is not UTF-8 text"),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_words(data: bytes, said: str) -> None:
    with pytest.raises(NotATable, match=said):
        read(data)


@pytest.mark.footage
@pytest.mark.skipif(not SHARED.is_dir(), reason="the real recordings are not beside the checkout")
@pytest.mark.parametrize(
    ("name", "count", "ignored"),
    [
        ("biisc_actions", 216, ("gender", "locomotion", "view")),
        ("ut_interaction", 47, ("sequence", "set")),
        ("cctv_fight", 44, ()),
    ],
)
def test_real_tables_are_read_whole(name: str, count: int, ignored: tuple[str, ...]) -> None:
    table = read((SHARED / "data" / name / "open" / "labels.csv").read_bytes())
    assert (len(table.rows), table.bad, table.ignored) == (count, (), ignored)
