"""Going back to the champion before this one. Try `python flows/rollback.py --help`."""

from artifacts.lifecycle.registry import Registry
from artifacts.store.store import Store
from flows.command_line import run_from_command_line
from flows.promote import ByHandSettings, stale, unmirrored


def rollback(settings: ByHandSettings) -> str:
    """Make the champion before this one the champion again."""
    store = Store(settings.store)
    champion = Registry(store).rollback(settings.why)
    return f"{champion.name} is the champion again{unmirrored(store)}{stale(store)}"


if __name__ == "__main__":
    run_from_command_line(rollback, ByHandSettings)
