"""Sweeps: which trials there are, in which blocks, and that what comes of one depends on itself alone."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from rnn.datasets.xsinx import curve
from rnn.elman import kernels
from rnn.elman.kernels import Exact, Stacked
from rnn.elman.network import ElmanNetwork, forecast
from rnn.elman.training import train
from rnn.evaluation.sweep import (
    MOST_TRIALS,
    Outcome,
    SweepTooLarge,
    Trial,
    count_trials,
    in_blocks,
    leaderboard,
    run_trials,
    trials,
)
from rnn.experiment import Experiment
from rnn.metrics import fit_rmse, rmse
from rnn.random_streams import stream
from rnn.recipes import ArticleRecipe, UntunedRecipe

COMPILED = kernels.load_compiled()
NEEDS_NUMBA = pytest.mark.skipif(COMPILED is None, reason="the compiled kernel needs the optional extra 'fast': Numba")
KERNELS = [Exact, Stacked, pytest.param(COMPILED, marks=NEEDS_NUMBA, id="Compiled")]

SMALL = Experiment(points=90, step=0.05, horizon=4)
BASE = ArticleRecipe(epochs=4, hidden=5)
LONGER = ArticleRecipe(epochs=11, hidden=5)

OVERS = st.fixed_dictionaries(
    {"lr": st.lists(st.sampled_from([0.001, 0.002, 0.01, 0.02, 0.5]), min_size=1, max_size=3, unique=True)},
    optional={
        "hidden": st.lists(st.integers(1, 6), min_size=1, max_size=3, unique=True),
        "window": st.lists(st.integers(1, 6), min_size=1, max_size=2, unique=True),
        "rule": st.just(["earliest", "bptt"]),
        "epochs": st.lists(st.integers(1, 4), min_size=1, max_size=2, unique=True),
    },
)
SEEDS = st.lists(st.integers(0, 99), min_size=1, max_size=4, unique=True)

# Which trials there are.


class Endless:
    """As long as it says, and nothing to look at in it."""

    def __init__(self, length):
        self.length = length

    def __len__(self):
        return self.length

    def __iter__(self):
        pytest.fail("counting needs no look at the values")

    __getitem__ = __iter__


@given(OVERS, SEEDS)
def test_there_is_a_trial_for_every_combination_in_order_the_seeds_fastest(over, seeds):
    made = trials(BASE, over, seeds)
    assert len(made) == count_trials(over, len(seeds))
    expected = list(product(*over.values(), seeds))
    assert [(*(getattr(trial.recipe, name) for name in over), trial.seed) for trial in made] == expected
    fixed = set(ArticleRecipe.model_fields) - set(over)
    assert all(getattr(trial.recipe, name) == getattr(BASE, name) for trial in made for name in fixed)


def test_a_trial_has_the_kind_of_recipe_that_is_varied():
    (one,) = trials(UntunedRecipe(epochs=7), {"lr": [0.25]}, [3])
    assert one == Trial(UntunedRecipe(epochs=7, lr=0.25), 3)
    assert type(one.recipe) is UntunedRecipe


def test_nothing_varied_is_the_recipe_itself_with_every_seed():
    assert trials(BASE, {}, range(3)) == [Trial(BASE, seed) for seed in range(3)]


@pytest.mark.parametrize(
    ("over", "field"), [({"lrr": [1]}, "lrr"), ({"lr": [0.1, -1]}, "lr"), ({"hidden": [0]}, "hidden")]
)
def test_a_field_or_value_that_the_recipe_does_not_take_is_refused_by_name(over, field):
    with pytest.raises(ValidationError) as refused:
        trials(BASE, over, [0])
    assert [error["loc"] for error in refused.value.errors()] == [(field,)]


@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=3), st.integers(1, 10**9))
def test_a_grid_is_counted_without_being_made(sizes, seeds):
    over = {f"field {i}": Endless(size) for i, size in enumerate(sizes)}
    count = seeds
    for size in sizes:
        count *= size
    if count <= MOST_TRIALS:
        assert count_trials(over, seeds) == count
        return
    with pytest.raises(SweepTooLarge) as refused:
        count_trials(over, seeds)
    message = str(refused.value)
    assert "\n" not in message
    for word in (
        f"are {count} trials",
        str(MOST_TRIALS),
        f"{seeds} seeds",
        *(f"{n} field {i}" for i, n in enumerate(sizes)),
    ):
        assert word in message


@pytest.mark.parametrize(("most", "refused"), [(MOST_TRIALS, False), (MOST_TRIALS + 1, True)])
def test_the_most_are_still_taken(most, refused):
    try:
        assert count_trials({"lr": range(most)}, 1) == most
    except SweepTooLarge:
        assert refused
    else:
        assert not refused


def test_a_grid_of_a_billion_is_refused_with_its_size_before_it_is_made(monkeypatch):
    monkeypatch.setattr("rnn.evaluation.sweep.product", lambda *_: pytest.fail("the grid is made"))
    over = {"lr": range(1000), "hidden": range(1000), "window": range(100)}
    with pytest.raises(SweepTooLarge, match="1000 lr × 1000 hidden × 100 window × 10 seeds are 1000000000 trials"):
        trials(BASE, over, range(10))


# In which blocks.


@given(OVERS, SEEDS, st.integers(1, 9), st.randoms())
def test_blocks_hold_every_trial_once_and_only_what_differs_in_learning_rate_and_seed(over, seeds, size, random):
    every = trials(BASE, over, seeds)
    random.shuffle(every)
    blocks = list(in_blocks(every, size))
    assert sorted(map(repr, every)) == sorted(repr(trial) for block in blocks for trial in block)
    for block in blocks:
        assert 1 <= len(block) <= size
        assert len({trial.recipe.model_copy(update={"lr": 1.0}) for trial in block}) == 1


@given(OVERS, SEEDS, st.integers(1, 9))
def test_blocks_are_as_few_as_can_be(over, seeds, size):
    every = trials(BASE, over, seeds)
    shapes = {}
    for trial in every:
        shape = trial.recipe.model_copy(update={"lr": 1.0})
        shapes[shape] = shapes.get(shape, 0) + 1
    assert len(list(in_blocks(every, size))) == sum(-(-count // size) for count in shapes.values())


@given(OVERS, SEEDS, st.integers(1, 9), st.integers(1, 9))
def test_one_after_the_other_blocks_of_any_size_have_the_trials_in_the_same_order(over, seeds, size, other):
    every = trials(BASE, over, seeds)
    one, two = ([trial for block in in_blocks(every, s) for trial in block] for s in (size, other))
    assert one == two


# What comes of them.


def bits(outcomes) -> list[tuple]:
    """The outcomes by value, NaN equal to NaN, all else to the last bit."""
    errors = ("fit_rmse", "forecast_rmse", "first_step_rmse", "persistence_rmse")
    return [(o.trial, *(getattr(o, name).hex() for name in errors), o.diverged) for o in outcomes]


def attempted(every, size, kernel, experiment=SMALL, **more):
    blocks = in_blocks(every, size)
    return [o for block in blocks for o in run_trials(block, "article", experiment, kernel, **more)]


def wild_trials():
    """Some that diverge, sooner or later, among some that do not; of two shapes."""
    return trials(LONGER, {"hidden": [5, 4], "lr": [0.002, 10.0, 3.0, 0.02]}, range(3))


@pytest.mark.parametrize("kernel", KERNELS)
def test_no_outcome_depends_on_the_block_that_its_trial_was_in(kernel):
    alone = bits(attempted(wild_trials(), 1, kernel))
    assert len({outcome[1:] for outcome in alone}) > 8
    assert len({outcome[-1] for outcome in alone}) >= 3
    for size in (2, 5, 12):
        assert bits(attempted(wild_trials(), size, kernel)) == alone


@pytest.mark.parametrize("kernel", KERNELS)
def test_nor_on_who_else_is_in_the_block_and_in_which_order(kernel):
    every = trials(LONGER, {"lr": [0.002, 10.0, 0.02]}, range(3))
    expected = dict(zip(every, bits(run_trials(every, "article", SMALL, kernel)), strict=True))
    for some in (every[::-1], every[1::2], [every[4], every[0], every[8]]):
        assert bits(run_trials(some, "article", SMALL, kernel)) == [expected[trial] for trial in some]


def test_on_the_exact_kernel_an_outcome_is_what_training_and_judging_one_by_one_say():
    every = trials(BASE, {"lr": [0.002, 0.02]}, [0, 5])
    for trial, outcome in zip(every, run_trials(every, "untuned", SMALL, Exact), strict=True):
        groups = SMALL.groups(trial.seed)
        trained = train(ElmanNetwork.random(stream(trial.seed, "untuned"), 6, 5, 6), groups, trial.recipe)
        x = SMALL.ahead(groups)
        y = forecast(trained.network, x, trained.h_last)
        assert outcome == Outcome(
            trial,
            fit_rmse(trained.fitted, groups.y[:, :, 0], 5),
            rmse(y, curve(x)),
            rmse(y[:1], curve(x)[:1]),
            rmse(np.full(x.shape, groups.y[-1, -1, 0]), curve(x)),
            0,
        )


def test_the_seed_decides_noise_and_first_weights_and_the_name_only_the_weights():
    one, other = trials(BASE, {}, [1, 2])
    (first,), (second,) = (run_trials([trial], "article", SMALL, Exact) for trial in (one, other))
    (untuned,) = run_trials([one], "untuned", SMALL, Exact)
    assert first.persistence_rmse != second.persistence_rmse
    assert first.persistence_rmse == untuned.persistence_rmse
    assert len({first.fit_rmse, second.fit_rmse, untuned.fit_rmse}) == 3


@pytest.mark.parametrize("kernel", KERNELS)
def test_a_trial_that_diverges_is_marked_with_its_epoch_and_the_others_are_unharmed(kernel):
    every = trials(LONGER, {"lr": [0.002, 10.0, 3.0, 0.02]}, range(2))
    outcomes = run_trials(every, "article", SMALL, kernel)
    sound = [trial for trial in every if trial.recipe.lr < 1]
    for outcome in outcomes:
        errors = [outcome.fit_rmse, outcome.forecast_rmse, outcome.first_step_rmse]
        assert np.isfinite(outcome.persistence_rmse)
        if outcome.trial.recipe.lr < 1:
            assert outcome.diverged == 0
            assert np.isfinite(errors).all()
            continue
        assert np.isnan(errors).all()
        # It is in this epoch and not before.
        epochs = outcome.diverged
        assert 1 <= epochs <= 11
        for length, at in ((epochs - 1, 0), (epochs, epochs)):
            if length:
                shorter = outcome.trial.recipe.model_copy(update={"epochs": length})
                assert run_trials([Trial(shorter, outcome.trial.seed)], "article", SMALL, kernel)[0].diverged == at
    assert bits(run_trials(sound, "article", SMALL, kernel)) == bits([o for o in outcomes if o.trial in sound])


def test_a_forecast_too_far_off_to_be_squared_is_told_without_a_warning():
    """The last epoch before divergence: the loss is still finite."""
    (one,) = run_trials([Trial(ArticleRecipe(lr=8.9, epochs=7, hidden=5), 3)], "article", SMALL, Exact)
    assert one.diverged == 0
    assert np.isfinite(one.fit_rmse)
    assert 1e155 < one.forecast_rmse < np.inf


def test_progress_is_told_in_epochs_of_models():
    seen = []
    run_trials(trials(BASE, {"lr": [0.01, 0.02]}, [0]), "article", SMALL, Stacked, lambda *what: seen.append(what))
    assert seen == [(2, 8), (4, 8), (6, 8), (8, 8)]


# Who comes first.

FIGURE = st.floats(1e-3, 1e3)


def outcome(lr, seed, fit, ahead=1.0, diverged=0) -> Outcome:
    fit, ahead = (np.nan, np.nan) if diverged else (fit, ahead)
    return Outcome(Trial(ArticleRecipe(lr=lr), seed), fit, ahead, ahead, 2.0, diverged)


@st.composite
def outcomes_of_sweeps(draw):
    """Of some learning rates with the same seeds each, some of them diverged."""
    rates = draw(st.lists(st.floats(1e-4, 1.0), min_size=1, max_size=5, unique=True))
    seeds = draw(st.integers(1, 4))
    return [
        outcome(lr, seed, draw(FIGURE), draw(FIGURE), draw(st.sampled_from([0, 0, 0, 3])))
        for lr in rates
        for seed in range(seeds)
    ]


@given(outcomes_of_sweeps(), st.randoms())
def test_the_leaderboard_does_not_depend_on_the_order_of_the_outcomes(outcomes, random):
    shuffled = outcomes.copy()
    random.shuffle(shuffled)
    one, other = leaderboard(outcomes), leaderboard(shuffled)
    assert sorted(one, key=repr) == sorted(other, key=repr)
    rank = [(standing.fit.median, standing.diverged) for standing in one]
    assert rank == [(standing.fit.median, standing.diverged) for standing in other]
    untied = [i for i, place in enumerate(rank) if rank.count(place) == 1]
    assert [one[i] for i in untied] == [other[i] for i in untied]


@given(outcomes_of_sweeps())
def test_the_best_median_fit_comes_first_and_what_diverged_last(outcomes):
    standings = leaderboard(outcomes)
    assert sorted(s.recipe.lr for s in standings) == sorted({o.trial.recipe.lr for o in outcomes})
    medians = [standing.fit.median for standing in standings]
    assert medians == sorted(medians)
    for standing in standings:
        own = [o for o in outcomes if o.trial.recipe == standing.recipe]
        fits = sorted(np.inf if o.diverged else o.fit_rmse for o in own)
        middle = fits[(len(fits) - 1) // 2 : len(fits) // 2 + 1]
        assert standing.fit.median == pytest.approx(sum(middle) / len(middle))
        assert (standing.fit.least, standing.fit.most) == (fits[0], fits[-1])
        assert standing.diverged == sum(o.diverged > 0 for o in own)
        assert standing.seeds == len(own)
        assert np.isinf(standing.forecast.most) == (standing.diverged > 0)
        assert standing.persistence.median == 2.0
        assert not any(np.isnan([standing.fit.median, standing.forecast.median]))


def test_of_what_fits_equally_badly_the_one_that_diverged_less_comes_first():
    always = [outcome(0.5, seed, 0, diverged=2) for seed in range(3)]
    mostly = [outcome(0.2, 0, 1.0), *(outcome(0.2, seed, 0, diverged=9) for seed in (1, 2))]
    assert [standing.recipe.lr for standing in leaderboard([*always, *mostly])] == [0.2, 0.5]


def test_an_infinite_error_stays_infinite():
    (standing,) = leaderboard([outcome(0.2, 0, 1.0, np.inf), outcome(0.2, 1, 1.0, np.inf), outcome(0.2, 2, 1.0, 2.0)])
    assert (standing.forecast.least, standing.forecast.median, standing.forecast.most) == (2.0, np.inf, np.inf)
    assert (standing.fit.most, standing.diverged) == (1.0, 0)
