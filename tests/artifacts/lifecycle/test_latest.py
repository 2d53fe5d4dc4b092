"""`latest/`: what is served now, replaced as one; no reader ever sees a torn one."""

import hashlib
import io
import json
import os
import threading
import time

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from artifacts.files.forecast_table import COLUMNS
from artifacts.lifecycle import latest
from artifacts.lifecycle.latest import CSV, JSON, LATEST, PARQUET, NoForecast, read_latest, renew_latest
from artifacts.lifecycle.ledger import LEDGER, score_arrivals
from artifacts.store.atomic import replace_folder
from artifacts.store.store import Store
from flows.cli import main
from rnn.calendar import Calendar

NAMES = {CSV, PARQUET, JSON}


@pytest.fixture
def store(tmp_path, put_retraining) -> Store:
    put_retraining(tmp_path, "20260101T000000Z-aaaaaa", 0, 100)
    put_retraining(tmp_path, "20260102T000000Z-bbbbbb", 1, 104)
    return Store(str(tmp_path))


def read(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_it_holds_what_is_served_as_csv_parquet_and_json(store, tmp_path):
    assert renew_latest(store) == str(tmp_path / LATEST)
    files = read(tmp_path / LATEST)
    assert set(files) == NAMES
    told = json.loads(files[JSON])
    assert (told["run"], told["label"], told["unique_id"]) == (
        "20260102T000000Z-bbbbbb",
        "champion on data up to 103",
        "y",
    )
    assert told["model"] == {"run": "20260102T000000Z-bbbbbb", "method": "autoregressive"}
    assert (told["made"], told["data"]["last"], told["data"]["points"]) == ("2026-01-02T00:00:00Z", 103.0, 104)
    assert told["data"]["last_utc"] is None  # its times are numbers
    assert told["data"]["digest"] == store.run(told["run"]).data
    assert told["files"] == {name: hashlib.sha256(files[name]).hexdigest() for name in (CSV, PARQUET)}
    frame = pq.read_table(io.BytesIO(files[PARQUET])).to_pandas()
    assert tuple(frame) == tuple(pd.read_csv(io.BytesIO(files[CSV]))) == tuple(told["columns"]) == COLUMNS
    assert frame.ds.tolist() == [row["ds"] for row in told["forecast"]] == list(np.arange(104.0, 112.0))


def test_the_newest_observation_is_a_moment_too_where_clocks_show_it_twice():
    hours = {"calendar": Calendar("h", "2026-11-01T00:00", "America/New_York").plain()}
    moments = [latest._in_utc(x, hours) for x in (1.0, 2.0)]  # both at 1:00
    assert moments == ["2026-11-01T05:00:00Z", "2026-11-01T06:00:00Z"]


def test_what_is_there_already_is_left_alone(store, tmp_path):
    renew_latest(store)
    before = (tmp_path / LATEST).stat().st_ino
    renew_latest(store)
    assert (tmp_path / LATEST).stat().st_ino == before
    (tmp_path / LATEST / CSV).write_text("torn")
    renew_latest(store)
    assert set(read(tmp_path / LATEST)) == NAMES
    assert (tmp_path / LATEST / CSV).read_text().startswith("unique_id,ds,")
    assert not [path for path in tmp_path.iterdir() if path.name.endswith(".partial")]


def test_it_says_how_good_the_forecasts_have_been(store, tmp_path):
    at = np.arange(112.0)
    score_arrivals(store, at, np.sin(at / 5), 1.0)
    renew_latest(store)
    quality = json.loads((tmp_path / LATEST / JSON).read_text())["quality"]
    outcomes = quality["outcomes"]
    assert outcomes["points"] == 16
    assert 0 < outcomes["mae"] <= outcomes["rmse"]
    assert outcomes["mase"] > 0
    assert 0 <= outcomes["coverage50"] <= outcomes["coverage90"] <= 1
    assert outcomes["naive"] in {"persistence", "seasonal naive"}
    assert quality["gate"] is None
    (tmp_path / LEDGER).write_text("damaged")
    renew_latest(store)
    assert json.loads((tmp_path / LATEST / JSON).read_text())["quality"]["outcomes"] is None


def test_it_follows_the_champion_by_hand(store, tmp_path, capsys):
    runs = {}
    for words in (("promote", "20260101"), ("promote", "20260102"), ("rollback",)):
        main([*words, "--store", str(tmp_path)])
        told = json.loads((tmp_path / LATEST / JSON).read_text())
        assert f"{told['run']} is its forecast" in capsys.readouterr().out
        runs[told["run"]] = told["model"]["run"]
    assert list(runs.values()) == [
        "20260101T000000Z-aaaaaa", "20260102T000000Z-bbbbbb", "20260101T000000Z-aaaaaa",
    ]  # fmt: skip


def test_it_is_no_run_and_the_gallery_does_not_miss_a_manifest(store, tmp_path):
    renew_latest(store)
    main(["browse", "--no-open", "--store", str(tmp_path)])
    assert LATEST not in store.runs()
    assert "no run folder" not in (tmp_path / "index.html").read_text()


def test_a_run_that_cannot_be_read_leaves_it_as_it_was(store, tmp_path):
    renew_latest(store)
    before = read(tmp_path / LATEST)
    (tmp_path / "20260102T000000Z-bbbbbb" / "dataset.parquet").write_text("damaged")
    with pytest.raises(NoForecast, match="stays as it was"):
        renew_latest(store)
    assert read(tmp_path / LATEST) == before


def test_without_a_forecast_it_is_said_so(tmp_path, store):
    empty = Store(str(tmp_path / "empty"))
    assert renew_latest(empty) is None
    with pytest.raises(NoForecast, match="has no latest/ yet"):
        read_latest(empty)
    renew_latest(store)
    (tmp_path / LATEST / PARQUET).write_text("other bytes")
    with pytest.raises(NoForecast, match="do not belong together"):
        read_latest(store)


@pytest.fixture(autouse=True)
def no_pause(monkeypatch):
    monkeypatch.setattr(latest, "PAUSE", 0.002)


def write(store, number):
    """Another `latest/`, each file of which has the number, and the last the digests of the others."""
    files = {name: f"{number} {name} ".encode() * 2000 for name in (CSV, PARQUET)}
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    files[JSON] = json.dumps({"number": number, "files": digests}).encode()
    latest._replace(store, files)


def racing(store, rounds, look, pause=0.0):
    """Call `look` in two threads while another writes so many, with pauses, and more until two of them were seen.

    Returns all that `look` returned.
    """
    write(store, 0)
    done, seen, failed = threading.Event(), [], []

    def reader():
        try:
            while not done.is_set():
                seen.append(look())
        except Exception as error:
            failed.append(error)

    readers = [threading.Thread(target=reader) for _ in range(2)]
    for thread in readers:
        thread.start()
    for number in range(1, 100 * rounds):
        write(store, number)
        time.sleep(pause)
        if (number >= rounds and len({*seen} - {None}) > 1) or failed:
            break
    done.set()
    for thread in readers:
        thread.join()
    assert not failed
    return seen


def test_a_reader_of_the_folder_never_sees_a_torn_one_on_a_local_disk(tmp_path):
    store = Store(str(tmp_path))

    def look():
        """All three files through one opened folder, as one would copy it."""
        folder = os.open(tmp_path / LATEST, os.O_RDONLY)
        try:
            assert set(os.listdir(folder)) == NAMES  # noqa: PTH208  by descriptor
            numbers = set()
            for name in sorted(NAMES):
                file = os.open(name, os.O_RDONLY, dir_fd=folder)
                with os.fdopen(file, "rb") as opened:
                    content = opened.read()
                numbers.add(json.loads(content)["number"] if name == JSON else int(content.split()[0]))
            (number,) = numbers
            return number
        except (FileNotFoundError, AssertionError):
            # Two replacements passed while this reader held the folder: it sees that it is gone, and nothing torn.
            assert (tmp_path / LATEST).stat().st_ino != os.fstat(folder).st_ino
            return None
        finally:
            os.close(folder)

    seen = racing(store, 80, look)
    assert len({number for number in seen if number is not None}) > 1


@pytest.mark.parametrize("way", ["exchange", "one by one"])
def test_a_reader_by_name_gets_a_table_with_what_belongs_to_it(tmp_path, monkeypatch, way):
    monkeypatch.setattr(latest, "TRIES", 10_000)  # a writer may be kept waiting between two files
    if way == "one by one":  # as on an object store, or where the system cannot swap two folders
        monkeypatch.setattr(latest, "replace_folder", lambda folder, place: False)
    store = Store(str(tmp_path))

    def look():
        told, table = read_latest(store)
        assert int(table.split()[0]) == told["number"]
        return told["number"]

    pause = 0.05 if way == "one by one" else 0.0  # one by one, files belong together only between two replacements
    assert len(set(racing(store, 40, look, pause))) > 1


def test_on_an_object_store_the_last_file_is_that_with_the_digests(monkeypatch, put_retraining, tmp_path):
    put_retraining(tmp_path, "20260101T000000Z-aaaaaa", 0, 100)
    distant = Store("memory://latest-test")
    distant.files.put(f"{tmp_path}/", "/latest-test/", recursive=True)
    order = []
    replace = distant.replace
    monkeypatch.setattr(distant, "replace", lambda file, data: (order.append(file), replace(file, data)))
    renew_latest(distant)
    assert order == [f"{LATEST}/{CSV}", f"{LATEST}/{PARQUET}", f"{LATEST}/{JSON}"]
    assert read_latest(distant)[0]["run"] == "20260101T000000Z-aaaaaa"


def test_a_folder_is_replaced_in_one_step_and_the_one_before_is_kept_for_its_readers(tmp_path):
    for number in range(3):
        folder = tmp_path / f".{number}.partial"
        folder.mkdir()
        (folder / "file").write_text(str(number))
        assert replace_folder(folder, tmp_path / "place")
    assert (tmp_path / "place" / "file").read_text() == "2"
    assert (tmp_path / ".place.before" / "file").read_text() == "1"
    assert sorted(path.name for path in tmp_path.iterdir()) == [".place.before", "place"]
