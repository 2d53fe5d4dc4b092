"""The settings of an evaluation."""

from importlib.util import find_spec
from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from flows.settings.base import FlowSettings
from rnn.evaluation.benchmark import NAMES
from rnn.evaluation.methods import METHODS, PEERS
from rnn.evaluation.suites import SUITES, SuiteName

TEXTBOOK = "textbook"


class EvaluateSettings(FlowSettings):
    """The settings of an evaluation. The defaults compare all methods on the textbook's series and x·sin(x)."""

    suite: Literal["textbook", SuiteName] = Field(
        "textbook",
        description="The suite to forecast: x·sin(x) and eight known series; M1, M3 or Tourism; or longer real series.",
    )
    methods: tuple[str, ...] = Field((), description="Methods to compare, by name. By default all that suit the suite.")
    sample: int | None = Field(
        None,
        ge=1,
        description="Draw so many series of a competition, or of the long ones, by --seed; by default all.",
    )
    runner: Literal["processes", "dask"] = Field(
        "processes", description="The runner that forecasts several series at a time, on all suites but the textbook's."
    )
    workers: int = Field(1, ge=1, le=1024, description="Series forecast at the same time.")
    dask_address: str | None = Field(
        None, description="A Dask scheduler, such as tcp://host:8786. Without one the runner 'dask' starts its own."
    )
    seeds: int = Field(16, ge=1, le=1000, description="Seeds of x·sin(x), each with noise and weights of its own.")
    series: tuple[str, ...] = Field(NAMES, min_length=1, description="Series of the textbook's suite to forecast.")
    origins: int = Field(5, ge=1, le=100, description="Rolling origins on each of the textbook's other series.")
    peers: bool = Field(
        True,
        description="Peers of other libraries take part where the extra 'peers' is installed, unless --peers=false.",
    )

    @field_validator("series")
    @classmethod
    def _are_known(cls, series: tuple[str, ...]) -> tuple[str, ...]:
        for name in series:
            if name not in NAMES:
                raise ValueError(f"there is no series {name!r}, but {', '.join(NAMES)}")
        if len(set(series)) < len(series):
            raise ValueError("name each series once")
        return series

    @model_validator(mode="after")
    def _fits_the_suite(self) -> Self:
        known = self._that_suit()
        for name in self.methods:
            if name not in known:
                raise ValueError(f"suite '{self.suite}' knows no method {name!r}, but {', '.join(known)}")
        if len(set(self.methods)) < len(self.methods):
            raise ValueError("name each method once")
        if self.suite == TEXTBOOK and self.sample is not None:
            raise ValueError(f"a sample is drawn from a competition: give --suite {' or '.join(SUITES)} too")
        if self.suite != TEXTBOOK and self.series != NAMES:
            raise ValueError("--series names series of suite 'textbook': give --sample instead, or --suite textbook")
        if self.dask_address and self.runner != "dask":
            raise ValueError("a Dask address is for runner 'dask': give --runner dask too")
        return self

    def _that_suit(self) -> tuple[str, ...]:
        return (*METHODS, *PEERS) if self.suite == TEXTBOOK else SUITES[self.suite].methods

    def chosen(self) -> tuple[str, ...]:
        """The methods that take part, in the order of tables."""
        there = self._that_suit()
        if self.methods:
            return tuple(name for name in there if name in self.methods)
        of_others = {name for name in there if name not in METHODS}
        return tuple(name for name in there if name not in of_others or (self.peers and find_spec("statsforecast")))
