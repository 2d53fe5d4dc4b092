"""Progress of a long step: a bar in the terminal, and a Prefect progress artifact for those who look from elsewhere."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import cast
from uuid import UUID

from prefect.artifacts import create_progress_artifact, update_progress_artifact
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from artifacts.store.naming import store_id
from tasks.support.answers import if_it_answers

SECONDS_BETWEEN_UPDATES = 2.0


@contextmanager
def progress(key: str, store: str, description: str, total: int) -> Iterator[Callable[[int, str], None]]:
    """Yields `advance(done, note)`, to be called as often as one likes; the artifact's key ends with the store's id."""
    made = if_it_answers(create_progress_artifact, 0.0, key=f"{key}-{store_id(store)}", description=description)
    artifact = cast(UUID | None, made)
    told = time.monotonic()
    columns = TextColumn("  {task.description}"), BarColumn(), TextColumn("{task.fields[note]}"), TimeRemainingColumn()
    with Progress(*columns, console=Console(stderr=True), transient=False) as bar:
        shown = bar.add_task(description, total=total, note="")

        def advance(done: int, note: str) -> None:
            nonlocal told
            bar.update(shown, completed=done, note=note)
            if artifact and (done == total or time.monotonic() - told > SECONDS_BETWEEN_UPDATES):
                told = time.monotonic()
                if_it_answers(update_progress_artifact, artifact, 100.0 * done / total)

        yield advance
