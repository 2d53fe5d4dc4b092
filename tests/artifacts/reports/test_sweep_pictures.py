import warnings

import numpy as np
import pytest
from matplotlib.axes import Axes
from PIL import Image

from artifacts.reports.sweep_pictures import draw_errors, draw_map, sweep_pictures
from rnn.evaluation.sweep import Outcome, Trial
from rnn.recipes import ArticleRecipe


def outcome(seed, fit, ahead, diverged=0, **fields) -> Outcome:
    fit, ahead = (np.nan, np.nan) if diverged else (fit, ahead)
    return Outcome(Trial(ArticleRecipe(**fields), seed), fit, ahead, ahead, 2.0, diverged)


def grid(diverges=lambda values, seed: False, seeds=3, size=lambda values: 1.0, **over):
    """Outcomes of every combination, and what is varied."""
    outcomes = []
    for values in np.ndindex(*map(len, over.values())):
        fields = {name: over[name][i] for name, i in zip(over, values, strict=True)}
        for seed in range(seeds):
            far = size(fields) * (1 + sum(values) + 0.1 * seed)
            outcomes.append(outcome(seed, far, 2 * far, int(diverges(fields, seed)), **fields))
    return outcomes, over


RATES = [0.0001, 0.001, 0.01, 0.1, 1.0]
CASES = {
    "the article's search": grid(lr=RATES),
    "all seeds of a value diverged": grid(lambda fields, seed: fields["lr"] == 1.0, lr=RATES),
    "some seeds of a value diverged": grid(lambda fields, seed: fields["lr"] > 0.01 and seed > 0, lr=RATES),
    "all but one trial diverged": grid(lambda fields, seed: (fields["lr"], seed) != (0.01, 1), lr=RATES),
    "everything diverged": grid(lambda fields, seed: True, lr=RATES),
    "one value": grid(lr=[0.02]),
    "one value and one seed": grid(lr=[0.02], seeds=1),
    "a rule": grid(rule=["earliest", "bptt"]),
    "one rule, diverged": grid(lambda fields, seed: True, rule=["bptt"]),
    "neighbouring values": grid(hidden=[19, 20, 21]),
    "two fields": grid(lr=RATES, hidden=[5, 20]),
    "two fields, the first a rule": grid(rule=["earliest", "bptt"], lr=RATES),
    "three fields": grid(lr=RATES, hidden=[5, 20], window=[3, 5]),
    "huge errors": grid(lr=RATES, size=lambda fields: 10 ** (250 * fields["lr"])),
    "infinite errors": grid(lr=RATES, size=lambda fields: np.inf if fields["lr"] == 1 else 1.0),
    "equal errors": ([outcome(seed, 0.5, 0.5, lr=lr) for lr in RATES for seed in range(2)], {"lr": RATES}),
    "many values and seeds": grid(lr=np.geomspace(1e-4, 1, 20).tolist(), seeds=20),
}


