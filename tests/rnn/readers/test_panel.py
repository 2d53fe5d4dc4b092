import pytest

from rnn.readers.columns import Chosen
from rnn.readers.options import Source
from rnn.readers.panel import clock_column, panel_of
from rnn.readers.tables import open_table

CHOSEN = Chosen("day", "v", "", "")


@pytest.fixture
def table(tmp_path):
    def made(header: str, *rows: str):
        (tmp_path / "f.csv").write_text("\n".join([header, *rows]) + "\n")
        return open_table(Source(data=str(tmp_path / "f.csv")))

    return made


def test_the_column_that_tells_rows_of_one_time_apart(table):
    rows = [f"2024-01-0{k},{shop},note{k},{k}" for k in range(1, 7) for shop in "AB"]
    panel = panel_of(table("day,shop,note,v", *rows), CHOSEN)
    assert (panel.columns, panel.series, panel.first) == (("shop",), 2, (("A",), ("B",)))
    assert panel.problem(3, "day").remedy == "read one of them with --where shop=A"


def test_two_columns_may_do_it_together(table):
    rows = [f"2024-01-0{k},{s},{i},{k}" for k in range(1, 7) for s in "AB" for i in "xy"]
    panel = panel_of(table("day,shop,item,v", *rows), CHOSEN)
    assert (panel.columns, panel.series) == (("shop", "item"), 4)
    assert "--where shop=A item=x" in panel.problem(3, "day").remedy


def test_where_no_column_does_there_is_no_panel(table):
    rows = ["2024-01-01,A,1", "2024-01-01,A,2", "2024-01-02,B,3", "2024-01-03,B,3"]
    assert panel_of(table("day,shop,v", *rows), CHOSEN) is None
    assert panel_of(table("day,v", "2024-01-01,1", "2024-01-01,2"), CHOSEN) is None


def test_times_of_day_are_found(table):
    assert clock_column(table("day,at,v", "2024-01-01,00:00,1", "2024-01-01,01:00,2"), CHOSEN) == "at"
    assert clock_column(table("day,at,v", "2024-01-01,x,1", "2024-01-01,01:00,2"), CHOSEN) is None
