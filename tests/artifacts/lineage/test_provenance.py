"""What a served forecast was made from, read from its run and its model's; and what is gone, in one line."""

import numpy as np
import pytest

from artifacts.files.forecasts import FORECAST
from artifacts.files.series import DATASET
from artifacts.lineage.provenance import CannotExplain, kept_weights
from rnn.calendar import Calendar
from rnn.errors import WavecastError

A, B, C = (f"2026010{day}T000000Z-{letter * 6}" for day, letter in ((1, "a"), (2, "b"), (3, "c")))
WAVE = np.sin(np.arange(200) / 5) + np.random.default_rng(3).normal(0, 0.02, 200)


def test_a_forecast_comes_from_its_own_data_and_the_model_of_its_champion(operator):
    operator.serve(B, WAVE[:128], by=A)
    _, served = operator.provenances()
    assert (served.served.run.name, served.model.name) == (B, A)
    assert np.array_equal(served.inputs.known.series.y, WAVE[:128])
    assert np.array_equal(served.inputs.training.known.series.y, WAVE[:120]), "its model has learned from these"
    assert repr(kept_weights(served.model)) == repr(operator.trained[A])


def test_a_naive_method_has_learned_from_nothing(operator):
    operator.serve(B, WAVE[:120], method="persistence")
    _, served = operator.provenances()
    assert (served.inputs.training.method, served.inputs.training.known) == ("persistence", None)


@pytest.mark.parametrize(("calendar", "shown"), [(None, "128"), (Calendar("D", "2026-01-01"), "2026-05-09")])
def test_each_moment_has_what_is_forecast_and_how_it_is_shown(operator, calendar, shown):
    operator.serve(B, WAVE[:128], calendar=calendar)
    _, served = operator.provenances()
    assert served.forecast.keys() == served.shown.keys()
    assert served.shown[min(served.forecast)] == shown


@pytest.mark.parametrize(
    ("lost", "says"),
    [(DATASET, "its dataset.parquet cannot be read: there is no such file"), (FORECAST, "its forecast or its settings"),
     ("models/autoregressive/final.npz", "no such file"), ("manifest.json", "no forecast before")],
)  # fmt: skip
def test_what_is_gone_is_one_line(operator, lost, says):
    operator.serve(B, WAVE[:120], seed=1)
    (operator.folder / A / lost).unlink()
    with pytest.raises(WavecastError, match=says) as raised:
        operator.change()
    assert "\n" not in str(raised.value)


def test_a_model_whose_run_is_gone_is_one_line(operator):
    operator.serve(B, WAVE[:124], by=A)
    operator.serve(C, WAVE[:128], by=A)
    (operator.folder / A / "manifest.json").unlink()
    with pytest.raises(CannotExplain, match=f"forecast of {A}, which is no run folder"):
        operator.change()
