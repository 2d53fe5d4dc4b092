"""Count nights: with a forecast or without, labelled rightly or wrongly, with an alarm due or raised.

The counts of a year are sums over its nights.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from rnn.lifecycle.faults import Fault

DAY = 86_400.0


@dataclass(frozen=True)
class Night:
    """One night, as found after its monitor and its retraining.

    `fault`: its kind and place among the nights it lasts, or None. `delivered`: the day of the newest value in a file
    that is true; `cutoff`: that of the newest value behind the forecast in latest/; None where there is none.
    `there`: the forecast covers tomorrow. `label`: what it says it is. `said`: the day that the label speaks of.
    `alarms`: what was told to whoever waits for it. `promoted`: promotions, and `promoted_on_bad`: those of models that
    had learned values that are not so, `learned_bad`: whether the forecast was made from such values. `lost`: sentences
    on what was there the night before and is not, or is torn. `same_bytes`: after a kill, whether the same night
    done again gave the bytes of an undisturbed one; None without a kill. `again`: whether it was run again, and
    `labelled_again` whether the label was true then. `by_hand`: what else had to be done. `seconds`: how long it took.
    """

    number: int
    day: str
    fault: Fault | None
    delivered: str
    cutoff: str | None = None
    there: bool = False
    label: str = ""
    said: str | None = None
    outcome: str = ""
    alarms: tuple[str, ...] = ()
    drift: bool = False
    promoted: int = 0
    promoted_on_bad: int = 0
    learned_bad: bool = False
    lost: tuple[str, ...] = ()
    same_bytes: bool | None = None
    again: bool = False
    labelled_again: bool | None = None
    by_hand: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def labelled(self) -> bool:
        """Whether the label is true: it names the day of its data, or names none and the data are the newest there are.

        The newest of a feed that is late are old all the same: from its second night on the label must say so.
        """
        if not self.there or self.learned_bad:
            return False
        if self.said is not None:
            return self.said == self.cutoff
        late = self.fault is not None and self.fault.kind == "stale" and self.fault.alarm
        untrue = self.fault is not None and self.fault.untrue
        return self.cutoff == self.delivered and not late and not untrue

    @property
    def alarm_due(self) -> bool:
        """Whether an alarm was due."""
        return self.fault is not None and self.fault.alarm


@dataclass(frozen=True)
class Counts:
    """The counts of so many `nights`, of which `faulty` had a fault."""

    nights: int
    faulty: int
    there: int
    labelled: int
    labelled_in_the_end: int
    promotions: int
    promotions_on_bad: int
    forecasts_from_bad: int
    alarms_due: int
    alarms_raised: int
    alarms_missed: int
    alarms_false: int
    drift_found: int
    lost: int
    kills: int
    same_bytes: int
    again: int
    by_hand: int


def count(nights: Sequence[Night]) -> Counts:
    """All counts."""
    return Counts(
        nights=len(nights),
        faulty=sum(night.fault is not None for night in nights),
        there=sum(night.there for night in nights),
        labelled=sum(night.labelled for night in nights),
        labelled_in_the_end=sum(night.labelled or bool(night.labelled_again) for night in nights),
        promotions=sum(night.promoted for night in nights),
        promotions_on_bad=sum(night.promoted_on_bad for night in nights),
        forecasts_from_bad=sum(night.learned_bad for night in nights),
        alarms_due=sum(night.alarm_due for night in nights),
        alarms_raised=sum(night.alarm_due and bool(night.alarms) for night in nights),
        alarms_missed=sum(night.alarm_due and not night.alarms for night in nights),
        alarms_false=sum(not night.alarm_due and bool(night.alarms) for night in nights),
        drift_found=sum(night.drift for night in nights),
        lost=sum(len(night.lost) for night in nights),
        kills=sum(night.same_bytes is not None for night in nights),
        same_bytes=sum(bool(night.same_bytes) for night in nights),
        again=sum(night.again for night in nights),
        by_hand=sum(len(night.by_hand) for night in nights),
    )
