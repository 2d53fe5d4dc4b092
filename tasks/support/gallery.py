"""The gallery, built anew at the end of every run."""

from prefect import get_run_logger

from artifacts.store.store import Store


def renew_gallery(store: Store) -> None:
    """Build the store's gallery. If this fails it is told in a line: the run is whole by now, and stays good."""
    try:
        from artifacts.gallery.build import build

        place = build(store)
    except Exception as error:
        said = " ".join(str(error).split()) or type(error).__name__
        get_run_logger().warning("the gallery was not renewed: %s; %s tries again", said, store.command("browse"))
    else:
        get_run_logger().info("all runs: %s", place)
