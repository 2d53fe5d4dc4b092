import numpy as np
import pandas as pd
import pytest

from rnn.readers.options import Source
from rnn.readers.read import examine


@pytest.fixture
def problems(tmp_path):
    def found(text: str, **said):
        (tmp_path / "f.csv").write_text(text)
        return examine(Source(data=str(tmp_path / "f.csv"), **said)).problems

    return found


def rows(times, header="t,v") -> str:
    return f"{header}\n" + "".join(f"{str(time)[:19]},{k}\n" for k, time in enumerate(times))


def clock(zone: str, first: str, freq: str = "h", n: int = 200):
    return pd.date_range(first, periods=n, freq=freq, tz=zone).tz_localize(None)


@pytest.mark.parametrize(
    ("zone", "first"),
    [("Europe/Berlin", "2024-10-25"), ("Europe/London", "2024-03-29"), ("America/New_York", "2024-11-01"),
     ("Australia/Sydney", "2024-04-05")],
)  # fmt: skip
def test_clocks_that_change_are_known_by_the_zone_that_makes_the_times_even(problems, zone, first):
    (problem,) = problems(rows(clock(zone, first)))
    assert (problem.kind, problem.cure) == ("clocks", {"time_zone": zone})
    assert problems(rows(clock(zone, first)), time_zone=zone) == []


def test_a_missing_hour_is_no_change_of_clocks(problems):
    (problem,) = problems(rows(clock("UTC", "2024-01-01").delete(50)))
    assert problem.kind == "gap"


def test_one_time_that_is_off_is_a_mistake_and_no_jitter(problems):
    times = clock("UTC", "2024-01-01").to_series().reset_index(drop=True)
    times[50] += pd.Timedelta(minutes=9)
    assert [problem.kind for problem in problems(rows(times))] == ["uneven"]


def test_other_problems_stay_beside_the_cause(problems):
    text = rows(clock("Europe/Berlin", "2024-10-25")).replace(",7\n", ",seven\n")
    assert [problem.kind for problem in problems(text)] == ["text", "clocks"]


def test_a_row_twice_is_not_several_series(problems):
    text = "t,note,v\n" + "".join(f"{k},{'ab'[k % 2]},{k}\n" for k in [0, 1, 2, 2, 3, 4])
    assert [problem.kind for problem in problems(text, time_column=("t",))] == ["duplicate"]


def test_epochs_that_are_uneven_numbers_are_told_as_such(problems):
    months = pd.date_range("2020-01-01", periods=30, freq="MS").as_unit("s").asi8
    (problem,) = problems("ts,v\n" + "".join(f"{time},{k}\n" for k, time in enumerate(np.asarray(months))))
    assert problem.cure == {"time_format": "epoch_s"}


@pytest.mark.parametrize(("day", "told"), [("", True), (",day", False)])
def test_a_year_and_its_month_are_one_time_where_there_is_no_day_beside(problems, day, told):
    text = "".join(f"{2001 + k // 12},{k % 12 + 1}{',1' if day else ''},{k}\n" for k in range(36))
    found = problems(f"year,month{day},v\n{text}", time_column=("year",), value_column="v")
    assert any("column 'month' has the month" in problem.what for problem in found) == told
