"""Go back to the champion before this one. Try `wavecast rollback --help`."""

from artifacts.lifecycle.registry import Registry
from flows.command_line import run_from_command_line
from flows.promote import ByHandSettings, gallery_warning, mirror_warning
from flows.stores import existing_store


def rollback(settings: ByHandSettings) -> str:
    """Make the champion before this one the champion again."""
    store = existing_store(settings.store)
    champion = Registry(store).rollback(settings.why)
    return f"{champion.name} is the champion again{mirror_warning(store)}{gallery_warning(store)}"


if __name__ == "__main__":
    run_from_command_line(rollback, ByHandSettings)
