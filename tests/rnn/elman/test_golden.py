"""The numbers that the article's own program gave, with the weights after so many updates, in `golden/`.

Training can be chaotic: a last bit that differs is a different network some epochs later. So bits are compared where
the machine's arithmetic is that of the golden numbers; and it is the *article's program*, written anew in conftest.py,
that says whether it is, the library has no say in it. Elsewhere the first updates are compared to 1e-12, what comes of
them by its RMSE, and the library with the article's program to the last bit all the same. Which of the two was done
stands at the end of pytest's output.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from rnn.arrays import Array, Parameters
from rnn.datasets.xsinx import curve
from rnn.elman.kernels import Exact
from rnn.elman.network import ElmanNetwork, forecast
from rnn.elman.training import Trained, Training, train
from rnn.forecast import grid
from rnn.metrics import fit_rmse, rmse
from rnn.recipes import ArticleRecipe
from rnn.series import Groups, Series, group

FILES = sorted((Path(__file__).parents[1] / "golden").glob("*.npz"), key=lambda path: path.stem)
NAMES = [path.stem for path in FILES]
LETTERS = ("w", "v", "b", "z", "c")
WINDOWS = 96
WITHIN_AN_EPOCH = {1: 5, 5: 9}
"""So many updates are one epoch over so many groups."""
FIT_AND_FORECAST = {0.023: ((0.15, 0.4), (4.2, 4.8)), 0.0005: ((0.3, 2.5), (4.5, 9.0))}
"""Between which bounds both RMSE lie on any machine, by learning rate."""


@dataclass
class Golden:
    """One golden file, and the training that is to give its numbers."""

    numbers: dict[str, Array]
    trained: Trained
    after: dict[int, Parameters]

    @property
    def lr(self) -> float:
        return float(self.numbers["lr"])

    @property
    def updates(self) -> int:
        return len(self.numbers["epoch_loss"]) * WINDOWS

    def weights(self, updates) -> Parameters:
        return {name: self.numbers[f"{name}_{updates}"] for name in LETTERS}


def read(name) -> dict[str, Array]:
    with np.load(Path(__file__).parents[1] / "golden" / f"{name}.npz", allow_pickle=False) as file:
        return dict(file)


def start(numbers) -> Parameters:
    return {name: numbers[f"{name}_0"] for name in "wvz"} | {"b": np.zeros((20, 1)), "c": np.zeros((6, 1))}


def groups_of(numbers, number=100) -> Groups:
    groups = group(Series(numbers["x"], numbers["y"], 0.01), 6)
    return Groups(groups.x[:number], groups.y[:number], groups.step, 0)


def train_on(numbers, number, epochs) -> tuple[Trained, list[Parameters]]:
    """A training from the golden weights on the first `number` groups, and the weights after each of its epochs."""
    groups, recipe = groups_of(numbers, number), ArticleRecipe(lr=float(numbers["lr"]), epochs=epochs, rule="earliest")
    training, after = Training([ElmanNetwork(start(numbers))], [groups], [recipe], Exact, set()), []
    while not training.finished:
        training.advance()
        after.append(training.results()[0].final)
    return train(ElmanNetwork(start(numbers)), groups, recipe), after


def updates_in(numbers) -> Iterator[int]:
    yield from sorted(int(name[2:]) for name in numbers if name.startswith("c_"))


@pytest.fixture(scope="module", params=NAMES)
def golden(request) -> Golden:
    numbers = read(request.param)
    trained, after_epoch = train_on(numbers, 100, int(numbers["epochs"]))
    after = {count: train_on(numbers, number, 1)[0].final for count, number in WITHIN_AN_EPOCH.items()}
    after |= {n: after_epoch[n // WINDOWS - 1] for n in updates_in(numbers) if n >= WINDOWS}
    return Golden(numbers, trained, after)


@pytest.fixture(scope="module")
def same_arithmetic(article_program) -> bool:
    """Whether the article's program gives the golden numbers on this machine, to the last bit, for five epochs."""
    found = []
    for numbers in map(read, NAMES):
        groups = groups_of(numbers)
        after, losses, _, _ = article_program(groups.x, groups.y, start(numbers), float(numbers["lr"]), 5)
        np.testing.assert_allclose(losses[0], numbers["epoch_loss"][0], rtol=0.5 if numbers["lr"] < 0.01 else 1e-9)
        found += [np.array_equal(after[i][name], numbers[f"{name}_{n}"]) for i, n in ((0, 96), (4, 480))
                  for name in LETTERS]  # fmt: skip
    return all(found)


