import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from rnn.datasets.xsinx import generate
from rnn.experiment import AskedTask, Experiment, HorizonTooLong, Task
from rnn.forecast import grid
from rnn.random_streams import stream
from rnn.readers.options import Source
from rnn.series import group

EXPERIMENTS = st.builds(
    Experiment,
    points=st.integers(40, 300),
    step=st.sampled_from([0.01, 0.05, 0.3]),
    noise=st.sampled_from([0.0, 0.01, 2.0]),
    group_size=st.integers(1, 8),
    horizon=st.integers(1, 25),
    grid=st.sampled_from(["text", "code"]),
)


def test_by_default_it_is_the_articles():
    made = Experiment().series(0)
    assert len(made) == 600
    np.testing.assert_allclose(made.x[[0, -1]], [0.01, 6.0])
    assert Experiment().groups(0).y.shape == (100, 6, 1)
    ahead = Experiment().ahead(Experiment().groups(0))
    assert ahead.shape == (20, 6)
    np.testing.assert_allclose([ahead[0, 0], ahead[-1, -1]], [6.01, 7.2])


@given(EXPERIMENTS, st.integers(0, 2**40))
def test_series_and_groups_are_those_of_its_fields_and_of_the_seed_alone(experiment, seed):
    series = generate(experiment.points, experiment.step, experiment.noise, stream(seed, "noise"))
    made, again = experiment.series(seed), experiment.series(seed)
    np.testing.assert_array_equal(made.y, series.y)
    np.testing.assert_array_equal(made.x, again.x)
    np.testing.assert_array_equal(made.y, again.y)
    groups, expected = experiment.groups(seed), group(series, experiment.group_size)
    np.testing.assert_array_equal(groups.x, expected.x)
    np.testing.assert_array_equal(groups.y, expected.y)


def test_another_seed_is_another_noise_on_the_same_x():
    one, other = Experiment().series(1), Experiment().series(2)
    np.testing.assert_array_equal(one.x, other.x)
    assert not np.any(one.y == other.y)


@given(EXPERIMENTS, st.integers(0, 5))
def test_the_forecast_begins_one_step_behind_the_data_on_the_grid_asked_for(experiment, seed):
    groups = experiment.groups(seed)
    ahead, last = experiment.ahead(groups), experiment.series(seed).x[-1]
    assert ahead.shape == (experiment.horizon, experiment.group_size)
    np.testing.assert_allclose(ahead[0, 0], last + experiment.step, rtol=1e-12)
    expected = grid(experiment.grid, last, groups.step, experiment.group_size, experiment.horizon)
    np.testing.assert_array_equal(ahead, expected)


@pytest.mark.parametrize(
    "values",
    [{"points": 0}, {"points": 10**8}, {"step": 0}, {"step": "nan"}, {"noise": -1}, {"noise": "inf"}, {"horizon": 0},
     {"group_size": 0}, {"grid": "other"}, {"seed": 3}],
    ids=str,
)  # fmt: skip
def test_values_out_of_bounds_and_unknown_fields_are_refused_by_name(values):
    with pytest.raises(ValidationError) as refused:
        Experiment.model_validate(values)
    assert [error["loc"] for error in refused.value.errors()] == [tuple(values)]


def test_it_does_not_change_and_survives_json():
    experiment = Experiment(points=90, step=0.07, grid="code")
    with pytest.raises(ValidationError, match="frozen"):
        experiment.points = 5
    assert Experiment.model_validate(json.loads(json.dumps(experiment.model_dump(mode="json")))) == experiment


class OnAFile(AskedTask, Source):
    """As a flow has it."""


def test_without_a_file_what_is_not_asked_for_is_the_articles():
    assert OnAFile().task == Task() == Task(group_size=6, horizon=20)
    assert OnAFile(horizon=3).task == Task(group_size=6, horizon=3)
    assert OnAFile(group_size=None, horizon=None).task == Task()


def test_of_a_file_it_is_not_known_until_it_is_chosen():
    asked = OnAFile(data="sales.csv", horizon=3)
    assert (asked.group_size, asked.horizon) == (None, 3)
    assert asked.asking(Task(group_size=7, horizon=3)).model_dump() == {**asked.model_dump(), "group_size": 7}
    assert OnAFile.model_validate(json.loads(asked.model_dump_json())) == asked


@pytest.mark.parametrize("wrong", [{"group_size": 0}, {"horizon": 10**6}, {"horizon": "1x"}], ids=str)
def test_of_a_file_too_a_task_has_bounds(wrong):
    with pytest.raises(ValidationError):
        OnAFile(data="sales.csv", **wrong)


def test_more_than_is_known_is_not_forecast():
    Task(group_size=6, horizon=20).check_horizon(120)
    with pytest.raises(
        HorizonTooLong, match=r"120 points, is more than the 119 points that are known: .* most 24 points, a quarter"
    ):
        Task(group_size=6, horizon=20).check_horizon(119)
