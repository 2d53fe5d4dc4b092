"""Retention as an operator types it: first what would go, then --yes; what is kept can be looked at as before."""

from pathlib import Path

import pytest

from artifacts.lifecycle.registry import CHAMPION
from flows.cli import main
from tests.grown_store import NOW, grow, put_copy, run_name


@pytest.fixture
def store(tmp_path, put_retraining) -> Path:
    ages = [300, 250, 200, 150, 120, 100, 95, 2, 1]
    grow(tmp_path / "runs", put_retraining, ages, champions=[250, 150, 120], opened=[95])
    put_copy(tmp_path / "runs" / run_name(100), 130, "sweep")
    return tmp_path / "runs"


def runs(store: Path) -> set[str]:
    return {path.parent.name for path in store.glob("*/manifest.json")}


def test_first_it_says_what_would_go_and_what_stays_and_why(wavecast, store):
    before = runs(store)
    code, told = wavecast("prune", "--keep", "90d")
    assert code == 0
    lines = told.splitlines()
    assert lines[0].startswith("5 of 10 runs, older than 90d (4 of 'retrain', 1 of 'sweep'): ")
    assert f"stays: {run_name(120)} (the champion)" in lines
    assert f"stays: {run_name(150)} (the champion before, for a rollback)" in lines
    assert f"stays: {run_name(95)} (its forecast has outcomes still to come: `wavecast monitor` scores them)" in lines
    assert lines[-1].endswith("would go; nothing was removed: --yes does it")
    assert runs(store) == before
    assert wavecast("prune", "--keep", "52w")[1] == "there is nothing to remove"


def test_with_yes_it_goes_and_all_else_is_told_as_before(wavecast, store):
    wavecast("browse", "--no-open")
    data = {path.name for path in (store / "gallery" / "data").iterdir()}
    code, told = wavecast("prune", "--keep", "90d", "--yes")
    assert code == 0
    assert told.splitlines()[-1].endswith("were removed")
    assert runs(store) == {run_name(days) for days in (150, 120, 95, 2, 1)}
    left = {path.name for path in (store / "gallery" / "data").iterdir()}
    assert len(left) == 5
    assert left < data
    assert run_name(300) not in (store / "index.html").read_text()
    assert run_name(2) in (store / "index.html").read_text()

    history = wavecast("history")[1]
    assert f"(its run was removed by `wavecast prune` on {NOW:%Y-%m-%d})" in history
    assert history.splitlines()[-1] == f"5 older runs are no longer in the store, since {NOW:%Y-%m-%d} at the latest"
    for verb in ("explain", "verify", "promote"):
        code, told = wavecast(verb, run_name(200))
        assert code == 2
        assert told == (
            f"wavecast: {run_name(200)} was removed by `wavecast prune` on {NOW:%Y-%m-%d}; it was a run of 'retrain' "
            "on wave.csv, which said: It is better."
        )
    told = wavecast("explain", run_name(2))[1]
    assert f"What differs from the run before, {run_name(95)}" in told
    assert f"What differs from the run before, {run_name(150)} (" not in told
    assert f"{run_name(150)}: a run of" in wavecast("explain", run_name(150))[1]
    assert "There is no earlier run of 'retrain' here: 3 were removed." in wavecast("explain", run_name(150))[1]
    assert wavecast("rollback")[1].startswith(f"{run_name(150)} is the champion again")


def test_every_champion_is_kept_if_asked(wavecast, store):
    wavecast("prune", "--keep", "90d", "--keep-champions", "--yes")
    assert run_name(250) in runs(store)
    assert run_name(200) not in runs(store)


def test_single_runs_go_and_the_champion_never(wavecast, store):
    code, told = wavecast("prune", "--runs", run_name(120), "--yes")
    assert (code, "it is the champion; choose another with" in told) == (2, True)
    code, told = wavecast("prune", "--runs", run_name(100), "--yes")
    assert code == 0
    assert told.startswith("1 of 10 runs (1 of 'retrain'): ")
    assert len(runs(store)) == 9


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ([], "--keep: say how long runs are kept, such as --keep 90d"),
        (["--keep", "90d", "--runs", "x"], "--keep: say how long"),
        (["--keep", "0d"], "--keep: "), (["--keep", "soon"], "--keep: "),
    ],
)  # fmt: skip
def test_a_mistake_is_one_line(wavecast, store, words, line):
    code, told = wavecast("prune", *words, "--yes")
    assert (code, line in told, told.count("\n")) == (2, True, 0)
    assert len(runs(store)) == 10


def test_where_the_champion_is_not_known_nothing_goes(wavecast, store):
    (store / CHAMPION).write_text("{")
    code, told = wavecast("prune", "--keep", "90d", "--yes")
    assert code == 2
    assert "nothing is removed while it is not known what is needed" in told
    assert len(runs(store)) == 10


def test_a_store_that_is_not_there_is_not_made(capsys, tmp_path):
    with pytest.raises(SystemExit):
        main(["prune", "--keep", "90d", "--store", str(tmp_path / "typo")])
    assert "there is no store at" in capsys.readouterr().err
    assert not (tmp_path / "typo").exists()
