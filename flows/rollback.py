"""Going back to the champion before this one. Try `python flows/rollback.py --help`."""

from artifacts.registry import Registry
from artifacts.store import Store
from flows.command_line import run_from_command_line
from flows.promote import ByHandSettings, unmirrored


def rollback(settings: ByHandSettings) -> str:
    """Make the champion before this one the champion again."""
    store = Store(settings.store)
    champion = Registry(store).rollback(settings.why)
    return f"{champion.name} is the champion again{unmirrored(store)}"


if __name__ == "__main__":
    run_from_command_line(rollback, ByHandSettings)
