import pytest

from rnn.readers.columns import Chosen
from rnn.readers.extra_rows import ExtraRows, Ragged, reads_like_words
from rnn.readers.problems import Problem

CHOSEN = Chosen("day", "sales", "", "")


def rows(*noted: tuple[int, str | None, str | None], repair: tuple[str, ...] = (), of: int = 100) -> tuple[list, int]:
    extra = ExtraRows(CHOSEN, repair)
    for record, time, value in noted:
        assert extra.takes(time)
        extra.note(record, time, value, [Problem("text", f"{time} is no time", 1, record, "day")])
    return [(p.kind, p.record, p.count) for p in extra.sorted(of, [])], extra.left_out


@pytest.mark.parametrize(
    ("noted", "found"),
    [
        ([(99, "Total", "5")], [("extra", 99, 1)]),
        ([(98, "a note", None), (99, None, None)], [("extra", 98, 2)]),
        ([(0, "(date)", "(EUR)")], [("extra", 0, 1)]),
        ([(40, "day", "sales"), (60, "day", "sales")], [("extra", 40, 2)]),
        ([(40, "Subtotal of May", "5")], [("extra", 40, 1)]),
        ([(40, "someday", "5")], [("text", 40, 1)]),
        ([(40, "Totally", "5")], [("text", 40, 1)]),
        ([(40, "someday", "5"), (99, "Total", "5")], [("extra", 99, 1), ("text", 40, 1)]),
        ([(98, "someday", "5")], [("text", 98, 1)]),
        ([(40, "city", "people")], [("second table", 40, 1)]),
        ([(98, "city", "people"), (99, "Rome", "3")], [("second table", 98, 1)]),
        ([(98, "Source", "the till"), (99, "Made", "by hand")], [("extra", 98, 2)]),
        ([], []),
    ],
)
def test_rows_without_a_time_are_sorted(noted, found):
    assert rows(*noted)[0] == found


def test_extra_rows_are_left_out_and_counted_when_that_is_asked_for():
    assert rows((40, "someday", "5"), (99, "Total", "5"), repair=("extra-rows",)) == ([("text", 40, 1)], 1)


def test_a_table_that_is_nothing_but_such_rows_has_each_once():
    assert rows((0, "a", None), (1, "b", None), of=2)[0] == [("extra", 0, 2)]


def test_a_number_that_is_no_time_is_no_word():
    assert not any(map(reads_like_words, ["2024-02-31", " 5", "-5", "'2024", 5, '="2024-01-01"']))
    assert all(map(reads_like_words, ["Total", "", None, "* note", "---"]))


@pytest.mark.parametrize(
    ("lines", "extra"),
    [
        ([["a", "b"], ["a note"]], True),
        ([["---+---"], ["a", "b"], ["(1 row)"]], True),
        ([["a", "b"], ["# broken"], ["a", "b"]], True),
        ([["a", "b"], ["broken"], ["a", "b"]], False),
        ([["a", "b"], ["2024-01"]], False),
        ([["a", "b"], ["2024", "5", ""]], False),
    ],
)
def test_rows_of_another_width_are_notes_at_the_ends_alone(lines, extra):
    ragged = Ragged(2)
    for line, row in enumerate(lines, 2):
        ragged.look(line, row)
    assert ragged.are_extra is extra
    assert ragged.is_settled is not extra
