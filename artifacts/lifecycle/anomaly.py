"""The absurd outcomes of a champion's newest cycles, and the sentence that tells them."""

from artifacts.lifecycle.monitor import RECENT, ChampionPeriod
from rnn.arrays import Array
from rnn.lifecycle.anomaly import Anomaly, anomaly
from rnn.lifecycle.outcomes import spread_before


def find_anomaly(period: ChampionPeriod, x: Array, y: Array) -> Anomaly | None:
    """The absurd outcomes of a champion's newest cycles, on the series `x`, `y` (points,)."""
    after = max(period.since, float(x[-1]) - RECENT * period.cycle)
    return anomaly(period.served, after, spread_before(after, x, y))


def anomaly_in_words(found: Anomaly, when: str) -> str:
    """The sentence of an anomaly whose worst outcome was at the time `when`."""
    others = f" (the worst of {found.count} such values among the last {found.points})" if found.count > 1 else ""
    return (
        f"Anomaly: {when} was {found.truth:.6g}, and {found.y:.6g} was forecast, {found.times:.3g} times as far off as "
        f"its 90 % interval reaches{others}: look at the data; `wavecast void` takes back lines scored in error"
    )
