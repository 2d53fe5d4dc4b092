from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pytest

from rnn.readers.database_cells import alike, as_cells
from rnn.readers.values import numbers

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([1, None, 2**53 + 1], pa.int64()),
        ([2**70 + 1, 1], pa.string()),
        ([2**70, 1], pa.float64()),
        ([1.5, None], pa.float64()),
        ([1, 1.5], pa.float64()),
        ([Decimal("1.10"), Decimal("22.2")], pa.decimal128(4, 2)),
        ([Decimal("1.1"), 2], pa.decimal128(2, 1)),
        ([Decimal("NaN"), Decimal("1")], pa.float64()),
        (["a", None], pa.string()),
        (["1.5", 2], pa.string()),
        ([True, None], pa.bool_()),
        ([date(2026, 3, 1), None], pa.date32()),
        ([datetime(2026, 3, 1), None], pa.timestamp("us")),
        ([datetime(2026, 3, 1, tzinfo=BERLIN), None], pa.timestamp("us", "Europe/Berlin")),
        ([datetime(2026, 3, 1, tzinfo=timezone(timedelta(hours=2)))], pa.timestamp("us", "UTC")),
        ([date(2026, 3, 1), datetime(2026, 3, 1)], pa.string()),
        ([datetime(2026, 3, 1), datetime(2026, 3, 1, tzinfo=BERLIN)], pa.string()),
        ([UUID(int=1), None], pa.string()),
        ([{"a": 1}], pa.string()),
        ([None, None], pa.null()),
    ],
)
def test_cells_become_columns_of_the_types_that_files_have(values, kind):
    cells = as_cells(values, None)
    assert cells.type == kind
    assert cells.null_count == sum(value is None for value in values)


def test_moments_are_shown_in_the_zone_that_the_user_names():
    moment = datetime(2026, 3, 1, 23, tzinfo=ZoneInfo("Etc/UTC"))
    assert as_cells([moment], None).type == pa.timestamp("us", "UTC")
    cells = as_cells([moment], "Europe/Berlin")
    assert cells.type == pa.timestamp("us", "Europe/Berlin")
    assert cells[0].as_py().astimezone(ZoneInfo("UTC")) == moment


def test_whole_numbers_that_are_no_floats_stay_exact_until_they_are_checked():
    for values in ([2**53 + 1, 5], [2**70 + 1, 5], [Decimal(2**53 + 1), Decimal(5)], [Decimal(2**70 + 1), Decimal(5)]):
        read = numbers(as_cells(values, None), ".")
        assert np.isnan(read[0]) and read[1] == 5, values


def test_blocks_of_one_column_become_alike():
    whole, text = as_cells([1, 2], None), as_cells(["n/a", "3"], None)
    nothing, fraction = as_cells([None], None), as_cells([0.5], None)
    assert {chunk.type for chunk in alike([nothing, whole, text])} == {pa.string()}
    assert [chunk.type for chunk in alike([nothing, whole, fraction])] == [pa.float64(), pa.int64(), pa.float64()]
    assert [chunk.type for chunk in alike([nothing, text])] == [pa.string(), pa.string()]
    assert alike([whole, text])[0].to_pylist() == ["1", "2"]
    assert [chunk.type for chunk in alike([nothing])] == [pa.null()]
