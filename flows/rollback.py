"""Go back to the champion before this one. Try `wavecast rollback --help`."""

from artifacts.lifecycle.registry import Registry
from artifacts.store.existing import existing_store
from flows.command_line.command import run_from_command_line
from flows.promote import ByHandSettings, finish_first, latest_warning, warnings


def rollback(settings: ByHandSettings) -> str:
    """Make the champion before this one the champion again, and serve its forecast of the newest data.

    A rollback that was killed is finished, and no other one is made.
    """
    from artifacts.reports.serve import serve_champion

    store = existing_store(settings.store)
    if (finished := finish_first(store)) and finished.how == "rollback":
        return f"{finished.name} is the champion again{warnings(store)}"
    with Registry(store).rolling_back(settings.why) as rollback:
        served = serve_champion(store, rollback.promotion, rollback.rolled_back)
        warning = latest_warning(store)
    passed = f" (passed over, since their folders are gone: {', '.join(rollback.gone)})" if rollback.gone else ""
    champion = f"{rollback.promotion.name} is the champion again{passed}; {served} is its forecast"
    return f"{champion}{warning}{warnings(store)}"


if __name__ == "__main__":
    run_from_command_line(rollback, ByHandSettings)
