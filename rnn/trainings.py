"""Trainings on the beginnings of one series, each done once however often it is asked for."""

from collections.abc import Sequence

from rnn.autoregression import train_together
from rnn.ensemble import TrainedEnsemble
from rnn.recipes import AutoregressiveRecipe
from rnn.series import Groups, Series, group, newest
from rnn.streams import stream


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
        seen = Series(self.series.x[:end], self.series.y[:end], self.series.step)
        return group(newest(seen, self.newest), self.group_size)

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
