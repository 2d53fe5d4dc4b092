"""Counterfactual forecasts: from kept weights where these stand for a training, else from a training of now."""

import numpy as np
import pytest

from artifacts.files.series import DATASET, write_series
from artifacts.lineage.counterfactuals import Forecaster
from artifacts.lineage.forecast_change import explain_forecast, two_served
from artifacts.lineage.provenance import CannotExplain
from artifacts.store.store import Store
from rnn.series import Series

A, B = (f"2026010{day}T000000Z-{letter * 6}" for day, letter in ((1, "a"), (2, "b")))
WAVE = np.sin(np.arange(200) / 5) + np.random.default_rng(3).normal(0, 0.02, 200)


def test_each_side_made_again_is_the_served_forecast(operator):
    operator.serve(B, WAVE[:120], seed=1)
    old, new = sides = operator.provenances()
    forecaster = Forecaster(sides, lambda doing: None)
    assert forecaster.forecast(old.inputs) == old.forecast
    assert forecaster.forecast(new.inputs) == new.forecast
    assert forecaster.trainings == 0, "kept weights stand for both trainings"


def test_weights_of_other_code_do_not_stand_for_a_training(operator, tamper):
    operator.serve(B, WAVE[:120], seed=1)
    tamper(operator.folder / A, {"code/rnn": "0" * 64})
    change = operator.change()
    assert change.trainings == 1
    assert change.attribution.begins, "this code makes the same of it"


def test_data_that_do_not_fill_a_models_memory_are_one_line(operator):
    operator.serve(B, WAVE[:120], seed=1)
    short = Series(np.arange(100.0, 120), WAVE[100:120], 1.0)
    write_series(operator.folder / B / DATASET, short, {"source": "wave.csv"})
    with pytest.raises(CannotExplain, match="20 points in groups of 4"):
        operator.change()


def test_training_is_told_before_it_begins(operator):
    operator.serve(B, WAVE[:128], seed=1)
    store, told = Store(str(operator.folder)), []
    explain_forecast(store, *two_served(store, ()), tell=told.append)
    assert told == ["training with 4 points a group, seed 0"]
