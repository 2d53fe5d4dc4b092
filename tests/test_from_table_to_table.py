"""From a table of PostgreSQL to tables of PostgreSQL, by the real commands, one of them killed while it writes.

The URLs have a password. It must be nowhere afterwards: not in Prefect's database, the store, or what was printed.
"""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from prefect.settings import get_current_settings

from rnn.readers.databases import connected

ROOT = Path(__file__).parents[1]
SECRET = "Zu5-geheim"  # noqa: S105
TASK = ["--group-size", "4", "--horizon", "8"]
QUICK = [*TASK, "--folds", "4", "--autoregressive.iterations", "3", "--autoregressive.hidden", "4"]

SLOW = """
create function slow() returns trigger language plpgsql as
  $$ begin if (select count(*) from forecasts) > 9 then perform pg_sleep(60); end if; return new; end $$;
create trigger slow before insert on forecasts for each row execute function slow();
"""
"""The table of forecasts takes two rows more than it has after one forecast, and then lets its writer wait."""


class Operator:
    """Someone with a table of sales, and commands on it."""

    def __init__(self, postgres, folder: Path) -> None:
        self.postgres, self.store, self.printed = postgres, folder / "runs", ""
        postgres.create("shop")
        postgres.execute(
            "shop",
            f"create role clerk login password '{SECRET}'; grant create on schema public to clerk; "
            "create table sales (day date, amount numeric(10, 2)); grant select on sales to clerk",
        )
        self.admin = postgres.url("shop")
        self.url = self.admin.replace("wavecast@", f"clerk:{SECRET}@")
        self.arrives(0, 200)

    def arrives(self, first: int, last: int) -> None:
        self.postgres.execute(
            "shop",
            f"insert into sales select '2026-01-01'::date + k, 100 + 10 * sin(k / 5.0) "  # noqa: S608
            f"from generate_series({first}, {last - 1}) as k order by random()",
        )

    def starts(self, verb: str, *flags: str, store: Path | None = None) -> "subprocess.Popen[str]":
        source = ["--data", self.url, "--query", "select day, amount from sales", "--store", str(store or self.store)]
        environment = os.environ | {"PREFECT_API_URL": str(get_current_settings().api.url)}
        return subprocess.Popen(
            [sys.executable, "-m", "flows.cli", verb, *source, "--sink", self.url, *flags],
            cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip

    def ends(self, process: "subprocess.Popen[str]") -> int:
        self.printed += process.communicate(timeout=600)[0]
        return process.returncode

    def asks(self, query: str) -> list[tuple]:
        with connected(self.admin) as connection:
            return [tuple(row) for row in connection.exec_driver_sql(query)]


@pytest.fixture(scope="module")
def operator(prefect_server, postgres, tmp_path_factory):
    return Operator(postgres, tmp_path_factory.mktemp("shop"))


WHOLE = "select cutoff::date::text, count(*) from forecasts group by cutoff order by cutoff"


def test_only_whole_forecasts_are_ever_in_the_table(operator):
    assert operator.ends(operator.starts("retrain", *QUICK, "--sink-verdicts", "verdicts")) == 0, operator.printed
    assert operator.asks(WHOLE) == [("2026-07-19", 8)]
    ((name, made_by),) = operator.asks("select distinct unique_id, model from forecasts")
    assert name == "amount"
    ((run, decision, sentence),) = operator.asks("select run, decision, sentence from verdicts")
    assert made_by.startswith(run) and decision in ("promote", "naive") and sentence

    operator.arrives(200, 204)
    operator.postgres.execute("shop", SLOW)
    doomed, deadline = operator.starts("retrain", *QUICK), time.monotonic() + 240
    waits = "select count(*) from pg_stat_activity where wait_event = 'PgSleep'"
    while operator.asks(waits) == [(0,)] and doomed.poll() is None and time.monotonic() < deadline:
        time.sleep(0.2)
    assert operator.asks(waits) == [(1,)], "it is in the middle of writing"
    doomed.send_signal(signal.SIGKILL)
    operator.ends(doomed)
    operator.asks("select pg_terminate_backend(pid) from pg_stat_activity where wait_event = 'PgSleep'")
    assert operator.asks(WHOLE) == [("2026-07-19", 8)], "nothing of the forecast that was being written"

    operator.postgres.execute("shop", "drop trigger slow on forecasts")
    assert operator.ends(operator.starts("retrain", *QUICK)) == 0, operator.printed
    assert operator.asks(WHOLE) == [("2026-07-19", 8), ("2026-07-23", 8)]
    told = json.loads((operator.store / "latest" / "forecast.json").read_text())
    newest = "select ds::text, wavecast from forecasts where cutoff = '2026-07-23' order by ds"
    assert operator.asks(newest) == [(row["ds"].replace("T", " "), row["wavecast"]) for row in told["forecast"]]


def test_outcomes_follow_the_data(operator):
    for _ in range(2):
        flags = ["--sink-outcomes", "outcomes", "--sink-verdicts", "verdicts"]
        assert operator.ends(operator.starts("monitor", *flags)) == 0, operator.printed
        assert operator.asks("select count(*), min(ds)::date::text from outcomes where method = 'served'") == [
            (4, "2026-07-20")
        ]
        assert operator.asks("select count(*) from verdicts") == [(2,)]
    ((far,),) = operator.asks(
        "select max(abs(y - (100 + 10 * sin((ds::date - '2026-01-01'::date) / 5.0)))) from outcomes"
    )
    assert far < 0.01


def test_what_is_forecast_instead_when_data_are_refused_goes_into_the_table_too(operator):
    operator.postgres.execute("shop", "insert into sales values ('2026-07-23', 7)")
    assert operator.ends(operator.starts("retrain", *QUICK)) == 2
    assert "this time is there twice, with different values" in operator.printed
    assert operator.asks(WHOLE) == [("2026-07-19", 8), ("2026-07-23", 8)]
    ((label,),) = operator.asks("select distinct label from forecasts where cutoff = '2026-07-23'")
    assert label == json.loads((operator.store / "latest" / "forecast.json").read_text())["label"]
    assert "data of" in label
    operator.postgres.execute("shop", "delete from sales where amount = 7")


def test_the_password_is_nowhere(operator):
    assert "clerk:$WAVECAST_DATA_PASSWORD@" in (next(operator.store.glob("2*/manifest.json"))).read_text()
    assert "clerk" in operator.printed and SECRET not in operator.printed
    files = [path for path in operator.store.rglob("*") if path.is_file()]
    assert files and not [path for path in files if SECRET.encode() in path.read_bytes()]
    database = Path(str(get_current_settings().server.database.connection_url.get_secret_value()).partition("///")[2])
    kept = b"".join(path.read_bytes() for path in database.parent.glob(f"{database.name}*"))
    assert b"WAVECAST_DATA_PASSWORD" in kept and SECRET.encode() not in kept
    results = get_current_settings().results.local_storage_path
    assert not [path for path in Path(results).rglob("*") if path.is_file() and SECRET.encode() in path.read_bytes()]


def test_a_sink_that_cannot_be_written_is_told_before_anything_is_trained(operator, tmp_path):
    operator.postgres.execute("shop", "create table mine (x int)")
    printed = operator.printed
    process = operator.starts("retrain", *QUICK, "--sink-table", "mine", store=tmp_path / "other")
    assert operator.ends(process) == 2
    line = operator.printed.removeprefix(printed)
    assert "table 'mine' has no column 'unique_id'" in line and line.count("\n") == 1 and SECRET not in line
    assert not (tmp_path / "other").exists()