def drawn(picture, path) -> Image.Image:
    """The picture as an image; a warning (a missing glyph, an impossible layout, an empty scale) is an error."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        picture.draw(path)
    with Image.open(path) as image:
        image.load()
        return image


@pytest.mark.parametrize("case", CASES)
def test_every_case_is_drawn_without_a_warning(tmp_path, case):
    pictures = sweep_pictures(*CASES[case])
    assert [picture.name for picture in pictures] == ["error.png", "map.png"]
    for picture in pictures:
        image = drawn(picture, tmp_path / picture.name)
        assert image.width == 840
        assert 200 < image.height < 1200
        assert len(image.convert("RGB").getcolors(1 << 24)) > 10


@pytest.mark.parametrize("case", ["some seeds of a value diverged", "two fields, the first a rule"])
def test_the_same_outcomes_give_the_same_bytes(tmp_path, case):
    for picture in sweep_pictures(*CASES[case]):
        drawn(picture, tmp_path / picture.name)
        drawn(picture, tmp_path / "again.png")
        assert (tmp_path / "again.png").read_bytes() == (tmp_path / picture.name).read_bytes()


@pytest.mark.parametrize("case", CASES)
def test_the_words_say_what_is_shown_and_how_many_diverged(case):
    outcomes, over = CASES[case]
    error, map_ = (picture.alt for picture in sweep_pictures(outcomes, over))
    fields = [*over, "seed"]
    assert f"by {fields[0]}," in error
    assert f"{sum(o.diverged > 0 for o in outcomes)} of {len(outcomes)} trials diverged" in error
    assert f"{fields[0]} across and {fields[1]} down" in map_
    assert "\n" not in error + map_


@pytest.fixture
def plotted(monkeypatch):
    """What `Axes.plot` draws: (x, y, what else was said) each."""
    calls, plot = [], Axes.plot

    def note(self, x, y, *marks, **how):
        calls.append((np.asarray(x, float).tolist(), np.asarray(y, float).tolist(), marks))
        return plot(self, x, y, *marks, **how)

    monkeypatch.setattr(Axes, "plot", note)
    return calls


def test_every_trial_that_came_to_an_end_is_a_dot_and_the_line_is_their_median(tmp_path, plotted):
    outcomes = [
        outcome(0, 1.0, 10.0, lr=0.01), outcome(1, 3.0, 30.0, lr=0.01), outcome(2, 2.0, 20.0, lr=0.01),
        outcome(0, 5.0, 50.0, lr=0.02), outcome(1, 0, 0, 4, lr=0.02),
        outcome(0, 0, 0, 1, lr=0.04),
    ]  # fmt: skip
    draw_errors(tmp_path / "error.png", outcomes, "lr")
    dots = [(x, y) for x, y, marks in plotted if marks == ("o",)]
    (lines_x, fit), (_, ahead) = [(x, y) for x, y, marks in plotted if not marks]
    assert dots[:3] == [([0.01] * 3, [1.0, 3.0, 2.0]), ([0.02], [5.0]), ([], [])]
    assert dots[3:] == [([0.01] * 3, [10.0, 30.0, 20.0]), ([0.02], [50.0]), ([], [])]
    assert lines_x == [0.01, 0.02, 0.04]
    np.testing.assert_array_equal(fit, [2.0, 5.0, np.nan])
    np.testing.assert_array_equal(ahead, [20.0, 50.0, np.nan])


def test_what_is_no_number_stands_side_by_side(tmp_path, plotted):
    outcomes, _ = CASES["a rule"]
    draw_errors(tmp_path / "error.png", outcomes, "rule")
    assert [x for x, _, marks in plotted if not marks] == [[0.0, 1.0]] * 2


@pytest.fixture
def mapped(monkeypatch):
    """The tables that `Axes.imshow` draws as colours, and the names of the cells."""
    tables, show = [], Axes.imshow

    def note(self, table, **how):
        tables.append(np.ma.filled(table.astype(float), np.nan))
        return show(self, table, **how)

    monkeypatch.setattr(Axes, "imshow", note)
    return tables


def test_of_one_field_the_map_has_the_seeds_down(tmp_path, mapped):
    outcomes = [
        outcome(seed, 10 * lr + seed, 1.0, int((lr, seed) == (0.2, 1)), lr=lr) for lr in (0.1, 0.2) for seed in (0, 1)
    ]
    draw_map(tmp_path / "map.png", outcomes, {"lr": [0.1, 0.2]}, "seed")
    np.testing.assert_array_equal(mapped[0], [[1.0, 2.0], [2.0, np.nan]])
    np.testing.assert_array_equal(mapped[1], [[1.0, 1.0], [1.0, np.nan]])


def test_of_more_fields_it_has_the_second_down_and_medians_over_all_else_crossed_out_where_infinite(tmp_path, mapped):
    def diverges(fields, seed):
        return fields["hidden"] == 9 and seed > 0

    outcomes, over = grid(diverges, lr=[0.1, 0.2], hidden=[5, 9])
    draw_map(tmp_path / "map.png", outcomes, over, "hidden")
    np.testing.assert_allclose(mapped[0], [[1.1, 2.1], [np.nan, np.nan]])
    np.testing.assert_allclose(mapped[1], [[2.2, 4.2], [np.nan, np.nan]])


def test_values_are_in_their_order_whatever_the_order_of_the_outcomes(tmp_path, mapped, plotted):
    outcomes, over = grid(lr=[0.5, 0.001, 0.02])
    draw_map(tmp_path / "map.png", outcomes, over, "seed")
    draw_map(tmp_path / "other.png", outcomes[::-1], over, "seed")
    np.testing.assert_array_equal(*mapped[::2])
    np.testing.assert_array_equal(mapped[0][0], [2.0, 3.0, 1.0])
    draw_errors(tmp_path / "error.png", outcomes[::-1], "lr")
    assert [x for x, _, marks in plotted if not marks] == [[0.001, 0.02, 0.5]] * 2
    assert (tmp_path / "map.png").read_bytes() == (tmp_path / "other.png").read_bytes()
