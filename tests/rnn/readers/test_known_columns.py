import numpy as np
import pandas as pd
import pytest

from rnn import Autoregressive, read_series
from rnn.readers.options import Source
from rnn.readers.problems import BadSource
from rnn.readers.read import read_series_file
from rnn.recipes import BadSetting

POINTS, AHEAD = 60, 14


@pytest.fixture
def write(tmp_path):
    """`write(change)`: the path of a file of sales, whose table `change` has changed before."""

    def written(change=lambda table: table, name="sales.csv") -> str:
        days = pd.date_range("2026-01-01", periods=POINTS + AHEAD)
        price = 1.0 + np.arange(len(days)) % 5
        table = pd.DataFrame({"day": days, "sales": 100 - price, "price": price, "promotion": days.day % 3})
        table.loc[POINTS:, "sales"] = np.nan
        path = tmp_path / name
        change(table).to_csv(path, index=False)
        return str(path)

    return written


def without(column, rows):
    def change(table):
        table[column] = table[column].astype(float)
        table.loc[rows, column] = np.nan
        return table

    return change


def test_rows_beyond_the_last_value_are_the_inputs(write):
    series = read_series(write(), known=["price", "promotion"])
    assert len(series) == POINTS
    assert series.known.names == ("price", "promotion")
    assert series.known.values.shape == (POINTS + AHEAD, 2)
    assert series.known.values[:6, 0].tolist() == [1, 2, 3, 4, 5, 1]
    assert read_series(write(), known="price", value="sales").known.names == ("price",)
    assert len(Autoregressive().fit(series).predict(AHEAD).mean) == AHEAD


def test_the_summary_says_how_far_and_is_as_it_was_without(write):
    _, _, found = read_series_file(Source(data=write(), value_column="sales", known_ahead=("price",)))
    assert found.ahead == AHEAD
    assert "Known ahead for 14 points: 'price' up to 2026-03-15 (line 75)." in found.sentences()
    whole = write(lambda table: table.iloc[:POINTS])
    _, _, plain = read_series_file(Source(data=whole, value_column="sales"))
    assert "ahead" not in plain.plain()


def test_a_value_to_come_unlike_all_before_is_told_and_kept(write):
    def mistyped(table):
        table.loc[POINTS + 4, "price"] = 3500
        return table

    series, _, found = read_series_file(
        Source(data=write(mistyped), value_column="sales", known_ahead=("price", "promotion"))
    )
    assert series.known.values[POINTS + 4, 0] == 3500
    told = "Check column 'price': 3500 at 2026-03-06 is far from all so far, 1 to 5, and the forecast goes by it."
    assert found.doubts == [told] == [line for line in found.sentences() if "Check" in line]
    assert found.plain()["doubts"] == [told]
    _, _, usual = read_series_file(Source(data=write(), value_column="sales", known_ahead=("price",)))
    assert "doubts" not in usual.plain()


def test_without_known_columns_the_same_rows_are_missing_values(write):
    with pytest.raises(BadSource, match="no value in the last 14 rows"):
        read_series(write(), value="sales")


def test_the_shortest_column_says_how_far(write):
    path = write(without("price", slice(POINTS + 5, None)))
    assert read_series(path, known=["price", "promotion"]).known.values.shape == (POINTS + 5, 2)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (without("price", slice(POINTS, None)), "line 61, column 'price': this is its last value, and the last of"),
        (without("price", slice(40, None)), "line 41, column 'price': .* 'sales' is later: it is not known ahead"),
        (without("price", slice(0, 4)), "line 7, column 'price': this is its first value, and 'sales' has earlier"),
        (without("price", slice(30, 30)), "line 32, column 'price': no value"),
        (without("price", slice(POINTS + 3, POINTS + 3)), "line 65, column 'price': no value"),
        (lambda table: table.assign(price=table["price"].astype(str).replace("3.0", "dear")), "'dear' is no number"),
        (lambda table: table.drop(index=range(POINTS + 2, POINTS + 6)), "4 steps are missing before this row"),
    ],
)
def test_what_is_not_known_ahead_is_refused_with_its_row(write, change, said):
    with pytest.raises(BadSource, match=said):
        read_series(write(change), known=["price", "promotion"])


def test_each_column_is_there_once_and_is_no_other(write):
    for known, said in ((["prise"], "no column 'prise'.* mend --known"), (["sales"], "cannot be known ahead and")):
        with pytest.raises(BadSource, match=said):
            read_series(write(), value="sales", known=known)
    with pytest.raises(BadSetting, match="names a column twice"):
        read_series(write(), known=["price", "price"])


def test_gaps_are_filled_where_that_is_asked_for_and_counted(write):
    source = Source(
        data=write(without("price", slice(30, 31))), value_column="sales", known_ahead=("price",), fill_gaps=2
    )
    series, _, found = read_series_file(source)
    assert found.repairs == {"points of 'price' filled:": 2}
    assert np.isfinite(series.known.values).all()


def test_what_is_held_back_is_forecast_with_its_inputs(write):
    series = read_series(write(), known=["price", "promotion"], hold_back=3)
    assert (len(series), len(series.known.values)) == (POINTS - 3, POINTS + AHEAD)


def test_numbers_for_times_and_folders_of_rows_by_condition(tmp_path):
    rows = [f"{t},{s},{'' if t > 30 else t % 7},{t % 2}" for t in range(36) for s in "AB"]
    (tmp_path / "two.csv").write_text("\n".join(["t,store,y,p", *rows]))
    series = read_series(str(tmp_path / "two.csv"), known=["p"], where=("store=B",))
    assert (len(series), series.known.values.shape) == (31, (36, 1))
    assert series.known.values[:3, 0].tolist() == [0, 1, 0]
