"""Label a picture's axes: numbers as they are, the times of a calendar as clocks show them."""

from dataclasses import dataclass

import numpy as np

from rnn.arrays import AnyArray, Array
from rnn.calendar import Calendar, to_clock


@dataclass(frozen=True)
class Axis:
    """The axes of a series' pictures: its `calendar`, if it has one, and what its columns are called."""

    calendar: Calendar | None = None
    x_name: str = "x"
    y_name: str = "y"

    def __call__(self, x: Array) -> AnyArray:
        """Where `x` (points,) is drawn: there, or at the times that it stands for."""
        if self.calendar is None:
            return x
        return to_clock(self.calendar.times(np.asarray(x).ravel()), self.calendar.zone)

    def shown(self, x: float) -> str:
        """One place on it, in words."""
        if self.calendar is None:
            return f"{x:.6g}"
        return self.calendar.shown(self.calendar.times(np.array([x])))[0]

    @property
    def labels(self) -> tuple[str, str]:
        """The names of both, none of it taken for a formula."""
        return self.x_name.replace("$", r"\$"), self.y_name.replace("$", r"\$")
