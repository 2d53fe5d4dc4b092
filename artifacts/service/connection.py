"""A connection to a client, which ends when the client does not go on. uvicorn alone waits for it for ever.

A client that begins a request and never ends it costs nothing to keep up and holds one of the places for connections;
enough of them shut everybody else out (known as slowloris). So does one that takes none of its answer.
"""

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 10.0
"""So many seconds a request's address and headers may take to arrive."""

STUCK_SECONDS = 30.0
"""A client that takes none of its answer for so many seconds gets no more of it."""


class Connection(H11Protocol):
    """uvicorn's connection, with limits on how long a request takes to arrive and an answer stays untaken."""

    _head: asyncio.TimerHandle | None = None
    _taken: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Wait for the first request, a while."""
        super().connection_made(transport)
        self._await_head()

    def data_received(self, data: bytes) -> None:
        """Take what has come. The time runs on until the request is whole, in however small pieces it arrives."""
        super().data_received(data)
        self._await_head()

    def pause_writing(self) -> None:
        """Wait until the client has taken what lies ready, as long as it takes some."""
        super().pause_writing()
        self._await_taking()

    def resume_writing(self) -> None:
        """Go on writing."""
        super().resume_writing()
        self._taken = _without(self._taken)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing any more."""
        super().connection_lost(exc)
        self._head, self._taken = _without(self._head), _without(self._taken)

    def _await_head(self) -> None:
        answering = self.cycle is not None and not self.cycle.response_complete
        if answering or self.transport.is_closing():
            self._head = _without(self._head)
        elif self._head is None:
            self._head = self.loop.call_later(HEAD_SECONDS, self.transport.abort)

    def _await_taking(self) -> None:
        ready = self.transport.get_write_buffer_size()
        self._taken = self.loop.call_later(STUCK_SECONDS, self._look_whether_taken, ready)

    def _look_whether_taken(self, before: int) -> None:
        if self.transport.get_write_buffer_size() < before:
            self._await_taking()
        else:
            self.transport.abort()


def _without(timer: asyncio.TimerHandle | None) -> asyncio.TimerHandle | None:
    """No timer, after this one has been cancelled."""
    if timer is not None:
        timer.cancel()
    return None
