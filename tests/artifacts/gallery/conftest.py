"""A store with two real runs, made once by library calls, and beside them what does not belong there."""

import json
import shutil
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from artifacts.gallery.build import build
from artifacts.gallery.forecast_changes import keep_change
from artifacts.lifecycle.verdict import VERDICT, write_verdict
from artifacts.lineage.forecast_change import ForecastChange
from artifacts.reports import retrain as of_retraining
from artifacts.reports.pipeline import report
from artifacts.reports.run_folder import put_run_folder
from artifacts.store.cache import Cache
from artifacts.store.store import Store
from rnn.lifecycle.attribution import CAUSES, Attribution, Contribution
from rnn.recipes import ArticleRecipe, UntunedRecipe

FIRST, SECOND = "20260301T000000Z-aaaaaa", "20260302T120000Z-bbbbbb"
HOSTILE = "<img src=x onerror=alert(1)>"


def settings(seed: int, **more) -> dict:
    """Settings as a manifest has them."""
    return {
        "store": "runs",
        "seed": seed,
        "points": 120,
        "recipes": ["untuned", "article", "autoregressive"],
        "untuned": UntunedRecipe(epochs=9).model_dump(mode="json"),
        "article": ArticleRecipe(epochs=2).model_dump(mode="json"),
        **more,
    }


def plain_run(folder: Path, ratio: float = 0.5, flow: str = "pipeline", **manifest) -> None:
    """A run of which there is only what the table needs: a manifest and the metrics."""
    folder.mkdir(parents=True)
    score = {
        "rmse": 2 * ratio,
        "rmse_first_step": ratio,
        "times_persistence": ratio,
        "rmse_by_step": [ratio, 3 * ratio],
    }
    naive = {
        "rmse": 2.0,
        "rmse_first_step": 1.0,
        "times_persistence": 1.0,
        "rmse_by_step": [1.0, 3.0],
        "intervals": None,
    }
    metrics = {"forecast": {"autoregressive": {**score, "intervals": None}, "persistence": naive}, "fit": {}}
    (folder / "metrics.json").write_text(json.dumps(metrics))
    stamp = folder.name.partition("-")[0]
    when = f"{stamp[:4]}-{stamp[4:6]}-{stamp[6:8]}T{stamp[9:11]}:{stamp[11:13]}:00+00:00"
    held = {
        "format": 1,
        "flow": flow,
        "config": settings(3),
        "files": {"metrics.json": "0"},
        "data": None,
        "code": {"rnn": "0"},
        "seeds": {},
        "versions": {},
        "execution": {"run": folder.name, "published": when},
        **manifest,
    }
    (folder / "manifest.json").write_text(json.dumps(held))


@pytest.fixture(scope="session")
def fabricate() -> Callable[..., None]:
    """`plain_run`, for stores with many runs."""
    return plain_run


def change_by_new_points(old=FIRST, new=SECOND, by=2) -> ForecastChange:
    """A forecast of two moments that new points moved."""
    parts = tuple(Contribution(cause, (Fraction(by if cause == "new points" else 0),) * 2) for cause in CAUSES)
    moved = Attribution((7, 8), (1.0, 2.0), (1.0 + by, 2.0 + by), parts)
    return ForecastChange(old, new, moved, ("7", "8"), dict.fromkeys(CAUSES, "the same"), 0)


@pytest.fixture(scope="session")
def change() -> Callable[..., ForecastChange]:
    """`change_by_new_points`, for pages on why forecasts moved."""
    return change_by_new_points


@pytest.fixture(scope="session")
def whole(parts, run, tmp_path_factory) -> Path:
    """The two real runs alone."""
    store = Store(str(tmp_path_factory.mktemp("whole") / "runs"))
    for name, seed, when, more in (
        (FIRST, 0, "2026-03-01T00:00:30+00:00", {}),
        (SECOND, 7, "2026-03-02T12:00:30+00:00", {"data": "/home/me/<b>bold.csv"}),
    ):
        execution = {"run": name, "published": when}
        put_run_folder(store, name, parts, report(run, settings(seed, **more)), {"article": "exact"}, execution)
    return store.workspace


@pytest.fixture(scope="session")
def retrained(parts, run, retraining, tmp_path_factory) -> Path:
    """The gallery of a store with one retraining whose challenger was promoted; not to be changed."""
    store = Store(str(tmp_path_factory.mktemp("retrained") / "runs"))
    found = retraining(0.5, 0.6)
    cache = Cache(tmp_path_factory.mktemp("retraining"))
    with cache.filling("a run") as judged:
        write_verdict(judged / VERDICT, found.verdict, None, found.begins)
    with cache.filling("a run") as drawn:
        for picture in of_retraining.pictures(found):
            picture.draw(drawn / picture.name)
    model = "models/autoregressive"
    made = {"": [*parts[""], judged.entry], "plots": [drawn.entry], model: parts[model]}
    told = of_retraining.report(found, run.models["autoregressive"], settings(0, newest=2000))
    execution = {"run": FIRST, "published": "2026-03-01T00:00:30+00:00"}
    put_run_folder(store, FIRST, made, told, {"autoregressive": "lockstep"}, execution)
    build(store)
    return store.workspace


@pytest.fixture
def store(whole, tmp_path) -> Store:
    """A copy of it, to be changed."""
    return Store(str(shutil.copytree(whole, tmp_path / "runs")))


@pytest.fixture(scope="session")
def gallery(whole, tmp_path_factory) -> Path:
    """The gallery of those runs and of some that cannot be shown, built; not to be changed."""
    root = Path(shutil.copytree(whole, tmp_path_factory.mktemp("gallery") / "runs"))
    (root / HOSTILE).mkdir()
    plain_run(root / "20260201T000000Z-future", format=99)
    plain_run(root / "20260202T000000Z-poor", ratio=1.7)
    keep_change(Store(str(root)), change_by_new_points())
    build(Store(str(root)))
    return root
