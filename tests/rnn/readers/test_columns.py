import pyarrow as pa
import pytest

from rnn.readers.columns import choose, kind_of
from rnn.readers.options import Source
from rnn.readers.problems import BadSource


class Columns:
    """A table of text columns, as far as choosing looks at it."""

    decimal = "."

    def __init__(self, **columns: list) -> None:
        self.sample = {name.replace("_", " "): pa.array(cells) for name, cells in columns.items()}


DATES, NUMBERS, WORDS = ["2024-01-01", "2024-01-02"], ["1", "2"], ["a", "b"]


def chosen(columns: Columns, **said):
    return choose("file", columns, Source(data="file", **said))


def test_the_only_ones_that_can_be_are_taken_and_why_is_told():
    found = chosen(Columns(when=DATES, what=NUMBERS, note=WORDS))
    assert (found.time, found.value) == ("when", "what")
    assert "only one with dates" in found.time_how
    assert "only other one with numbers" in found.value_how


def test_a_column_of_numbers_is_the_times_by_its_name():
    assert chosen(Columns(Time=NUMBERS, load=NUMBERS)).time == "Time"


def test_what_is_given_is_taken():
    found = chosen(Columns(a=NUMBERS, b=NUMBERS, c=NUMBERS), time_column="c", value_column="a")
    assert (found.time, found.value, found.time_how) == ("c", "a", "as given")


def test_a_value_column_is_not_the_times():
    assert chosen(Columns(x=NUMBERS, t=NUMBERS), value_column="x").time == "t"


@pytest.mark.parametrize(
    ("columns", "said", "words"),
    [
        (Columns(a=NUMBERS, b=NUMBERS), {}, ["'a', 'b'", "--time-column"]),
        (Columns(a=DATES, b=DATES, c=NUMBERS), {}, ["'a', 'b'", "--time-column"]),
        (Columns(t=DATES, b=NUMBERS, c=NUMBERS), {}, ["'b', 'c'", "--value-column"]),
        (Columns(t=DATES, b=WORDS), {}, ["'b'", "--value-column"]),
        (Columns(t=DATES, b=NUMBERS), {"value_column": "y"}, ["'y'", "'t', 'b'"]),
        (Columns(t=DATES, b=NUMBERS), {"time_column": "b", "value_column": "b"}, ["both"]),
        (Columns(t=DATES), {}, ["only one column"]),
    ],
)
def test_a_doubt_is_told_with_the_names(columns, said, words):
    with pytest.raises(BadSource) as told:
        chosen(columns, **said)
    assert all(word in str(told.value) for word in words)


def test_a_few_mistakes_do_not_change_what_a_column_is():
    assert kind_of(pa.array([*"123456789", "x"]), ".") == "number"
    assert kind_of(pa.array(["1", "x"]), ".") == "text"
    assert kind_of(pa.array([True]), ".") == "bool"
    assert kind_of(pa.array([], pa.date32()), ".") == "time"
