"""Settings of a store's series: its name, and the differences of new data that are accepted."""

from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field

from rnn.experiment import OneSeries
from rnn.lifecycle.identity import Word
from rnn.written_as import POINTS_OR_TIME


def _text(given: Any) -> Any:
    return str(given) if isinstance(given, int) and not isinstance(given, bool) else given


Length = Annotated[str, BeforeValidator(_text), POINTS_OR_TIME]
"""So many points, or a time: 3, 36h, 7d, 2w."""


class SeriesOfStore(OneSeries):
    """The series of a flow that keeps a store fresh. Where the store knows its file, none needs to be given."""

    file_may_be_known: ClassVar[bool] = True

    unique_id: str | None = Field(
        None, min_length=1, description="Name of the series. By default that of its column of values."
    )
    accept: tuple[Word, ...] = Field(
        (),
        description="Go on though new data are not the store's series as it was: other 'columns', another 'calendar', "
        "a file that has 'shrunk', values in another 'scale', or 'another' series. For this one time.",
    )
    revise_within: Length | None = Field(
        None,
        description="Values are revised for so long: a time such as 7d, or a number of points. Scores of younger ones "
        "are revised with them. 0 for never.",
    )
