"""Trainings that are known to be needed, done by other processes before they are asked for."""

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context

from rnn.ensemble import TrainedEnsemble
from rnn.recipes import AutoregressiveRecipe
from rnn.series import Series
from rnn.trainings import Trainings

BLOCK = 6
"""So many networks train in lockstep, which is quicker than one by one, and all of them wait for the last."""


class TrainedAhead(Trainings):
    """Trainings by where the data end, of which the expected ones are under way. Made by `trained_ahead`."""

    def __init__(self, series: Series, group_size: int, horizon: int, newest: int | None = None) -> None:
        super().__init__(series, group_size, horizon, newest)
        self._recipe: AutoregressiveRecipe | None = None
        self._seed = 0
        self._pool: ProcessPoolExecutor | None = None
        self._waiting: deque[list[int]] = deque()
        self._coming: deque[tuple[list[int], Future[list[TrainedEnsemble]]]] = deque()
        self._workers = 0

    def at(self, ends: Sequence[int], recipe: AutoregressiveRecipe, seed: int) -> list[TrainedEnsemble]:
        """As `Trainings.at`: what is under way is waited for, and only what nobody expected is trained here."""
        if recipe == self._recipe and seed == self._seed:
            while any((end, recipe, seed) not in self.known and self._expected(end) for end in ends):
                self._take()
        return super().at(ends, recipe, seed)

    def forget(self, before: int) -> None:
        """Drop what was trained on data that end before so many points: each takes a megabyte or two."""
        self.known = {key: ensemble for key, ensemble in self.known.items() if key[0] >= before}

    def _expected(self, end: int) -> bool:
        return any(end in block for block, _ in self._coming) or any(end in block for block in self._waiting)

    def _take(self) -> None:
        self._submit()
        block, future = self._coming.popleft()
        assert self._recipe is not None  # noqa: S101
        self.known.update(
            {(end, self._recipe, self._seed): one for end, one in zip(block, future.result(), strict=True)}
        )
        self._submit()

    def _submit(self) -> None:
        """Keep every worker busy and a block in hand for each; more would only fill the memory."""
        assert self._pool is not None and self._recipe is not None  # noqa: S101, PT018
        while self._waiting and len(self._coming) < 2 * self._workers:
            block = self._waiting.popleft()
            here = self.series, self.group_size, self.horizon, self.newest
            self._coming.append((block, self._pool.submit(_train, *here, block, self._recipe, self._seed)))


@contextmanager
def trained_ahead(
    series: Series,
    group_size: int,
    horizon: int,
    newest: int | None,
    expected: Sequence[int],
    recipe: AutoregressiveRecipe,
    seed: int,
    workers: int,
) -> Iterator[TrainedAhead]:
    """Trainings of which `workers` processes do those that end at the `expected` points, in order, ahead of time.

    With fewer than two workers, or nothing to expect, everything is trained here and when it is asked for.
    """
    trainings = TrainedAhead(series, group_size, horizon, newest)
    if workers < 2 or not expected:
        yield trainings
        return
    # Spawned: a process that has threads, such as Prefect's, is not safely forked.
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"))
    try:
        trainings._begin(pool, workers, sorted(set(expected)), recipe, seed)
        yield trainings
    finally:
        pool.shutdown(cancel_futures=True)


def _train(
    series: Series,
    group_size: int,
    horizon: int,
    newest: int | None,
    ends: list[int],
    recipe: AutoregressiveRecipe,
    seed: int,
) -> list[TrainedEnsemble]:
    return Trainings(series, group_size, horizon, newest).at(ends, recipe, seed)
