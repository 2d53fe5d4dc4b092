"""A backup put back with its schedules, in another folder, with another file; what is refused, and what stays."""

import re
from pathlib import Path

import numpy as np
import pytest
from prefect.settings import PREFECT_API_URL, temporary_settings

from artifacts.lifecycle.latest import read_latest
from artifacts.lifecycle.registry import Registry
from artifacts.store import backup as store_backup
from artifacts.store.restore import NotRestored
from artifacts.store.store import Store
from flows.backup import backup
from flows.cli import main
from flows.deploy import deploy
from flows.restore import restore
from flows.settings.backup import BackupSettings, RestoreSettings
from flows.settings.deploy import DeploySettings
from tasks.support.deployments import deployed
from tests.processes import operators_environment, wavecast

RUN = "20260101T000000Z-aaaaaa"
WAVE = 50 + np.sin(np.arange(400) / 5) + np.random.default_rng(0).normal(0, 0.02, 400)
QUICK = "--group-size 4 --horizon 20 --folds 4 --autoregressive.iterations 3 --autoregressive.hidden 4"


@pytest.fixture
def folder(tmp_path, monkeypatch, put_retraining) -> Path:
    """The current folder, with a file in it and a store of one run, the champion."""
    (tmp_path / "sales.csv").write_text("day,sales\n2026-03-01,1\n")
    put_retraining(tmp_path / "sales-runs", RUN, points=60)
    Registry(Store(str(tmp_path / "sales-runs"))).promote(RUN, "autoregressive", "gate", "better", None)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def by_flow(client, store: Path) -> dict:
    found = deployed(client, str(store))
    return {each.name.partition("/")[0]: client.read_deployment(each.id) for each in found}


def test_what_is_served_and_shown_is_there_again(folder):
    backup(BackupSettings(store="sales-runs", to="kept.tar.zst", schedules="no"))
    said = restore("kept.tar.zst", RestoreSettings(store="new/place"))
    assert re.match(r"1 run, as they were at 20[-0-9]+ [:0-9]+ UTC, from ", said.splitlines()[0])
    assert "no schedules in the backup: they were left out" in said
    assert said.endswith("new/place is restored")
    assert read_latest(Store("new/place"))[0]["run"] == RUN
    assert RUN in Path("new/place/index.html").read_text()


def test_the_schedules_come_back_for_the_new_place_and_the_new_file(client, folder):
    deploy(
        DeploySettings(data="sales.csv", store="sales-runs", folds=4, schedule="7 4 * * *", schedule_zone="Asia/Tokyo")
    )
    before = {flow: each.parameters["settings"] for flow, each in by_flow(client, folder / "sales-runs").items()}
    backup(BackupSettings(store="sales-runs", to="kept.tar.zst"))
    deploy(DeploySettings(store="sales-runs", remove=True))

    said = restore("kept.tar.zst", RestoreSettings(store="new-runs", data="new.csv"))
    assert "retrain/new-runs: 7 4 * * * Asia/Tokyo" in said
    after = by_flow(client, folder / "new-runs")
    where = {"store": f"{folder}/new-runs", "data": f"{folder}/new.csv"}
    assert {flow: each.parameters["settings"] for flow, each in after.items()} == {
        flow: settings | where for flow, settings in before.items()
    }
    (schedule,) = after["retrain"].schedules
    assert (schedule.schedule.cron, schedule.schedule.timezone, schedule.active) == ("7 4 * * *", "Asia/Tokyo", True)
    assert [each.name for each in client.read_automations() if "retrains new-runs" in each.name]
    assert not any(each.paused for each in after.values())


def test_schedules_that_rest_still_do(client, folder):
    deploy(DeploySettings(data="sales.csv", store="sales-runs"))
    deploy(DeploySettings(store="sales-runs", pause=True))
    backup(BackupSettings(store="sales-runs", to="kept.tar.zst"))
    said = restore("kept.tar.zst", RestoreSettings(store="new-runs"))
    assert "retrain/new-runs is paused, as it was" in said
    assert all(each.paused for each in by_flow(client, folder / "new-runs").values())


def test_a_drill_leaves_the_server_alone(client, folder):
    deploy(DeploySettings(data="sales.csv", store="sales-runs"))
    backup(BackupSettings(store="sales-runs", to="kept.tar.zst"))
    restore("kept.tar.zst", RestoreSettings(store="drill-runs", schedules="no"))
    assert by_flow(client, folder / "drill-runs") == {}