def machine() -> str:
    """What the arithmetic depends on: NumPy, its vector instructions, and its own BLAS among those loaded."""
    found = [library for library in threadpool_info() if library["user_api"] == "blas"]
    found = [library for library in found if "numpy" in library["filepath"]] or found
    blas = {f"{library['internal_api']} {library['version']} {library.get('architecture', '')}" for library in found}
    vectors = np.show_config(mode="dicts").get("SIMD Extensions", {}).get("found", [])
    return ", ".join([f"NumPy {np.__version__}", *vectors, *sorted(blas)])


@pytest.fixture
def checked(record_property, same_arithmetic):
    """Notes what a test compared, by whether the arithmetic is the same; says which of the two it is to be."""

    def note(otherwise) -> bool:
        how = "equal to the last bit" if same_arithmetic else f"arithmetic differs from the golden: {otherwise} only"
        record_property("golden numbers", f"{how} ({machine()})")
        return same_arithmetic

    return note


def test_all_three_files_are_there():
    assert NAMES == ["lr0.0005-epochs300", "lr0.023-epochs300", "lr0.023-epochs50"]
    assert [list(updates_in(read(name))) for name in NAMES] == [
        [1, 5, 96, 480, 4800, 28800], [1, 5, 96, 480, 4800, 28800], [1, 5, 96, 480, 4800],
    ]  # fmt: skip


def test_the_weights_after_one_update_agree_to_1e_12_everywhere(golden, record_property):
    record_property("golden numbers", f"weights after one update within 1e-12 ({machine()})")
    for name, expected in golden.weights(1).items():
        np.testing.assert_allclose(golden.after[1][name], expected, rtol=0, atol=1e-12, err_msg=name)
        assert not np.array_equal(golden.after[1][name], golden.trained.initial[name]) or name == "v"


def test_the_weights_after_so_many_updates_are_the_golden_ones(golden, checked):
    bits = checked("weights after 1 and 5 updates to 1e-12")
    assert list(golden.after) == list(updates_in(golden.numbers))
    for count, weights in golden.after.items():
        for name, expected in golden.weights(count).items():
            if bits:
                assert np.array_equal(weights[name], expected), f"{name} after {count} updates"
            elif count <= 5:
                np.testing.assert_allclose(weights[name], expected, rtol=0, atol=1e-12, err_msg=f"{name}_{count}")


def test_the_loss_of_each_epoch_is_the_golden_one(golden, checked):
    loss, expected = golden.trained.epoch_loss, golden.numbers["epoch_loss"]
    assert loss.shape == expected.shape
    if checked("losses within a factor of two"):
        assert np.array_equal(loss, expected)
    else:
        assert 0.5 < np.median(loss[-50:]) / np.median(expected[-50:]) < 2
        assert 0.5 < loss[0] / expected[0] < 2


def test_the_fit_is_the_golden_one(golden, checked):
    fitted, y = golden.trained.fitted, groups_of(golden.numbers).y[:, :, 0]
    lowest, highest = FIT_AND_FORECAST[golden.lr][0]
    if checked("RMSE of fit and forecast within bounds"):
        assert np.array_equal(fitted, golden.numbers["fitted"])
    assert not fitted[:4].any()
    assert lowest < fit_rmse(fitted, y, 5) < highest


def test_the_last_hidden_state_is_the_golden_one(golden, checked):
    h = golden.trained.h_last
    if checked("RMSE of fit and forecast within bounds"):
        assert np.array_equal(h, golden.numbers["h_last"])
    saturated = np.abs(h) > 0.9
    assert h.shape == (20, 1)
    assert saturated.mean() > 0.5


@pytest.mark.parametrize("name", ["text", "code"])
def test_the_forecast_is_the_golden_one(golden, checked, name):
    x = grid(name, float(golden.numbers["x"][-1]), 0.01, 6, 20)
    y = forecast(golden.trained.network, x, golden.trained.h_last)
    lowest, highest = FIT_AND_FORECAST[golden.lr][1]
    np.testing.assert_allclose(x, golden.numbers[f"forecast_x_{name}"], rtol=1e-14)
    if checked("RMSE of fit and forecast within bounds"):
        assert np.array_equal(y, golden.numbers[f"forecast_y_{name}"])
    assert y.shape == (20, 6)
    assert lowest < rmse(y, curve(x)) < highest


def test_the_library_and_the_articles_program_are_the_same_to_the_last_bit_on_any_machine(
    golden, article_program, record_property
):
    record_property("golden numbers", f"library and article's program equal to the last bit ({machine()})")
    groups = groups_of(golden.numbers)
    after, _, _, _ = article_program(groups.x, groups.y, start(golden.numbers), golden.lr, 5)
    for name in LETTERS:
        assert np.array_equal(golden.after[96][name], after[0][name])
        assert np.array_equal(golden.after[480][name], after[4][name])
