import pyarrow as pa
import pytest

from rnn.readers.month_names import ENGLISH, MONTHS, english_format, in_english, name_a_month


def english(*cells: str | None, full: bool = False) -> list[str | None]:
    return in_english(pa.array(cells, pa.string()), full).to_pylist()


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("Januar 2020", "Jan 2020"),
        ("Jan. 2020", "Jan 2020"),
        ("Mrz 2020", "Mar 2020"),
        ("März-2020", "Mar-2020"),
        ("5. Mai 2021", "5 May 2021"),
        ("05. Okt. 2021 12:30", "05 Oct 2021 12:30"),
        ("1er janvier 2020", "1 Jan 2020"),
        ("FÉVRIER 2020", "Feb 2020"),
        ("5 de enero de 2020", "5 Jan 2020"),
        ("15 d’agost de 2020", "15 Aug 2020"),
        ("Январь 2019 г.", "Jan 2019"),
        ("15-мая-2024", "15-May-2024"),
        ("2020. január 5.", "2020 Jan 5"),
        ("5 Ağustos 2020", "5 Aug 2020"),
        ("Sept. 2020", "Sep 2020"),
        ("June 2020", "Jun 2020"),
        ("Mai-19", "May-19"),
    ],
)
def test_months_are_put_into_english_and_the_rest_is_left(cell, said):
    assert english(cell) == [said]


def test_what_names_no_month_or_says_more_is_left_out():
    assert english("soon 2020", "Januar oder Mai 2020", "2020-01-01", "", None) == [None] * 5


def test_months_are_said_in_full_where_a_format_has_them_so():
    assert english("mai 2020", "dic 2020", full=True) == ["May 2020", "December 2020"]


def test_formats_lose_what_the_cells_lose():
    assert english_format("%d. %B %Y") == "%d %B %Y"
    assert english_format("%d de %B de %Y") == "%d %B %Y"
    assert english_format("%b. %Y") == "%b %Y"


def test_every_language_has_twelve_months_and_no_name_means_two_of_them():
    from rnn.readers import month_names

    seen: dict[str, int] = {}
    for language in month_names._NAMES:
        months = language.split(" ")
        assert len(months) == len(ENGLISH) == 12
        for number, names in enumerate(months, 1):
            for name in names.split("|"):
                assert seen.setdefault(month_names._folded(name), number) == number, name
    assert seen == MONTHS


def test_some_cells_name_a_month_or_none():
    assert name_a_month(["x", "5. Mai 2021"])
    assert not name_a_month(["2021-05-01", "Mai und Juni 2021", "Total"])
    assert not name_a_month([])
