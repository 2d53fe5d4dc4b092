"""The article's experiment without its network: the series, its groups, and the points to forecast."""

from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from rnn.arrays import Array
from rnn.datasets.xsinx import generate
from rnn.errors import WavecastError
from rnn.forecast import GridName, grid
from rnn.horizon import BadHorizon, Horizon, HorizonSetting
from rnn.random_streams import stream
from rnn.readers.options import Source
from rnn.series import Groups, Series, group


class Generated(BaseModel):
    """The generated series. Every field has a default, so that none at all give the article's."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    points: int = Field(600, ge=1, le=10_000_000, description="Points of the generated series.")
    step: float = Field(0.01, ge=1e-9, le=1e9, allow_inf_nan=False, description="Distance between neighbouring x.")
    noise: float = Field(0.01, ge=0, le=1e9, allow_inf_nan=False, description="Noise on y is uniform in ± this.")


class OneSeries(Generated, Source):
    """The one series of a flow: of the user's own, in a file, or else the generated one."""

    file_may_be_known: ClassVar[bool] = False
    """Whether there may be a file though none is given: the store knows it (rnn.lifecycle.series_of_store)."""

    @model_validator(mode="after")
    def _only_one(self) -> Self:
        fields = type(self).model_fields
        generated, read = (
            [name for name in model.model_fields if name != "data" and getattr(self, name) != fields[name].default]
            for model in (Generated, Source)
        )
        if self.data is not None and generated:
            raise ValueError(f"--{generated[0]} is for the generated series: leave it out, or leave out --data")
        if self.data is None and read and not self.file_may_be_known:
            raise ValueError(f"--{read[0].replace('_', '-')} is for a file: give --data too")
        return self

    @property
    def source(self) -> Source:
        """The settings of the file alone."""
        return Source(**{name: getattr(self, name) for name in Source.model_fields})


class HorizonTooLong(WavecastError):
    """More is to be forecast, in groups of `size`, than the `points` that are known; `said` is how much, in words."""

    def __init__(self, said: str, points: int, size: int) -> None:
        most = max(1, points // 4 // size) * size
        super().__init__(
            f"--horizon {said} is more than the {points} points that are known: leave it out, or give at most {most} "
            "points, a quarter of the series"
        )


class Task(BaseModel):
    """The task: the horizon to forecast, and the group size."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    group_size: int = Field(6, ge=1, le=10_000, description="Neighbouring points that make a group, one time step.")
    horizon: int = Field(20, ge=1, le=10_000, description="How many groups ahead to forecast.")

    def check_horizon(self, points: int, said: Horizon | None = None) -> None:
        """Refuse to forecast more points than a series of `points` has, `said` so. Raises HorizonTooLong."""
        ahead = self.horizon * self.group_size
        if ahead > points:
            counted = f"{self.horizon} in groups of {self.group_size}, {ahead} points,"
            raise HorizonTooLong(str(said or counted), points, self.group_size)


class AskedTask(BaseModel):
    """The task that a user asks for: what is not given suits the file, and is the article's without one.

    Sub-classes have a field `data`, the file or None. A field is None only where there is a file, or may be one, and
    there the horizon may be text that counts observations or time (`rnn.horizon`).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    file_may_be_known: ClassVar[bool] = False

    group_size: int | None = Field(
        None,
        ge=1,
        le=10_000,
        description="Neighbouring points that make a group, one time step. By default 6, or for a file what suits it.",
    )
    horizon: HorizonSetting = Field(
        None,
        description="How far ahead to forecast a file: observations, such as 14, or a time, such as 14d, 2w, 36h, "
        "'6 months'. Without a file, groups. By default 20 of them, or for a file what suits it.",
    )

    @model_validator(mode="before")
    @classmethod
    def _of_generated_data(cls, given: Any) -> Any:
        if not isinstance(given, dict) or given.get("data") is not None or cls.file_may_be_known:
            return given
        missing = {name: value for name, value in Task().model_dump().items() if given.get(name) is None}
        return {**given, **missing, "horizon": in_groups(missing.get("horizon", given.get("horizon")))}

    @property
    def said(self) -> Horizon | None:
        """The horizon that was asked for in observations or as a time; None where it is in groups, or left out."""
        return Horizon.parse(self.horizon) if isinstance(self.horizon, str) else None

    @property
    def is_settled(self) -> bool:
        """Whether group size and horizon are numbers of points and groups, and wait for nothing that the file says."""
        return self.group_size is not None and isinstance(self.horizon, int)

    @property
    def task(self) -> Task:
        """The task, where it is settled. Raises ValidationError elsewhere."""
        return Task.model_validate({name: getattr(self, name) for name in Task.model_fields}, strict=True)

    def asking(self, task: Task) -> Self:
        """The same settings with this task, checked as if it had been given."""
        return type(self).model_validate({**dict(self), **task.model_dump()})


def in_groups(horizon: Any) -> Any:
    """A horizon of the generated series, where a bare number counts groups. Raises BadHorizon for a time."""
    if not isinstance(horizon, str):
        return horizon
    try:
        said = Horizon.parse(horizon)
    except BadHorizon:
        return horizon  # refused as the field's own
    if said.unit == "groups" or horizon.strip().isdigit():
        return said.count
    raise BadHorizon(f"--horizon {said} is for a file: of the generated series it counts groups, such as 20")


class Grid(BaseModel):
    """The grid of x at which the forecast of a curve is read off."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    grid: GridName = Field(
        "text",
        description="x of the forecast: 'text' goes on with the same step, 'code' repeats the article's program.",
    )


class Experiment(Task, Generated, Grid):
    """The data and the task."""

    def series(self, seed: int) -> Series:
        """The generated series: its noise is the seed's."""
        return generate(self.points, self.step, self.noise, stream(seed, "noise"))

    def groups(self, seed: int) -> Groups:
        """The same in groups."""
        return group(self.series(seed), self.group_size)

    def ahead(self, groups: Groups) -> Array:
        """The x to forecast at, (horizon, group_size)."""
        return grid(self.grid, float(groups.x[-1, -1, 0]), groups.step, self.group_size, self.horizon)
