"""Run the article's experiment over several seeds, beside other methods on the same data.

    python benchmarks/article.py [seeds]

Prints a Markdown table: median and range over the seeds. A seed decides the noise and all first weights.
"""

import sys
from collections import defaultdict

import numpy as np

from rnn.datasets.xsinx import curve
from rnn.elman.network import ElmanNetwork, forecast
from rnn.elman.training import train
from rnn.evaluation.methods import COMPARED, make
from rnn.experiment import Experiment
from rnn.forecast import Forecast
from rnn.metrics import fit_rmse, score
from rnn.random_streams import stream
from rnn.recipes import ArticleRecipe, UntunedRecipe
from rnn.series import ungroup

RECIPES = {
    "untuned": UntunedRecipe(),
    "article": ArticleRecipe(),
    "article, 300 epochs": ArticleRecipe(epochs=300),
    "article, 300 epochs, bptt": ArticleRecipe(epochs=300, rule="bptt"),
}


def experiment(seed: int) -> dict[str, tuple[float, float, float]]:
    """For each method: training RMSE (NaN for another method), forecast RMSE, RMSE of its first step."""
    groups = Experiment().groups(seed)
    x = Experiment().ahead(groups)
    forecasts, fits = [], {}
    for name, recipe in RECIPES.items():
        first_weights = stream(seed, "untuned" if name == "untuned" else "article")
        trained = train(ElmanNetwork.random(first_weights, 6, recipe.hidden, 6), groups, recipe)
        forecasts.append(Forecast(name, x, forecast(trained.network, x, trained.h_last)))
        fits[name] = fit_rmse(trained.fitted, groups.y[:, :, 0], recipe.window)
    compared = (make(name, groups.group_size, seed).fit(ungroup(groups)) for name in COMPARED)
    forecasts += [one.forecast_at(x, None) for one in compared]
    scores = score(forecasts, curve(x))
    return {name: (fits.get(name, np.nan), s.rmse, s.first_step) for name, s in scores.items()}


def main(seeds: int) -> None:
    """Run the experiment for seeds 0, 1, … and print the table."""
    figures = defaultdict(list)
    for seed in range(seeds):
        for name, errors in experiment(seed).items():
            figures[name].append(errors)
    print(f"Median (range) over {seeds} seeds; RMSE against the noise-free curve, 20 groups ahead, text grid:\n")
    print("| method | training RMSE | forecast RMSE | first step alone |\n|---|---|---|---|")
    for name, rows in figures.items():
        print(f"| {name} | {' | '.join(_summary(column) for column in np.array(rows).T)} |")


def _summary(values: np.ndarray) -> str:
    if np.isnan(values).all():
        return "–"
    return f"{np.median(values):.2f} ({values.min():.2f} to {values.max():.2f})"


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 8)
