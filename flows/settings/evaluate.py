"""The settings of an evaluation."""

from importlib.util import find_spec

from pydantic import Field, field_validator

from flows.settings.base import FlowSettings
from rnn.evaluation.benchmark import NAMES
from rnn.evaluation.methods import METHODS, PEERS


class EvaluateSettings(FlowSettings):
    """The settings of an evaluation. The defaults compare all methods on all series, as in docs/evaluation.md."""

    seeds: int = Field(16, ge=1, le=1000, description="Seeds of x·sin(x), each with noise and weights of its own.")
    series: tuple[str, ...] = Field(NAMES, min_length=1, description="Series to forecast.")
    origins: int = Field(5, ge=1, le=100, description="Rolling origins on each of the other series.")
    peers: bool = Field(
        True,
        description="AutoARIMA and AutoETS take part where the extra 'peers' is installed, unless --peers=false.",
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

    def methods(self) -> tuple[str, ...]:
        """The methods that take part."""
        return (*METHODS, *(PEERS if self.peers and find_spec("statsforecast") else ()))
