"""The task for a file: what the user asks, else the champion's, else what suits the series."""

from dataclasses import replace

import pytest

from rnn.calendar import Calendar
from rnn.errors import SeriesTooShort
from rnn.experiment import AskedTask, HorizonTooLong, Task
from rnn.known_inputs import NotKnownAhead
from rnn.readers.options import Source
from rnn.readers.summary import FileSummary
from rnn.task_choice import choose, plan_for

DAILY = FileSummary(
    file="sales.csv", kind="CSV", rows=730, columns=("day", "sold"), time_column="day", value_column="sold",
    time_how="the only one", value_how="the only one", spacing="every day", first="2024-01-01", last="2025-12-30",
    points=730, period=7, gaps=0, repairs={},
)  # fmt: skip


class Asked(AskedTask, Source):
    """As a flow has it."""


def asked(**given) -> Asked:
    return Asked(data="sales.csv", **given)


def test_what_suits_daily_sales_is_whole_weeks_and_not_the_articles_six():
    task, why = choose(DAILY, asked())
    plan = plan_for(DAILY)
    assert task == Task(group_size=plan.group_size, horizon=plan.horizon)
    assert task.group_size == 7
    assert why == "Group size 7: a season of 7 is whole groups. Horizon 7 points: one season."


def test_a_horizon_that_is_no_whole_season_does_not_say_that_it_is_one():
    short = plan_for(replace(DAILY, points=210))
    assert (short.group_size, short.points) == (5, 10)
    assert short.why[0].startswith("Group size 5: of larger ones there would be fewer than 40,")
    assert short.why[1] == "Horizon 10 points: a season of 7 in whole groups."


def test_what_is_asked_for_wins_and_needs_no_reason():
    assert choose(DAILY, asked(group_size=5, horizon=9)) == (Task(group_size=5, horizon=9), "")


def test_one_that_is_asked_for_is_kept_beside_what_suits_the_file():
    assert choose(DAILY, asked(horizon=4)) == (
        Task(group_size=7, horizon=4),
        "Group size 7: a season of 7 is whole groups.",
    )
    monthly = replace(DAILY, period=12)  # 2 groups of 6
    task, why = choose(monthly, asked(group_size=4))
    assert task == Task(group_size=4, horizon=3)
    assert "12 points suit the file" in why


def test_a_champion_keeps_its_task_unless_another_is_asked_for():
    champions = Task(group_size=14, horizon=2)
    task, why = choose(DAILY, asked(), champions)
    assert task == champions
    assert why == "Group size 14 and horizon 28 points, as the champion has them."
    assert choose(DAILY, asked(horizon=3), champions)[0] == Task(group_size=14, horizon=3)
    assert choose(DAILY, asked(group_size=5, horizon=3), champions)[0] == Task(group_size=5, horizon=3)


def test_a_horizon_beyond_what_is_known_is_refused():
    with pytest.raises(HorizonTooLong, match="in groups of 7, 840 points, is more than the 730 points that are known"):
        choose(DAILY, asked(horizon=120))


@pytest.mark.parametrize(
    ("said", "size", "groups", "why"),
    [
        ("14", None, 2, ""), ("14", 7, 2, ""),
        ("10", 7, 2, "Horizon 10 points, rounded up to 2 groups of 7, 14 points."),
        ("2w", 7, 2, "Horizon 2 weeks: 14 points."),
        ("6 months", 7, 26, "Horizon 6 months: 182 points."),
        ("36h", 7, 1, "Horizon 36 hours: 2 points, rounded up to 1 group of 7, 7 points."),
    ],
)  # fmt: skip
def test_a_horizon_in_observations_or_time_is_rounded_up_to_whole_groups(said, size, groups, why):
    task, told = choose(DAILY, asked(horizon=said, group_size=size), calendar=Calendar("D", "2024-01-01"))
    assert task == Task(group_size=7, horizon=groups)
    assert told == (why if size else "Group size 7: a season of 7 is whole groups.")


def test_a_time_goes_by_the_champions_groups():
    task, why = choose(DAILY, asked(horizon="14"), Task(group_size=4, horizon=2))
    assert task == Task(group_size=4, horizon=4)
    assert why.startswith("Group size 4, as the champion has it. Horizon 14 points, rounded up to 4 groups")


@pytest.mark.parametrize("said", ["731", "3 years", "9999999 years"])
def test_a_time_beyond_what_is_known_is_refused_as_it_was_said(said):
    with pytest.raises(HorizonTooLong, match=f"--horizon {said}.* is more than the 730 points"):
        choose(DAILY, asked(horizon=said), calendar=Calendar("D", "2024-01-01"))


def test_a_series_that_nothing_suits_is_refused():
    with pytest.raises(SeriesTooShort, match=r"sales\.csv: 5 points are too few to learn from"):
        choose(replace(DAILY, points=5), asked())


def test_nothing_is_forecast_beyond_what_is_known_ahead():
    short = replace(DAILY, ahead=5, ends={"price": "2026-01-04 (line 736)"})
    assert choose(short, asked())[0] == Task(group_size=5, horizon=1)
    assert choose(replace(DAILY, ahead=16), asked(group_size=5))[0] == Task(group_size=5, horizon=1)
    with pytest.raises(NotKnownAhead, match=r"ends 5 points after the last value \(column 'price' at .* \(line 736\)"):
        choose(short, asked(group_size=2, horizon=3))
    with pytest.raises(NotKnownAhead, match="give --group-size 5 --horizon 5"):
        choose(short, asked(), Task(group_size=7, horizon=1))
