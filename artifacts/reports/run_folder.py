"""Assemble a run folder from the files of its steps, a report and a manifest, and publish it whole."""

import shutil
from contextlib import suppress
from typing import Any

from artifacts.files.forecast_table import to_csv
from artifacts.files.forecasts import FORECAST
from artifacts.reports.forecast_to_use import FORECAST_CSV, of_folder, table_to_use
from artifacts.reports.report import Report, write_html
from artifacts.store.atomic import CannotWrite, whole_folder
from artifacts.store.cache import Cache, Entry
from artifacts.store.manifest import origin, write_manifest
from artifacts.store.store import AlreadyThere, Store


def put_run_folder(
    store: Store,
    name: str,
    parts: dict[str, list[Entry]],
    report: Report,
    kernels: dict[str, str],
    execution: dict[str, Any],
    parent: str | None = None,
) -> str:
    """Assemble the run `name` and publish it to `store`; returns where it is.

    `parts`: a folder within the run, and the entries whose files belong there. `parent`: the champion before it. A run
    of that name that exists already, from an earlier attempt, is left as it is. Raises CannotWrite.
    """
    if name in store.runs():
        return store.place(name)
    with whole_folder(Cache(store.workspace).root) as folder:
        for place, entries in parts.items():
            for entry in entries:
                if not entry.folder.is_dir():
                    raise CannotWrite(f"{entry.folder} was removed while the run was at work: start it again")
                shutil.copytree(entry.folder, folder / place, dirs_exist_ok=True)
        if (folder / FORECAST).exists():
            (folder / FORECAST_CSV).write_text(to_csv(table_to_use(of_folder(folder))), encoding="utf-8")
        config = dict(report.config)
        write_html(folder, report, origin(folder, report.flow, config, kernels, parent))
        write_manifest(folder, report.flow, config, kernels, execution, parent)
        with suppress(AlreadyThere):  # another process that does the same work was first
            return store.publish(folder, name)
        return store.place(name)
