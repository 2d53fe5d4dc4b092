"""A backup with its schedules, and what it says; `tests/flows/test_restore.py` puts it back."""

import json
from pathlib import Path

import pytest
from prefect.settings import PREFECT_API_URL, temporary_settings

from artifacts.store.archive import PIECE, members
from artifacts.store.backup import INDEX
from flows.backup import backup
from flows.cli import main
from flows.deploy import deploy
from flows.settings.backup import BackupSettings
from flows.settings.deploy import DeploySettings

RUN = "20260101T000000Z-aaaaaa"


@pytest.fixture
def folder(tmp_path, monkeypatch, put_retraining) -> Path:
    """The current folder, with a file in it and a store of one run."""
    (tmp_path / "sales.csv").write_text("day,sales\n2026-03-01,1\n")
    put_retraining(tmp_path / "sales-runs", RUN, points=60)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def index(archive: str) -> dict:
    with Path(archive).open("rb") as file:
        for name, content in members(file, Path(archive).stat().st_size):
            if name == INDEX:
                return json.loads(content.read(PIECE))
    raise AssertionError


def test_the_schedules_of_the_store_are_in_it_and_no_others(prefect_server, folder):
    deploy(DeploySettings(data="sales.csv", store="sales-runs", folds=4, schedule_zone="Europe/Berlin"))
    deploy(DeploySettings(data="sales.csv", store="other-runs"))
    deploy(DeploySettings(store="sales-runs", pause=True))
    try:
        said = backup(BackupSettings(store="sales-runs", to="kept.tar.zst"))
        assert said.code == 0
        assert said.text.splitlines()[1:] == ["schedules: monitor, retrain", f"{folder}/kept.tar.zst"]
        monitor, retrain = index("kept.tar.zst")["schedules"]["deployments"]
        where = {"store": f"{folder}/sales-runs", "data": f"{folder}/sales.csv"}
        assert retrain["settings"] == {**where, "folds": 4}
        assert monitor["settings"] == where
        assert (retrain["flow"], retrain["zone"], retrain["pool"], retrain["paused"]) == (
            "retrain", "Europe/Berlin", "wavecast", True,
        )  # fmt: skip
        assert retrain["cron"].endswith(" 3 * * *")
    finally:
        for store in ("sales-runs", "other-runs"):
            deploy(DeploySettings(store=store, remove=True))


def test_without_a_server_it_is_made_all_the_same_and_says_so(folder):
    with temporary_settings({PREFECT_API_URL: "http://127.0.0.1:9/api"}):
        said = backup(BackupSettings(store="sales-runs", to="kept.tar.zst"))
    assert "no schedules: no Prefect server answers at http://127.0.0.1:9/api" in said.text
    assert (said.code, Path("kept.tar.zst").exists()) == (0, True)


def test_a_store_within_is_named_and_not_in_it(folder):
    (folder / "sales-runs" / "inner").mkdir()
    (folder / "sales-runs" / "inner" / "champion.json").write_text("{}")
    said = backup(BackupSettings(store="sales-runs", to="kept.tar.zst", schedules="no"))
    assert said.text.splitlines()[1] == "not in it: inner, which is a store of its own: back it up by itself"
    assert not [name for name in index("kept.tar.zst")["files"] if name.startswith("inner")]


def test_a_damaged_run_is_named_and_the_exit_code_is_1(folder, capsys):
    (folder / "sales-runs" / RUN / "forecast.parquet").write_bytes(b"flipped")
    with pytest.raises(SystemExit) as ended:
        main(["backup", "--store", "sales-runs", "--schedules", "no"])
    said = capsys.readouterr().out
    assert ended.value.code == 1
    assert f"damaged, and put in as it is: {RUN} (forecast.parquet is not as it was)" in said
    assert Path(said.splitlines()[-1]).parent == folder / "backups"


def test_a_store_that_is_not_there_is_refused_and_nothing_is_made(folder, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["backup", "--store", "sale-runs", "--to", "kept.tar.zst"])
    assert ended.value.code == 2
    assert "there is no store at sale-runs" in capsys.readouterr().err
    assert sorted(path.name for path in folder.iterdir()) == ["sales-runs", "sales.csv"]
