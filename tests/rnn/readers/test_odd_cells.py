import pyarrow as pa
import pytest

from rnn.readers.odd_cells import advice, is_written_as, spelled_format, texts


@pytest.mark.parametrize(
    ("cells", "form"),
    [
        (["Mon 01.01.2024", "Tue 02.01.2024"], "%a %d.%m.%Y"),
        (["Mon, 01 Jan 2024 00:00:00 +0100"], "%a, %d %b %Y %H:%M:%S %z"),
        (["31.01.24", "01.02.24"], "%d.%m.%y"),
        (["31/01/24", "01/02/24"], "%d/%m/%y"),
        (["01/02/24", "03/04/24"], None),
        (["24/01/30", "24/01/31", "24/02/01"], "%y/%m/%d"),
        (["30-01-24", "31-01-24", "01-02-24"], "%d-%m-%y"),
        (["1/30/24 0:00", "1/30/24 1:00"], "%m/%d/%y %H:%M"),
        (["FY20", "FY21"], "FY%y"),
        (["Mai-19", "Dez-19", "Mrz-20"], "%b-%y"),
        (["Total", "five"], None),
        (["n/a", ""], None),
        ([], None),
    ],
)
def test_a_format_is_offered_where_one_alone_fits(cells, form):
    assert spelled_format(cells) == form


def test_in_english_what_products_are_called_by_too_is_no_time():
    assert spelled_format(["Set 24", "Set 25"]) == "%b %y"
    assert spelled_format(["Set 24", "Set 25"], english=True) is None
    assert spelled_format(["FY24"], english=True) is None
    assert spelled_format(["Sep 24", "Oct 24"], english=True) == "%b %y"


def test_most_cells_are_written_in_a_format_or_not():
    assert is_written_as("%d %B %Y", ["1 Mai 2024", "1 mars 2024", ""])
    assert not is_written_as("%d %B %Y", ["1 Mai 2024", "else"])
    assert not is_written_as("%d %B %Y", [])
    assert not is_written_as("%", ["%"])


@pytest.mark.parametrize(
    ("cells", "word"),
    [
        (["'5", "'6"], "quotation marks"),
        (['="5"'], "formula"),
        (["2024-01-01 - 2024-01-07"], "spans of time"),
        (["1,5", "2.5"], "decimal comma (1,5)"),
        (["5k", "6k"], "in full"),
        (["5 %", "6 %", "0"], "as '5 %', others as '0'"),
        (["5 USD", "5 USD", "7 EUR"], "as '5 USD', others as '7 EUR'"),
        (["5 USD", "6 USD"], ""),
        (["5", "6", "seven kWh"], ""),
        (["five"], ""),
        (["2024-01-01"], ""),
        (["1,5", "2,5"], ""),
        ([], ""),
    ],
)
def test_odd_cells_are_explained(cells, word):
    assert word in advice(cells)
    assert bool(advice(cells)) == bool(word)


def test_the_first_cells_as_text():
    assert texts(pa.array(["a", None])) == ["a"]
