"""Train on beginnings of one series, each once however often it is asked for."""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context

from rnn.ensemble.model import TrainedEnsemble
from rnn.ensemble.training import train
from rnn.kept_results import NOTHING, KeptResults
from rnn.random_streams import stream
from rnn.recipes import AutoregressiveRecipe
from rnn.series import Groups, Series, group, newest


def no_progress(end: int) -> None:
    """Nobody wants to know of a training; a function that can go to another process."""


class Trainings:
    """Ensembles by where their data end, by recipe and by seed.

    Whoever has an ensemble already puts it into `known`, by (end, recipe, seed). Each learns from at most the
    `newest` points before its end, so that a series that grows for a year does not make training ever slower.
    """

    def __init__(
        self,
        series: Series,
        group_size: int,
        horizon: int,
        newest: int | None = None,
        kept: KeptResults = NOTHING,
        on_training: Callable[[int], None] = no_progress,
    ) -> None:
        """Each training is `kept` when it is done, and taken from there when it was; `on_training(its end)`."""
        self.series, self.group_size, self.horizon, self.newest = series, group_size, horizon, newest
        self.kept, self.on_training = kept, on_training
        self.known: dict[tuple[int, AutoregressiveRecipe, int], TrainedEnsemble] = {}

    def groups(self, end: int) -> Groups:
        """The groups that a training learns from when the data end after `end` points."""
        return group(newest(self.series.first(end), self.newest), self.group_size)

    def at(self, ends: Sequence[int], recipe: AutoregressiveRecipe, seed: int) -> list[TrainedEnsemble]:
        """The ensemble that learned from what was known after each of `ends` points; what is missing, one by one.

        Raises SeriesTooShort, and Diverged when a training does.
        """
        for end in dict.fromkeys(ends):
            if (end, recipe, seed) not in self.known:
                self.known[end, recipe, seed] = self._one(end, recipe, seed)
            self.on_training(end)
        return [self.known[end, recipe, seed] for end in ends]

    def _one(self, end: int, recipe: AutoregressiveRecipe, seed: int) -> TrainedEnsemble:
        arrays = self.kept.get(name_of(end, recipe, seed))
        if arrays is not None:
            return TrainedEnsemble.from_arrays(arrays)
        # It begins as it would anywhere: with the first numbers of the recipe's stream.
        trained = train(self.groups(end), recipe, stream(seed, "autoregressive"), horizon=self.horizon)
        self.kept.put(name_of(end, recipe, seed), trained.arrays())
        return trained


def name_of(end: int, recipe: AutoregressiveRecipe, seed: int) -> str:
    """The name under which a training is kept."""
    return f"after {end} points, seed {seed}, {recipe.model_dump_json()}"


BLOCK = 6
"""So many trainings are handed to a process at a time; whoever needs the first waits for the last."""


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
        super().__init__(plain.series, plain.group_size, plain.horizon, plain.newest, plain.kept, plain.on_training)
        self.known = dict(plain.known)
        self._plain = Trainings(plain.series, plain.group_size, plain.horizon, plain.newest)  # what the processes get
        self._recipe, self._seed, self._pool, self._in_hand = recipe, seed, pool, in_hand
        ends = [end for end in sorted(set(expected)) if self.kept.get(name_of(end, recipe, seed)) is None]
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
            self.kept.put(name_of(end, self._recipe, self._seed), ensemble.arrays())
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
