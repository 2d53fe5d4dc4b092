"""What is wrong with a file is told before the flow is called, and a large or distant file is only opened."""

import fsspec
import pytest

from artifacts.lifecycle.identity import Identity, write_identity
from artifacts.store.existing import NoPlace, NoSuchStore
from artifacts.store.store import Store
from flows.command_line import checks
from flows.command_line.checks import WithFile, check
from flows.settings.deploy import DeploySettings
from flows.settings.evaluate import EvaluateSettings
from flows.settings.monitor import MonitorSettings
from flows.settings.pipeline import PipelineSettings
from flows.settings.replay import ReplaySettings
from flows.settings.retrain import RetrainSettings
from rnn.errors import SeriesTooShort
from rnn.experiment import HorizonTooLong
from rnn.readers.problems import BadSource

MODELS = [PipelineSettings, RetrainSettings, MonitorSettings, ReplaySettings]
GOOD = "t,v\n" + "".join(f"{k},{k % 7}\n" for k in range(3000))
BAD = GOOD + "3000,x\n"


@pytest.fixture(autouse=True)
def somewhere(tmp_path, monkeypatch):
    """A folder with a store, which the monitor needs."""
    (tmp_path / "runs").mkdir()
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def write(tmp_path):
    def written(text: str) -> str:
        (tmp_path / "series.csv").write_text(text)
        return str(tmp_path / "series.csv")

    return written


@pytest.mark.parametrize("model", MODELS)
def test_every_flow_that_takes_a_file_is_checked(model, write):
    assert isinstance(model(), WithFile)
    check(model())
    check(model(data=write(GOOD)))
    with pytest.raises(BadSource, match="line 3002"):
        check(model(data=write(BAD)))


@pytest.mark.parametrize("model", MODELS)
def test_a_missing_file_is_told(model, tmp_path):
    with pytest.raises(BadSource, match="there is no such file"):
        check(model(data=str(tmp_path / "absent.csv")))


def test_too_few_points_for_the_flow_are_told(write):
    few = write("t,v\n" + "".join(f"{k},{k}\n" for k in range(5)))
    with pytest.raises(BadSource, match="at least 8 are needed"):
        check(RetrainSettings(data=few, group_size=4))
    with pytest.raises(SeriesTooShort, match="5 points are too few"):
        check(RetrainSettings(data=few))


def test_a_large_file_is_only_opened(write, monkeypatch):
    monkeypatch.setattr(checks, "SMALL", 10)
    check(PipelineSettings(data=write(BAD)))


def test_a_file_behind_a_url_is_only_opened():
    fsspec.filesystem("memory").pipe_file("/checks/bad.csv", BAD.encode())
    check(PipelineSettings(data="memory://checks/bad.csv"))


def test_settings_without_a_file_need_no_check():
    check(EvaluateSettings())


def test_a_horizon_beyond_what_is_known_is_told(write):
    with pytest.raises(HorizonTooLong, match="5000 points, is more than the 3000 points that are known"):
        check(PipelineSettings(data=write(GOOD), group_size=5, horizon=1000))


def test_a_monitors_store_must_be_there_and_is_not_made(tmp_path):
    with pytest.raises(NoSuchStore, match="no store at nowhere"):
        check(MonitorSettings(store="nowhere"))
    check(DeploySettings(store="nowhere"))
    assert not (tmp_path / "nowhere").exists()


def test_the_file_that_a_store_knows_is_checked(write, tmp_path):
    known = {"data": write(BAD)}
    facts = {"unique_id": "v", "since": "", "source": known, "time_column": "t", "value_column": "v", "calendar": None,
             "step": 1, "lowest": 0, "highest": 6, "median": 3, "spread": 2, "first": "0", "last": "2999",
             "points": 3000, "block": 256, "digests": {}}  # fmt: skip
    write_identity(Store("runs"), Identity(**facts))
    with pytest.raises(BadSource, match="line 3002"):
        check(MonitorSettings())


def test_a_retraining_that_relies_on_what_its_store_knows_makes_no_store_at_a_typo(tmp_path, write):
    with pytest.raises(NoSuchStore, match="no store at nowhere: give the file with --data"):
        check(RetrainSettings(store="nowhere"))
    check(RetrainSettings(store="nowhere", data=write(GOOD)))
    check(RetrainSettings(store="nowhere", points=600))
    check(RetrainSettings(store="runs"))
    assert not (tmp_path / "nowhere").exists()


def test_a_forgotten_file_never_trains_the_generated_series_in_a_store_that_is_there(put_retraining, tmp_path):
    (tmp_path / "looked-at").mkdir()
    with pytest.raises(NoSuchStore, match="looked-at keeps no series fresh yet: give the file with --data"):
        check(RetrainSettings(store="looked-at"))
    put_retraining(tmp_path / "kept", "20260101T000000Z-aaaaaa")
    check(RetrainSettings(store="kept"))


def test_a_file_in_the_place_of_a_store_is_told_and_left_alone(write):
    data = write(GOOD)
    for settings in (RetrainSettings(data=data, store=data), PipelineSettings(store=data), MonitorSettings(store=data)):
        with pytest.raises(NoSuchStore, match="is a file, and a store is a folder") as told:
            check(settings)
        assert "remove" not in str(told.value)


def test_a_store_in_what_another_store_removes_is_refused(write, put_retraining, tmp_path):
    data = write(GOOD)
    run = put_retraining(tmp_path / "kept", "20260101T000000Z-aaaaaa")
    for place in (run, tmp_path / "kept" / "latest"):
        for settings in (RetrainSettings(data=data, store=str(place)), MonitorSettings(store=str(place))):
            with pytest.raises(NoPlace, match="is no place for a store"):
                check(settings)
    check(RetrainSettings(data=data, store=str(tmp_path / "kept" / "inner")))
