"""`wavecast forecast`: the champion on the newest data, without training, printed and written wherever told."""

import io
import json
import sqlite3

import numpy as np
import pandas as pd
import pytest

from artifacts.files.forecast_table import COLUMNS
from artifacts.lifecycle.identity import read_identity
from artifacts.lifecycle.latest import JSON, LATEST
from artifacts.lifecycle.registry import Registry
from artifacts.store.store import Store
from flows.cli import main

RUN = "20260101T000000Z-aaaaaa"
WAVE = np.sin(np.arange(400) / 5) + np.random.default_rng(3).normal(0, 0.02, 400)


@pytest.fixture
def store(tmp_path, put_retraining, monkeypatch) -> Store:
    monkeypatch.chdir(tmp_path)  # the store knows its file, wave.csv, by the folder it was read in
    put_retraining(tmp_path / "runs", RUN, 0, 120)
    store = Store(str(tmp_path / "runs"))
    Registry(store).promote(RUN, "autoregressive", "gate", "It is better.", None)
    return store


@pytest.fixture
def wavecast(store, capsys):
    """`wavecast(*words)`: the exit code, standard output and standard error of `wavecast forecast`."""

    def run(*words, at=store.url):
        try:
            main(["forecast", "--store", at, *map(str, words)])
            code = 0
        except SystemExit as ended:
            code = int(ended.code or 0)
        return code, *capsys.readouterr()

    return run


@pytest.fixture
def arrives(tmp_path):
    def write(y):
        (tmp_path / "wave.csv").write_text("t,y\n" + "".join(f"{t},{v:.6f}\n" for t, v in enumerate(y)))
        return "--data", tmp_path / "wave.csv"

    return write


def told(store):
    return json.loads((store.workspace / LATEST / JSON).read_text())


def test_the_newest_data_are_forecast_and_served_from_then_on(wavecast, store, arrives):
    code, out, _ = wavecast(*arrives(WAVE[:128]))
    assert code == 0
    lines = out.splitlines()
    assert lines[0].startswith("Champion on data up to 127; made by 2")
    assert [line.split()[0] for line in lines[1:10]] == ["time", *map(str, range(128, 136))]
    assert lines[-1] == f"The same as a file: {store.place(LATEST)}/forecast.csv"
    assert (told(store)["label"], told(store)["unique_id"]) == ("champion on data up to 127", "y")
    assert told(store)["model"] == {"run": RUN, "method": "autoregressive"}
    runs = store.runs()
    assert wavecast(*arrives(WAVE[:128]))[1].splitlines()[1:] == lines[1:]
    assert store.runs() == runs, "the same data by the same champion are served already"


def test_without_a_file_it_is_the_stores_newest_data(wavecast, store):
    assert wavecast()[0] == 0
    assert store.runs() == [RUN]
    assert told(store)["run"] == RUN


def test_the_table_goes_wherever_told(wavecast, store, tmp_path):
    places = [tmp_path / f"tonight{ending}" for ending in (".csv", ".parquet", ".json")]
    code, out, _ = wavecast("--to", *places, "memory://sheets/tonight.csv")
    assert (code, "time" in out) == (0, True)
    assert out.splitlines()[-1] == f"Written to {', '.join(map(str, places))}, memory://sheets/tonight.csv"
    csv, parquet, rows = pd.read_csv(places[0]), pd.read_parquet(places[1]), json.loads(places[2].read_text())
    assert tuple(csv) == tuple(parquet) == tuple(rows[0]) == COLUMNS
    np.testing.assert_array_equal(csv["wavecast"], parquet["wavecast"])
    assert store.files.__class__.__name__ == "LocalFileSystem"
    code, out, _ = wavecast("--to", "-")
    assert out == places[0].read_text(), "CSV and nothing else"
    assert pd.read_csv(io.StringIO(out)).shape == (8, len(COLUMNS))


