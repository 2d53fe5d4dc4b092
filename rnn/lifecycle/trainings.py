"""Trainings on the beginnings of one series, each done once however often it is asked for."""

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context

from rnn.ensemble.model import TrainedEnsemble
from rnn.ensemble.training import train_together
from rnn.random_streams import stream
from rnn.recipes import AutoregressiveRecipe
from rnn.series import Groups, Series, group, newest


class Trainings:
    """Ensembles by where their data end, by recipe and by seed.

    Whoever has an ensemble already puts it into `known`, by (end, recipe, seed). Each learns from at most the
    `newest` points before its end, so that a series that grows for a year does not make training ever slower.
    """

    def __init__(self, series: Series, group_size: int, horizon: int, newest: int | None = None) -> None:
        self.series, self.group_size, self.horizon, self.newest = series, group_size, horizon, newest
        self.known: dict[tuple[int, AutoregressiveRecipe, int], TrainedEnsemble] = {}

    def groups(self, end: int) -> Groups:
        """What a training learns from when the data end after `end` points."""
        return group(newest(self.series.first(end), self.newest), self.group_size)

    def at(self, ends: Sequence[int], recipe: AutoregressiveRecipe, seed: int) -> list[TrainedEnsemble]:
        """The ensemble that learned from what was known after each of `ends` points; what is missing, in lockstep.

        Raises SeriesTooShort, and Diverged when a training does.
        """
        missing = [end for end in dict.fromkeys(ends) if (end, recipe, seed) not in self.known]
        if missing:
            seen = [self.groups(end) for end in missing]
            # Each begins as it would alone: with the first numbers of the recipe's stream.
            rngs = [stream(seed, "autoregressive") for _ in missing]
            trained = train_together(seen, recipe, rngs, horizon=self.horizon)
            self.known.update({(end, recipe, seed): one for end, one in zip(missing, trained, strict=True)})
        return [self.known[end, recipe, seed] for end in ends]


BLOCK = 6
"""So many trainings go in lockstep, which is quicker than one by one; whoever needs the first waits for the last."""


class TrainedAhead(Trainings):
    """The trainings of `plain`, those of `recipe` and `seed` that end at the `expected` points by `pool`, in order."""

    def __init__(
        self,
        plain: Trainings,
        expected: Sequence[int],
        recipe: AutoregressiveRecipe,
        seed: int,
        pool: Executor,
        in_hand: int,
    ) -> None:
        super().__init__(plain.series, plain.group_size, plain.horizon, plain.newest)
        self.known = dict(plain.known)
        self._plain, self._recipe, self._seed, self._pool, self._in_hand = plain, recipe, seed, pool, in_hand
        ends = sorted(set(expected))
        self._waiting = deque(ends[i : i + BLOCK] for i in range(0, len(ends), BLOCK))
        self._coming: deque[tuple[list[int], Future[list[TrainedEnsemble]]]] = deque()
        self._submit()

    def at(self, ends: Sequence[int], recipe: AutoregressiveRecipe, seed: int) -> list[TrainedEnsemble]:
        """As `Trainings.at`: what is under way is waited for, and only what nobody expected is trained here."""
        if (recipe, seed) == (self._recipe, self._seed):
            while any((end, recipe, seed) not in self.known and self._is_expected(end) for end in ends):
                self._take()
        return super().at(ends, recipe, seed)

    def _is_expected(self, end: int) -> bool:
        return any(end in block for block, _ in self._coming) or any(end in block for block in self._waiting)

    def _take(self) -> None:
        """Receive the block that was submitted first."""
        block, future = self._coming.popleft()
        for end, ensemble in zip(block, future.result(), strict=True):
            self.known[end, self._recipe, self._seed] = ensemble
        self._submit()

    def _submit(self) -> None:
        """No more than a block or two in hand for each process: finished ensembles fill the memory."""
        while self._waiting and len(self._coming) < self._in_hand:
            block = self._waiting.popleft()
            self._coming.append((block, self._pool.submit(_train, self._plain, block, self._recipe, self._seed)))


@contextmanager
def trained_ahead(
    plain: Trainings, expected: Sequence[int], recipe: AutoregressiveRecipe, seed: int, workers: int
) -> Iterator[Trainings]:
    """`plain`, of whose trainings `workers` processes do the `expected` ones ahead of time; with one worker, itself."""
    if workers < 2 or not expected:
        yield plain
        return
    # Spawned: a process that has threads, such as Prefect's, is not safely forked.
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"))
    try:
        yield TrainedAhead(plain, expected, recipe, seed, pool, 2 * workers)
    finally:
        pool.shutdown(cancel_futures=True)


def _train(plain: Trainings, ends: list[int], recipe: AutoregressiveRecipe, seed: int) -> list[TrainedEnsemble]:
    return plain.at(ends, recipe, seed)
