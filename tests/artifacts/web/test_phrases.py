import numpy as np
import pytest

from artifacts.web.phrases import count, finite, headline, moment, parse, tag


@pytest.mark.parametrize(
    ("ratio", "said"),
    [(0.03, "33.3 times better"), (0.00166, "602 times better"), (0.9, "a little better"), (1.0, "no better"),
     (2.0, "no better"), (0.0, "right"), (None, "not known")],
)  # fmt: skip
def test_the_headline_says_how_the_forecast_compares(ratio, said):
    assert said in headline("article", ratio, "persistence")


def test_the_headline_names_the_naive_forecast_and_says_when_to_use_it():
    assert headline("article", 0.25, "seasonal naive").endswith("4 times better than repeating the last season")
    for ratio in (1.0, np.inf, np.nan):
        assert headline("article", ratio, "persistence").endswith(
            "no better than repeating the last value: use 'persistence'"
        )
    assert "not known" in headline("article", None, None)


@pytest.mark.parametrize(("ratio", "mood"), [(0.99, "good"), (1.0, "bad"), (None, "")])
def test_the_outcome_is_good_only_when_better_than_naive(ratio, mood):
    assert tag(ratio)[1] == mood


def test_times_are_written_as_people_do():
    assert moment("2026-03-01T08:05:00+02:00") == "1 Mar 2026, 06:05"
    assert moment("some day") == "some day"
    assert parse("2026-03-01T08:05:00") == parse("2026-03-01T08:05:00+00:00")


@pytest.mark.parametrize("value", [None, "1", np.nan, np.inf, [1.0]])
def test_what_is_no_finite_number_is_none(value):
    assert finite(value) is None


def test_a_finite_number_is_itself():
    assert finite(3) == 3.0


def test_so_many_of_something_are_one_or_several():
    assert (count(1, "group"), count(2, "group"), count(0, "point")) == ("1 group", "2 groups", "0 points")