def test_a_server_that_is_away_gets_the_schedules_later(client, folder):
    deploy(DeploySettings(data="sales.csv", store="sales-runs"))
    backup(BackupSettings(store="sales-runs", to="kept.tar.zst"))
    with temporary_settings({PREFECT_API_URL: "http://127.0.0.1:9/api"}):
        said = restore("kept.tar.zst", RestoreSettings(store="new-runs"))
    assert "the schedules are not on a server: no Prefect server answers" in said
    assert said.endswith("new-runs is restored")
    restore("kept.tar.zst", RestoreSettings(store="new-runs", schedules="only"))
    assert set(by_flow(client, folder / "new-runs")) == {"retrain", "monitor"}


@pytest.mark.parametrize(
    "hostile",
    [
        {"flow": "pipeline"},
        {"settings": {"no_such": 1}},
        {"settings": {"sink": "postgresql://me:secret@host/shop"}},
        {"settings": [1]},
        {"cron": "every night"},
        {"zone": "Nowhere/Else"},
    ],
)
def test_schedules_that_no_flow_takes_are_one_line_and_never_on_the_server(client, folder, hostile):
    good = {"flow": "retrain", "settings": {}, "cron": "0 3 * * *", "zone": "UTC", "pool": "wavecast", "paused": False}
    store_backup.back_up(Store("sales-runs"), "kept.tar.zst", {"deployments": [good | hostile], "told": []})
    said = restore("kept.tar.zst", RestoreSettings(store="new-runs"))
    assert "the schedules are not on a server" in said
    assert "secret" not in said
    assert by_flow(client, folder / "new-runs") == {}


def test_a_living_store_is_refused_in_one_line(folder, capsys):
    backup(BackupSettings(store="sales-runs", to="kept.tar.zst", schedules="no"))
    with pytest.raises(SystemExit) as ended:
        main(["restore", "kept.tar.zst", "--store", "sales-runs"])
    assert ended.value.code == 2
    assert "there is something at sales-runs already" in capsys.readouterr().err
    with pytest.raises(NotRestored):
        restore("kept.tar.zst", RestoreSettings(store="."))


def test_a_new_machine_explains_verifies_and_retrains_on(prefect_server, tmp_path, monkeypatch):
    """The old machine's folder and its Prefect are gone; the new one has the archive, the file, and an empty home."""
    from flows.retrain import retrain
    from flows.settings.retrain import RetrainSettings
    from rnn.recipes import AutoregressiveRecipe

    old, new = tmp_path / "old", tmp_path / "new"
    old.mkdir()
    new.mkdir()

    def arrives(folder: Path, points: int) -> None:
        rows = (f"{np.datetime64('2026-01-01') + t},{value:.6f}\n" for t, value in enumerate(WAVE[:points]))
        (folder / "sales.csv").write_text("day,sales\n" + "".join(rows))

    arrives(old, 200)
    quick = AutoregressiveRecipe(iterations=3, hidden=4, folds=2)
    task = {"group_size": 4, "horizon": 5, "folds": 4, "autoregressive": quick}
    first = Path(retrain(RetrainSettings(store=str(old / "runs"), data=str(old / "sales.csv"), **task))).name
    backup(BackupSettings(store=str(old / "runs"), to=str(tmp_path / "kept.tar.zst"), schedules="no"))
    champions = Registry(Store(str(old / "runs"))).promotions()
    old.rename(tmp_path / "gone")

    environment = operators_environment(tmp_path / "prefect", HOME=str(tmp_path / "home"))
    del environment["PREFECT_API_URL"]
    said = wavecast(new, environment, "restore", str(tmp_path / "kept.tar.zst"), "--store", "runs", "--schedules", "no")
    assert said.endswith("runs is restored\n")
    assert Registry(Store(str(new / "runs"))).promotions() == champions
    assert first in wavecast(new, environment, "explain", "latest", "--store", "runs")
    assert wavecast(new, environment, "verify", "latest", "--store", "runs")
    arrives(new, 208)
    words = ["--data", "sales.csv", "--store", "runs", *QUICK.split(), "--autoregressive.folds", "2"]
    second = Path(wavecast(new, environment, "retrain", *words).splitlines()[-1])
    assert second.parent == new / "runs"
    assert Store(str(new / "runs")).runs() == [first, second.name]
    assert Store(str(new / "runs")).run(second.name).manifest["parent"] == (champions[-1].run if champions else None)
