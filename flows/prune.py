"""Remove old runs and whatever else is no longer needed. Try `wavecast prune --help`."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, ClassVar

from pydantic import Field

from artifacts.lifecycle import prune as retention
from artifacts.lifecycle.prune import CannotPrune, Plan, RetentionPolicy
from artifacts.store.existing import existing_store
from artifacts.store.leftovers import Leftover
from artifacts.store.removed import Removed
from artifacts.web.phrases import count
from flows.command_line.command import run_from_command_line
from flows.promote import gallery_warning
from flows.settings.base import StoreSettings
from rnn.written_as import DAYS

DAYS_IN = {"d": 1, "w": 7}

SHOWN = 5
"""Runs that are named at most, of those that stay for one reason."""


class PruneSettings(StoreSettings):
    """What a store keeps, and whether the rest is removed or only named."""

    makes_store: ClassVar[bool] = False

    keep: Annotated[str, DAYS] | None = Field(None, description="Keep all runs younger than this, such as 90d or 26w.")
    keep_champions: bool = Field(
        False, description="Keep every run that has ever been the champion, not only those a rollback could need."
    )
    runs: tuple[str, ...] = Field((), description="Remove only these runs, whatever their age.")
    yes: bool = Field(False, description="Remove what is listed. Without --yes the list is printed only.")


def prune(settings: PruneSettings) -> str:
    """Remove runs, cached results and leftovers that are older than --keep; without --yes, only say what would go.

    The champion, the one before it, what is served, and forecasts with outcomes still to come are never removed.
    """
    if (settings.keep is None) == (not settings.runs):
        raise CannotPrune("--keep: say how long runs are kept, such as --keep 90d; or name single ones with --runs")
    store, now = existing_store(settings.store), datetime.now(UTC)
    policy = RetentionPolicy(_span(settings.keep or "1d"), settings.keep_champions, settings.runs)
    found = (retention.prune if settings.yes else retention.plan)(store, policy, now)
    lines = [*_going(found, settings), *_staying(found)]
    if not found.files and not found.unfinished:
        return "\n".join([*lines, "there is nothing to remove"])
    total = f"{found.bytes / 1e6:.1f} MB in {found.files} files"
    if settings.yes:
        return "\n".join([*lines, f"{total} were removed{gallery_warning(store)}"])
    return "\n".join([*lines, f"{total} would go; nothing was removed: --yes does it"])


def _span(keep: str) -> timedelta:
    return timedelta(days=int(keep[:-1]) * DAYS_IN[keep[-1]])


def _going(found: Plan, settings: PruneSettings) -> list[str]:
    """What goes, by kind."""
    flows = Counter(run.flow for run in found.runs)
    lines = []
    if found.runs:
        what = ", ".join(f"{count} of '{flow}'" for flow, count in flows.most_common())
        age = f", older than {settings.keep}" if settings.keep else ""
        lines.append(f"{len(found.runs)} of {count(found.of, 'run')}{age} ({what}): {_size(found.runs)}")
    if found.unfinished:
        lines.append(f"{count(found.unfinished, 'run')} whose removal was broken off")
    kinds: dict[str, list[Leftover]] = {}
    for leftover in found.leftovers:
        kinds.setdefault(leftover.kind, []).append(leftover)
    return lines + [f"{len(each)} × {kind}, not used as long: {_size(each)}" for kind, each in kinds.items()]


def _staying(found: Plan) -> list[str]:
    """What stays although it is old, by reason."""
    lines = [f"stays: {_named(names)} ({reason})" for reason, names in _by_reason(found.kept).items()]
    if found.unreadable:
        lines.append(f"stays: {_named(found.unreadable)} (it cannot be read: `wavecast check` says why)")
    return lines


def _by_reason(kept: Mapping[str, str]) -> dict[str, list[str]]:
    reasons: dict[str, list[str]] = {}
    for name, reason in kept.items():
        reasons.setdefault(reason, []).append(name)
    return reasons


def _named(names: Sequence[str]) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return f"{', '.join(names[:SHOWN])}{more}"


def _size(parts: Sequence[Removed] | Sequence[Leftover]) -> str:
    return f"{sum(each.bytes for each in parts) / 1e6:.1f} MB, {sum(each.files for each in parts)} files"


if __name__ == "__main__":
    run_from_command_line(prune, PruneSettings)
