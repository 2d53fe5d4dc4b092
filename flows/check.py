"""Check a store, and mend what can be mended. Try `wavecast check --help`."""

import time
from typing import ClassVar

from pydantic import Field

from artifacts.lifecycle.check import faults
from artifacts.store.existing import existing_store
from artifacts.store.fault import tried
from artifacts.web.phrases import count
from flows.command_line.command import DIFFERENT, Answer, run_from_command_line
from flows.promote import gallery_warning
from flows.settings.base import StoreSettings


class CheckSettings(StoreSettings):
    """Which store is looked over, and whether it is put right."""

    makes_store: ClassVar[bool] = False

    mend: bool = Field(
        False, description="Put right what can be put right without changing a run, or whom a gate promoted."
    )


def check(settings: CheckSettings) -> Answer:
    """Look a store over: every file's digest, the champion, the ledger, latest/, the series, and what kills have left.

    Exit code 1 when something is wrong; with --mend, when something is wrong still.
    """
    store = existing_store(settings.store)
    found = list(faults(store, time.time()))
    if not found:
        return Answer(f"{store.url}: {count(len(store.runs()), 'run')}; nothing is wrong")
    if not settings.mend:
        lines = [f"wrong: {fault.told()}" for fault in found]
        able = sum(fault.put_right is not None for fault in found)
        lines.append(f"{_things(len(found))} wrong, {able} of which {store.command('check --mend')} puts right")
        return Answer("\n".join(lines), DIFFERENT)
    told = [tried(fault) for fault in found]
    left = sum(not mended for mended, _ in told)
    last = f"{_things(left)} wrong still" if left else "all is put right"
    return Answer("\n".join([*(line for _, line in told), f"{last}{gallery_warning(store)}"]), DIFFERENT if left else 0)


def _things(number: int) -> str:
    return f"{count(number, 'thing')} {'is' if number == 1 else 'are'}"


if __name__ == "__main__":
    run_from_command_line(check, CheckSettings)
