"""A schedule whose store was moved: the next run fails with a line, and makes no empty store in its place."""

from types import SimpleNamespace
from uuid import uuid4

import pytest
from prefect import flow, get_client
from prefect.states import Completed, Failed

from flows.monitor import monitor
from flows.retrain import retrain
from flows.settings.base import StoreSettings
from flows.settings.monitor import MonitorSettings
from flows.settings.retrain import RetrainSettings
from tasks.support import lost_store, step
from tasks.support.lost_store import LostStore, has_completed, refuse_lost_store

DEPLOYMENT = str(uuid4())


@pytest.fixture
def completed(monkeypatch):
    """As if an earlier run of the deployment had completed with the store."""
    monkeypatch.setattr(lost_store, "has_completed", lambda *_: True)
    monkeypatch.setattr(step, "deployment", SimpleNamespace(id=DEPLOYMENT))


@pytest.mark.parametrize(("run", "settings"), [(retrain, RetrainSettings), (monitor, MonitorSettings)])
def test_the_flow_fails_with_a_line_and_makes_no_store(run, settings, completed, tmp_path):
    (tmp_path / "sales.csv").write_text("day,sales\n")
    place = tmp_path / "my runs"
    given = settings(store=str(place), data=str(tmp_path / "sales.csv"))
    state = run.fn.__wrapped__(given)  # without the wait for Prefect's records
    assert state.is_failed()
    assert isinstance(state.data, LostStore)
    assert state.message == (
        f"there is nothing at {place}, where earlier runs of this schedule had their store, and no empty one is begun: "
        f"put it back (is a disk missing?); or, if it was moved, `wavecast deploy --data {tmp_path}/sales.csv --store "
        f"ITS-NEW-PLACE` and `wavecast deploy --remove --store '{place}'`; or begin anew with `wavecast retrain --data "
        f"{tmp_path}/sales.csv --store '{place}'`"
    )
    assert [path.name for path in tmp_path.iterdir()] == ["sales.csv"]


def test_what_a_run_that_was_at_work_left_there_is_no_store(completed, tmp_path):
    (tmp_path / ".cache" / "entry").mkdir(parents=True)
    with pytest.raises(LostStore, match="there is nothing at"):
        refuse_lost_store(StoreSettings(store=str(tmp_path)), DEPLOYMENT)
    (tmp_path / "monitor.json").write_text("{}")
    refuse_lost_store(StoreSettings(store=str(tmp_path)), DEPLOYMENT)


def test_a_store_behind_a_url_too(completed):
    with pytest.raises(LostStore, match="there is nothing at memory://moved"):
        refuse_lost_store(StoreSettings(store="memory://moved-away"), DEPLOYMENT)


def test_a_first_night_begins_the_store(completed, monkeypatch, tmp_path):
    monkeypatch.setattr(lost_store, "has_completed", lambda *_: False)
    refuse_lost_store(StoreSettings(store=str(tmp_path / "new")), DEPLOYMENT)


def test_a_server_knows_which_store_completed_runs_had(prefect_server):
    @flow
    def sample(settings: StoreSettings) -> None:
        """Nothing."""

    with get_client(sync_client=True) as client:
        deployment = client.create_deployment(client.create_flow(sample), "of a store")
        for store, state in (("kept", Completed()), ("failed", Failed()), (None, Completed())):
            parameters = {"settings": {"store": store} if store else {}}
            run = client.create_flow_run_from_deployment(deployment, parameters=parameters)
            client.set_flow_run_state(run.id, state, force=True)
        asked = {
            store: has_completed(StoreSettings(store=store), str(deployment)) for store in ("kept", "failed", "new")
        }
        assert asked == {"kept": True, "failed": False, "new": False}
        assert has_completed(StoreSettings(), str(deployment)), "the usual store, which needs no name"
        assert not has_completed(StoreSettings(store="kept"), str(uuid4()))
        client.delete_deployment(deployment)
