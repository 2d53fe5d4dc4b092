"""Scores taken back: on record as voided, counted nowhere, by a line that says how many."""

import numpy as np
import pytest

from artifacts.lifecycle.identity import Identity, counted, write_identity
from artifacts.lifecycle.ledger import Ledger, _write, read_ledger
from artifacts.store.store import Store
from flows.cli import main
from rnn.calendar import DAY
from rnn.forecast import Forecast
from rnn.lifecycle.outcomes import pending

START = int(np.datetime64("2026-01-01", "us").astype(np.int64))


@pytest.fixture
def ledger(tmp_path):
    """`ledger(at, calendar)`: a store whose ledger has a line at each of these moments."""

    def kept(at, calendar=None) -> Store:
        store = Store(str(tmp_path / "runs"))
        x = np.array(at, dtype=float)[:, None]
        rows = pending("20260101T000000Z-a", "a/b", Forecast("served", x, x, None), 0.0)
        _write(store, Ledger(rows, frozenset()))
        facts = {"unique_id": "v", "since": "", "source": None, "time_column": "t", "value_column": "v", "step": 1,
                 "lowest": 0, "highest": 6, "median": 3, "spread": 2, "first": "0", "last": "9", "points": 10,
                 "block": 256, "digests": {}}  # fmt: skip
        write_identity(store, Identity(calendar=calendar, **facts))
        return store

    return kept


def voids(*words) -> str:
    with pytest.raises(SystemExit) as end:
        main(["void", *words])
    assert end.value.code == 2


def test_hours_of_two_days_are_voided_by_the_series_own_clock(ledger, capsys):
    hours = START + np.arange(120) * DAY // 24
    store = ledger(hours, {"frequency": "h", "start": "2026-01-01", "zone": "Europe/Berlin", "shift": 0})
    main(["void", "--from", "2026-01-02", "--to", "2026-01-03", "--why", "half a  day\nof sales", "--store", store.url])
    assert "48 lines of 2026-01-02 to 2026-01-03 are voided" in capsys.readouterr().out
    scored = read_ledger(store).scored
    assert len(scored) == 120, "they stay"
    assert np.flatnonzero(scored.voided != "").tolist() == list(range(23, 71)), "Berlin's days begin an hour earlier"
    assert scored.voided[23].endswith(" UTC: half a day of sales")
    assert len(counted(store)) == 72
    main(["void", "--from", "2026-01-02 01:00", "--undo", "--store", store.url])
    assert "1 line of 2026-01-02 01:00 count again" in capsys.readouterr().out
    assert len(counted(store)) == 73


def test_numbers_are_voided_by_number(ledger):
    store = ledger([1, 2, 3, 4.5])
    main(["void", "--from", "2", "--to", "4", "--why", "stuck", "--store", store.url])
    assert counted(store).at.tolist() == [1, 4.5]


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["--from", "2"], "--why: say what was wrong"),
        (["--from", "9", "--why", "x"], "no line that counts of the time 9: its lines are of 1 to 4.5"),
        (["--from", "3", "--to", "2", "--why", "x"], "--from 3 is after --to 2"),
        (["--from", "May", "--why", "x"], "'May' is no time of the series: give a number; its lines are of 1 to 4.5"),
        (["--from", "yesterday"], "'yesterday' is no time of the series: give a number"),
        (["--from", "2", "--undo"], "no voided line"),
    ],
)
def test_a_mistake_is_one_line_and_voids_nothing(ledger, capsys, words, line):
    store = ledger([1, 2, 3, 4.5])
    voids(*words, "--store", store.url)
    (told,) = capsys.readouterr().err.splitlines()
    assert line in told
    assert len(counted(store)) == 4


def test_a_store_that_is_not_there_is_not_made(tmp_path, capsys):
    voids("--from", "2", "--why", "x", "--store", str(tmp_path / "absent"))
    assert "there is no store" in capsys.readouterr().err
    assert not (tmp_path / "absent").exists()
