"""A client that does not go on is let go; one that is slow and goes on is served."""

import asyncio
from types import SimpleNamespace

import h11
import pytest
import uvicorn

from artifacts.service import connection
from artifacts.service.connection import Connection

BEGUN = b"GET / HTTP/1.1\r\nHost: here\r\nX-Slow: "


class Task:
    def add_done_callback(self, call):
        pass


class Clock:
    """A loop that only knows what is to be called later, and calls it when told."""

    def __init__(self):
        self.waiting = []

    def call_later(self, seconds, call, *arguments):
        timer = SimpleNamespace(seconds=seconds, run=lambda: call(*arguments))
        timer.cancel = lambda: self.waiting.remove(timer) if timer in self.waiting else None
        self.waiting.append(timer)
        return timer

    def create_task(self, coroutine, **_):
        coroutine.close()
        return Task()

    def ring(self, seconds):
        """Let that time pass: call all that wait so long."""
        for timer in [each for each in self.waiting if each.seconds == seconds]:
            self.waiting.remove(timer)
            timer.run()


class Wire(asyncio.Transport):
    """A transport that notes how it ended."""

    def __init__(self):
        super().__init__()
        self.ended, self.ready = None, 0

    def is_closing(self):
        return self.ended is not None

    def abort(self):
        self.ended = "aborted"

    def close(self):
        self.ended = "closed"

    def get_write_buffer_size(self):
        return self.ready

    def write(self, data):
        pass


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def wire():
    return Wire()


@pytest.fixture
def client(clock, wire):
    """A connection that a client has just opened."""

    async def application(scope, receive, send):
        pass

    config = uvicorn.Config(application, http=Connection, ws="none", lifespan="off", log_config=None)
    config.load()
    opened = Connection(config, uvicorn.server.ServerState(), {}, clock)
    opened.connection_made(wire)
    return opened


def test_a_client_that_opens_a_connection_and_says_nothing_is_let_go(client, clock, wire):
    clock.ring(connection.HEAD_SECONDS)
    assert wire.ended == "aborted"


def test_a_request_that_drops_in_letter_by_letter_has_no_longer_than_another(client, clock, wire):
    for piece in (BEGUN, b"a", b"b"):
        client.data_received(piece)
    assert [each.seconds for each in clock.waiting] == [connection.HEAD_SECONDS]  # one timer, not begun anew
    clock.ring(connection.HEAD_SECONDS)
    assert wire.ended == "aborted"


def test_an_answer_may_take_its_time(client, clock, wire):
    client.data_received(BEGUN + b"no\r\n\r\n")
    assert clock.waiting == []
    assert wire.ended is None


def test_the_next_request_of_a_kept_connection_has_the_same_time(client, clock, wire):
    client.data_received(BEGUN + b"no\r\n\r\n")
    client.conn.send(h11.Response(status_code=200, headers=[("Content-Length", "0")]))
    client.conn.send(h11.EndOfMessage())
    client.cycle.response_complete = True
    client.on_response_complete()
    client.data_received(BEGUN)
    clock.ring(connection.HEAD_SECONDS)
    assert wire.ended == "aborted"


def test_a_client_that_takes_nothing_of_its_answer_gets_no_more(client, clock, wire):
    client.data_received(BEGUN + b"no\r\n\r\n")
    wire.ready = 100_000
    client.pause_writing()
    clock.ring(connection.STUCK_SECONDS)
    assert wire.ended == "aborted"


def test_a_client_that_takes_its_answer_slowly_gets_all_of_it(client, clock, wire):
    client.data_received(BEGUN + b"no\r\n\r\n")
    wire.ready = 100_000
    client.pause_writing()
    for _ in range(5):
        wire.ready -= 10_000
        clock.ring(connection.STUCK_SECONDS)
    client.resume_writing()
    assert (wire.ended, clock.waiting) == (None, [])


def test_a_client_that_goes_away_is_waited_for_no_more(client, clock):
    client.data_received(BEGUN)
    client.connection_lost(None)
    assert clock.waiting == []
