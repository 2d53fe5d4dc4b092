import pyarrow as pa
import pytest

from rnn.readers.affixes import Affixes, affix_of, affixes_of, bare, bare_cell


@pytest.mark.parametrize(
    ("cells", "affixes"),
    [
        (["5", "6.5", "-7", "1e5"], ("", "")),
        (["$5", "-$6", "$-7"], ("$", "")),
        (["5 €", "6,50€"], ("€", "")),
        (["EUR 5", "EUR 6"], ("EUR", "")),
        (["5kr", "6 kr"], ("kr", "")),
        (["5 kWh", "6 kWh"], ("kWh", "")),
        (["5%", "6 %"], ("%", "")),
        (["(5)", "6"], ("", "()")),
        (["($5)", "$6", "$(7)"], ("$", "()")),
        (["5-", "6"], ("", "-")),
        (["−5", "6"], ("", "−")),
        (["–5", "6"], ("", "−")),
        (["- 5", "6"], ("", "_")),
        (["– 5", "6"], ("", "−_")),
        (["5%", "6"], ("", "")),
        (["$5", "€6"], ("", "")),
        (["5k", "6k"], ("", "")),
        (["S1", "S2"], ("", "")),
        (["2024-01-01"], ("", "")),
        (["-(5)", "(6"], ("", "")),
        (["9" * 1000], ("", "")),
        ([], ("", "")),
    ],
)
def test_what_stands_around_is_known_where_all_have_it(cells, affixes):
    assert affixes_of(cells) == affixes


@pytest.mark.parametrize(
    ("cell", "affixes", "number"),
    [
        ("-$5", Affixes("$"), "-5"),
        ("$-5", Affixes("$"), "-5"),
        ("($1,234.50)", Affixes("$", "()"), "-1,234.50"),
        ("$(5)", Affixes("$", "()"), "-5"),
        ("(5 €)", Affixes("€", "()"), "-5"),
        ("5,50 €-", Affixes("€", "-"), "-5,50"),
        ("−5", Affixes("", "−"), "-5"),
        ("–5", Affixes("", "−"), "-5"),
        ("- 5", Affixes("", "_"), "-5"),
        ("– 5", Affixes("", "−_"), "-5"),
        ("5 - 6", Affixes("", "_"), "5 - 6"),
        ("(5)", Affixes(), "(5)"),
        ("5", Affixes("%"), "5!"),
        ("6%", Affixes("%"), "6"),
        ("n/a", Affixes("%"), "n/a"),
        ("(-5)", Affixes("", "()"), "(-5)"),
    ],
)
def test_a_cell_without_what_is_around_it(cell, affixes, number):
    assert bare_cell(cell, affixes) == number


def test_missing_cells_stay_missing():
    assert bare(pa.array(["5%", None, ""]), Affixes("%")).to_pylist() == ["5", None, ""]


def test_one_cells_affix():
    assert (affix_of(" 5 % "), affix_of("5"), affix_of("five %")) == ("%", "", None)


def test_it_is_described():
    assert Affixes("%", "()-").sentence == (
        ", numbers with '%', negative numbers in parentheses or with the minus behind them"
    )
    assert Affixes().sentence == ""
