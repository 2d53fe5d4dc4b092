"""Leases: one owner at a time, whoever waits takes over what is not renewed, and the late owner learns of it."""

import json
import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from artifacts.store import lease as module
from artifacts.store.conditional import Changed
from artifacts.store.lease import PAUSE, RENEWALS, FencedOff, Lease, Taken, held
from tests.processes import eventually


class Cell:
    """An object in memory, written by compare and swap."""

    def __init__(self, data: bytes | None = None) -> None:
        self.data, self.version, self.lock = data, 0, threading.Lock()

    def read(self):
        with self.lock:
            return None if self.data is None else (self.data, str(self.version))

    def write(self, data, seen):
        with self.lock:
            if seen != (None if self.data is None else str(self.version)):
                raise Changed
            self.data, self.version = data, self.version + 1
            return str(self.version)


class World:
    """A clock that stands still, and what else happens while somebody waits."""

    def __init__(self, meanwhile=lambda: None) -> None:
        self.now, self.meanwhile = 0.0, meanwhile

    def clock(self) -> float:
        return self.now

    def pause(self, seconds: float) -> None:
        self.now += seconds
        self.meanwhile()

    def lease(self, cell) -> Lease:
        return Lease(cell, 30.0, self.clock, self.pause)


def test_a_free_lease_is_taken_at_once_and_again_after_its_release():
    cell, world = Cell(), World()
    for fence in (1, 2, 3):
        lease = world.lease(cell)
        lease.take(0)
        assert lease.fence == fence
        lease.confirm(surely=True)
        lease.release()
    assert world.now == 0
    assert json.loads(cell.data)["owner"] is None


def test_whoever_holds_it_and_renews_it_keeps_it():
    cell, world = Cell(), World()
    owner = world.lease(cell)
    owner.take(0)
    world.meanwhile = owner.confirm
    with pytest.raises(Taken):
        world.lease(cell).take(600)
    assert world.now >= 600
    owner.confirm(surely=True)


def test_it_is_renewed_only_when_due():
    cell, world = Cell(), World()
    owner = world.lease(cell)
    owner.take(0)
    before = cell.version
    world.now += 30 / RENEWALS - 0.1
    owner.confirm()
    assert cell.version == before
    world.now += 0.2
    owner.confirm()
    assert cell.version == before + 1


@given(st.lists(st.floats(0.01, 29.0), max_size=12), st.floats(0, 29))
def test_an_owner_that_stands_still_is_taken_over_and_told(renewals, still_before):
    cell, world = Cell(), World()
    owner, waiter = world.lease(cell), world.lease(cell)
    owner.take(0)
    world.now += still_before
    left = list(renewals)
    due = [world.now + left.pop(0)] if left else []

    def meanwhile() -> None:
        if due and world.now >= due[0]:
            owner.confirm(surely=True)
            due[:] = [world.now + left.pop(0)] if left else []

    world.meanwhile = meanwhile
    waiter.take(1000)
    last = sum(renewals) + len(renewals) * PAUSE + still_before
    assert 30 <= world.now - still_before <= last + 30 + 2 * PAUSE
    assert not due
    assert waiter.fence == owner.fence + 1
    for _ in range(2):
        with pytest.raises(FencedOff):
            owner.confirm(surely=True)
    world.now += 31
    with pytest.raises(FencedOff):
        owner.confirm()
    owner.release()
    waiter.confirm(surely=True)


@given(st.binary(max_size=40) | st.sampled_from([b"[]", b'{"owner": "x"}', b'{"owner": 3, "fence": "a"}']))
def test_a_lease_that_cannot_be_read_runs_out(data):
    cell, world = Cell(data), World()
    lease = world.lease(cell)
    lease.take(100)
    assert world.now >= 30
    lease.confirm(surely=True)


def test_eight_threads_count_one_after_the_other(monkeypatch):
    monkeypatch.setattr(module, "PAUSE", 0.001)
    cell, count = Cell(), [0]

    def work() -> None:
        for _ in range(5):
            with held(cell, 60):
                before = count[0]
                time.sleep(0.001)
                count[0] = before + 1

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert count == [40]
    assert json.loads(cell.data)["fence"] == 40


def test_a_held_lease_is_renewed_while_the_block_works_and_over_a_store_that_is_away(monkeypatch):
    monkeypatch.setattr(module, "SECONDS", 0.5)
    cell = Cell()
    with held(cell, 0):
        write, cell.write = cell.write, lambda data, seen: (_ for _ in ()).throw(OSError("away"))
        time.sleep(0.2)
        cell.write = write
        eventually(lambda: json.loads(cell.data)["renewals"] >= 2, "two renewals", pause=0.05)
    assert json.loads(cell.data)["owner"] is None
