"""Check that a run is what its manifest says, and that training again gives the same. Try `wavecast verify --help`."""

import sys

from flows.command_line.command import DIFFERENT, Answer, run_from_command_line
from flows.settings.base import RunName, StoreSettings


class VerifySettings(StoreSettings):
    """The store in which the run is looked for."""


def verify(run: RunName, /, settings: VerifySettings) -> Answer:
    """Check a run's files, train again from its manifest, and compare every byte.

    Exit code 0 when all is equal, 1 when something differs, 2 when it cannot be checked.
    """
    from artifacts.lineage import verify as lineage_verify
    from artifacts.store.runs import find_run

    past = find_run(settings.store, run)
    found = lineage_verify.verify(past, lambda doing: print(f"{doing} …", file=sys.stderr))  # noqa: T201
    return Answer(
        "\n".join([f"{past.name}, a run of '{past.flow}'", *found.sentences]), 0 if found.equal else DIFFERENT
    )


if __name__ == "__main__":
    run_from_command_line(verify, VerifySettings)
