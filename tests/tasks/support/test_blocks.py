import os
import sqlite3

import pytest

from rnn.readers.options import Source
from rnn.readers.problems import BadSource
from tasks.support.blocks import url_in_block, without_block


@pytest.fixture
def keep(prefect_server, monkeypatch):
    from prefect.blocks.system import Secret

    monkeypatch.setenv("WAVECAST_BLOCK_SALES_2_PASSWORD", "")
    return lambda name, value: Secret(value=value).save(name, overwrite=True)


def test_what_is_no_block_stays_as_it_is():
    assert url_in_block("sales.csv") == "sales.csv"
    source = Source(data="sqlite:///a.db", table="sales")
    assert without_block(source) == source


def test_a_secret_block_keeps_a_url_and_its_password_goes_into_the_environment(keep):
    keep("sales-2", "postgresql://me:s%40cret@host/db")
    for name in ("block:sales-2", "block:secret/sales-2"):
        assert url_in_block(name) == "postgresql://me:$WAVECAST_BLOCK_SALES_2_PASSWORD@host/db"
        assert os.environ["WAVECAST_BLOCK_SALES_2_PASSWORD"] == "s@cret"  # noqa: S105
    source = without_block(Source(data="block:sales-2", table="sales"))
    assert source.table == "sales" and source.data == "postgresql://me:$WAVECAST_BLOCK_SALES_2_PASSWORD@host/db"


def test_what_no_block_keeps_is_told_with_how_to_make_one(keep):
    with pytest.raises(BadSource, match=r"no Secret block 'absent': make one: .*Secret\(value=URL\).save\('absent'\)"):
        url_in_block("block:absent")
    keep("number", 17)
    with pytest.raises(BadSource, match="keeps no URL"):
        url_in_block("block:number")


def test_a_retraining_reads_what_a_block_names(keep, tmp_path):
    from flows.monitor import monitor
    from flows.settings.monitor import MonitorSettings

    with sqlite3.connect(tmp_path / "sales.db") as connection:
        connection.execute("create table sales (t, y)")
        connection.executemany("insert into sales values (?, ?)", [(t, t % 7) for t in range(50)])
    keep("sales-2", f"sqlite:///{tmp_path}/sales.db")
    place = monitor(MonitorSettings(store=str(tmp_path / "runs"), data="block:sales-2", table="sales"))
    assert place.endswith("monitor.json")


def test_the_doctor_looks_into_what_a_block_names(keep, tmp_path):
    from flows.doctor import DoctorSettings, doctor

    with sqlite3.connect(tmp_path / "sales.db") as connection:
        connection.execute("create table sales (t, y)")
        connection.executemany("insert into sales values (?, ?)", [(t, t % 7) for t in range(50)])
    keep("sales-2", f"sqlite:///{tmp_path}/sales.db")
    answer = doctor(DoctorSettings(data="block:sales-2", table="sales"))
    assert answer.code == 0 and "SQLite, table 'sales', 50 rows" in answer.text