def test_data_that_look_wrong_are_not_forecast_from(wavecast, store, arrives):
    code, out, err = wavecast(*arrives(np.concatenate([WAVE[:120], np.full(8, WAVE[119])])))
    assert code == 0
    assert out.startswith("Champion on data up to 119, read ")
    assert told(store)["data"]["last"] == 119.0
    wavecast(*arrives(WAVE[:126]))
    known = [each.known for each in read_identity(store).restatements]
    assert known == [120], "what looked wrong was never known: its correction restates nothing"
    assert told(store)["data"]["last"] == 125.0
    del err  # pytest keeps the log


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("--data", "gone.csv"), "gone.csv: there is no such file: check the path"),
        (
            ("--to", "tonight.xlsx"),
            "must end in .csv, .parquet, .json, or be - for standard output, not 'tonight.xlsx'",
        ),
        (("--to", "nowhere/tonight.csv"), "--to: there is no folder nowhere to write tonight.csv to: make it first"),
        (("--stale-after", "soon"), "--stale-after"),
    ],
)
def test_a_mistake_is_one_line(wavecast, store, words, line):
    code, _, err = wavecast(*words)
    assert code == 2
    assert line in err
    assert err.count("\n") == 1
    assert store.runs() == [RUN]


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("--known", "price"), "there is no column 'price', but 't', 'y': mend --known"),
        (("--value-column", "sales"), "there is no column 'sales', but 't', 'y': mend --value-column"),
        (("--holidays", "DE"), "--holidays DE: the times are plain numbers, which have no holidays: leave it out"),
    ],
)
def test_a_flag_that_does_not_suit_the_known_file_is_a_mistake_too(wavecast, store, arrives, words, line):
    """Only a file that cannot be read is forecast without: nobody may think that a promotion was taken in."""
    wavecast(*arrives(WAVE[:128]))
    runs = store.runs()
    code, _, err = wavecast(*words)
    assert (code, err.count("\n")) == (2, 1)
    assert line in err
    assert store.runs() == runs


def test_the_store_and_its_file_are_not_written_over(wavecast, store, arrives, tmp_path):
    wavecast(*arrives(WAVE[:128]))
    file = tmp_path / "wave.csv"
    before = file.read_bytes()
    for place in (file, f"{store.url}/champion.json", f"{store.url}/latest/forecast.csv"):
        code, _, err = wavecast("--to", place)
        assert (code, err.count("\n")) == (2, 1)
        assert "--to: " in err
    assert before == file.read_bytes()
    assert wavecast()[0] == 0, "the champion is whole"


def test_without_a_champion_it_says_so(wavecast, tmp_path):
    Store(str(tmp_path / "empty"))
    code, _, err = wavecast(at=str(tmp_path / "empty"))
    assert (code, err.count("\n")) == (2, 1)
    assert "has no champion yet: `wavecast retrain --store " in err
    assert wavecast(at=str(tmp_path / "typo"))[0] == 2
    assert not (tmp_path / "typo").exists()


def test_a_table_of_a_database_becomes_another_one(wavecast, tmp_path):
    url = f"sqlite:///{tmp_path}/shop.db"
    with sqlite3.connect(tmp_path / "shop.db") as connection:
        connection.execute("create table waves (t, y)")
        connection.executemany("insert into waves values (?, ?)", list(enumerate(WAVE[:132].tolist())))
    words = ["--data", url, "--table", "waves", "--sink", url, "--sink-verdicts", "verdicts"]
    for _ in range(2):
        code, _, told = wavecast(*words)
        assert code == 0, told
        with sqlite3.connect(tmp_path / "shop.db") as connection:
            assert connection.execute("select cutoff, count(*) from forecasts").fetchall() == [(131.0, 8)]
            assert connection.execute("select count(*) from verdicts").fetchone() == (2,)
    code, _, told = wavecast(*words, "--sink-table", "waves")
    assert code == 2 and "table 'waves' has no column 'unique_id'" in told
