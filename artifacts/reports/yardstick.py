"""Name the best naive forecast on the same data, which every forecast is compared with."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from rnn.lifecycle.folds import NAIVE


@dataclass(frozen=True)
class Yardstick:
    """The naive forecast of the least error: its method and its RMSE, in the unit of y."""

    naive: str
    error: float

    def ratio(self, error: float | None) -> float:
        """An error over the naive one's; infinite where it is no number, or where the naive forecast makes no error."""
        if error is None or not np.isfinite(error):
            return float("inf")
        if self.error == 0:
            return 1.0 if error == 0 else float("inf")
        return error / self.error


def yardstick(errors: Mapping[str, float | None]) -> Yardstick | None:
    """The best naive forecast among methods with their RMSE; None where there is no naive one with a finite error."""
    known = {name: error for name in NAIVE if (error := errors.get(name)) is not None and np.isfinite(error)}
    if not known:
        return None
    naive = min(known, key=lambda name: known[name])
    return Yardstick(naive, known[naive])
