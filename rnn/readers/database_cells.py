"""The cells that a database gives, as Python has them, as Arrow columns of the types that files have."""

from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from rnn.readers.values import is_text

NUMBERS = {int, float, Decimal}
SAME_AS_UTC = {"Etc/UTC", "Etc/UCT", "UCT", "GMT", "Etc/GMT", "Zulu", "Etc/Zulu", "Universal", "Etc/Universal"}


def as_cells(values: Sequence[Any], zone: str | None) -> Any:
    """Some cells of a column as an Arrow array (rows,), of whatever type holds them all; null where there is none.

    Timestamps with a zone become moments in `zone`, or else in the zone that the database gave them. Decimals stay
    exact; whole numbers beyond 64 bits, and cells of different kinds, become text.
    """
    kinds = {type(value) for value in values if value is not None}
    if not kinds:
        return pa.nulls(len(values))
    if kinds <= NUMBERS:
        return _numbers(values, kinds)
    if kinds == {datetime}:
        return _timestamps(values, zone)
    if len(kinds) == 1 and kinds <= {str, bool, date, time, bytes}:
        return pa.array(values)
    return pa.array([_text(value) for value in values], pa.string())


def _numbers(values: Sequence[Any], kinds: set[type]) -> Any:
    try:
        if kinds in ({Decimal}, {int}):
            return pa.array(values)
        if Decimal in kinds and float not in kinds:
            return pa.array([None if value is None else Decimal(value) for value in values])
    except (pa.ArrowInvalid, OverflowError):
        pass  # more digits than Arrow has, NaN or infinity
    if any(type(value) is int and float(value) != value for value in values):
        return pa.array([_text(value) for value in values], pa.string())
    return pa.array([None if value is None else float(value) for value in values], pa.float64())


def _timestamps(values: Sequence[Any], zone: str | None) -> Any:
    aware = {value.tzinfo is not None for value in values if value is not None}
    if aware == {False}:
        return pa.array(values, pa.timestamp("us"))
    if aware != {True}:
        return pa.array([_text(value) for value in values], pa.string())
    first = next(value for value in values if value is not None)
    named = zone or str(getattr(first.tzinfo, "key", "UTC"))
    return pa.array(values, pa.timestamp("us", "UTC" if named in SAME_AS_UTC else named))


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return value.isoformat(" ") if isinstance(value, datetime) else str(value)


def alike(chunks: Sequence[Any]) -> list[Any]:
    """The chunks of one column, each an Arrow array, so that all hold numbers, all text, or all have one type."""
    types = {chunk.type for chunk in chunks if not pa.types.is_null(chunk.type)}
    if not types:
        return list(chunks)
    if len(types) == 1 or all(_is_numeric(kind) for kind in types):
        common = next(iter(types)) if len(types) == 1 else pa.float64()
    else:
        common = pa.string()
    return [
        pc.cast(chunk, common) if pa.types.is_null(chunk.type) or (is_text(common) and chunk.type != common) else chunk
        for chunk in chunks
    ]


def _is_numeric(kind: Any) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind))
