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


INVOICES, PRODUCTS, YEARS = ["2024-001", "2024-002"], ["Set 01", "Set 02"], ["FY2001", "FY2002"]


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        (Columns(when=YEARS, half=["S1-2020"] * 2, v=NUMBERS), {"time_format": "FY%Y"}),
        (Columns(when=YEARS, half=["S1-2020"] * 2, v=NUMBERS), {}),
        (Columns(when=YEARS, item=PRODUCTS, v=NUMBERS), {"time_format": "FY%Y"}),
        (Columns(when=YEARS, item=PRODUCTS, v=NUMBERS), {}),
        (Columns(when=["2024年1月", "2024年2月"], number=INVOICES, v=NUMBERS), {"time_format": "%Y年%m月"}),
        (Columns(when=["Mrz-24", "Mai-24"], fiscal=["FY24", "FY24"], v=NUMBERS), {"time_format": "%b-%y"}),
        (Columns(when=["Jan-24", "Feb-24"], fiscal=["FY24", "FY24"], v=NUMBERS), {}),
        (Columns(when=["1990/91", "1991/92"], number=INVOICES, v=NUMBERS), {}),
    ],
)
def test_what_is_called_like_a_rare_time_does_not_hide_the_times(columns, said):
    assert chosen(columns, **said).time == "when"


def test_numbers_with_a_local_name_come_after_those_with_an_english_one():
    columns = Columns(period=["1", "2"], Datum=["200101", "200102"], v=NUMBERS)
    assert chosen(columns, value_column="v").time == "period"
    assert chosen(Columns(Datum=["200101", "200102"], v=NUMBERS), value_column="v").time == "Datum"


def test_numbers_of_invoices_are_no_days_of_a_year():
    with pytest.raises(BadSource, match="no column looks like times"):
        chosen(Columns(invoice=INVOICES, v=NUMBERS))
    assert chosen(Columns(day=INVOICES, v=NUMBERS)).time == "day"
    assert chosen(Columns(Tag=INVOICES, v=NUMBERS)).time == "Tag"


def test_a_format_that_is_none_chooses_no_column():
    with pytest.raises(BadSource, match="no column looks like times"):
        chosen(Columns(a=WORDS, v=NUMBERS), time_format="%")
