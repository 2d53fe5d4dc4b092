"""Explain a run from its manifest: data, settings, code, steps, and the differences from the run before."""

import platform
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from artifacts.lineage.facts import data_of, results_of
from artifacts.store.digests import digest_package
from artifacts.store.manifest import Facts, blas, flatten, library_versions
from artifacts.store.removed import CorruptRecord, Removed, read_removed
from artifacts.store.runs import Run

Change = tuple[Any, Any]
"""The value before and the value now; None for a missing one."""


@dataclass(frozen=True)
class Step:
    """A step of a run. `run`: the name of the run that computed it, None when that left no folder in this store.

    `changed`: for a computed step, the parts of its key that differ from the run before; None when they are not known.
    """

    name: str
    seconds: float
    cached: bool
    run: str | None
    when: str
    changed: list[str] | None


@dataclass(frozen=True)
class Differences:
    """The differences of a run from the run `before`: values before and after, by name."""

    before: str
    data: dict[str, Change]
    settings: dict[str, Change]
    code: dict[str, Change]
    versions: dict[str, Change]
    results: dict[str, Change]
    results_known: int


@dataclass(frozen=True)
class Explanation:
    """The origin of a run. `defaults`: the default settings of its flow, None where they are not known.

    `elsewhere`: code, versions and machine, as far as those in the manifest differ from the present ones.
    `removed_before`: runs of its flow between it and the run before, or the beginning, that are no longer there.
    `parent_gone`: since when its parent is not there, in a few words; empty where it is, or where that is not known.
    """

    run: str
    place: str
    flow: str
    published: str
    data: Facts
    settings: Facts
    defaults: Facts | None
    code: Facts
    versions: Facts
    elsewhere: dict[str, Change]
    seeds: Facts
    parent: str | None
    kernels: Facts
    steps: list[Step]
    differences: Differences | None
    results: Facts = field(default_factory=dict)
    removed_before: int = 0
    parent_gone: str = ""

    @property
    def changed_settings(self) -> dict[str, Change]:
        """The settings that differ from the defaults: the default and the run's value, by name."""
        return {} if self.defaults is None else changes(self.defaults, self.settings)


def explain(run: Run, defaults: Mapping[str, Any] | None) -> Explanation:
    """Explain a run. `defaults`: the default settings of its flow, None where they are not known."""
    before, parent = run.before(), _removed(run).get(str(run.manifest.get("parent")))
    return Explanation(
        run=run.name,
        place=run.place,
        flow=run.flow,
        published=str(run.execution.get("published", "")),
        data=data_of(run),
        settings=flatten(run.config),
        defaults=None if defaults is None else flatten(defaults),
        code=run.code,
        versions=_versions(run),
        elsewhere=elsewhere(run),
        seeds=dict(run.manifest["seeds"]),
        parent=run.manifest.get("parent"),
        kernels=dict(run.manifest.get("kernels") or {}),
        steps=_steps(run, before),
        differences=None if before is None else _differences(before, run),
        results=results_of(run),
        removed_before=_removed_between(run, before.name if before else ""),
        parent_gone=parent.briefly if parent else "",
    )


def _removed_between(run: Run, after: str) -> int:
    """How many runs of its flow were removed that had names between `after` and its own."""
    return sum(each.flow == run.flow and after < name < run.name for name, each in _removed(run).items())


def _removed(run: Run) -> dict[str, Removed]:
    """The runs that were removed from its store, by name; none where that is not known."""
    try:
        return read_removed(run.files, run.root.rsplit("/", 1)[0])
    except (CorruptRecord, OSError):
        return {}


def changes(one: Facts, other: Facts) -> dict[str, Change]:
    """The entries in which two mappings differ, by name."""
    return {
        name: (one.get(name), other.get(name))
        for name in dict.fromkeys([*one, *other])
        if _plain(one.get(name)) != _plain(other.get(name))
    }


def elsewhere(run: Run) -> dict[str, Change]:
    """The versions, machine and code that are different here and now; they decide the last bit of a training."""
    here = {"python": platform.python_version(), **library_versions(), "machine": platform.machine(), "BLAS": blas()}
    here |= {"package rnn": digest_package("rnn")}
    then = _versions(run) | {"package rnn": run.code.get("rnn")}
    return {name: change for name, change in changes(then, here).items() if name in here}


def _plain(value: Any) -> Any:
    """A value to compare: tuples of models equal lists of JSON, and NaN equals NaN."""
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return "NaN" if value != value else value  # noqa: PLR0124


def _versions(run: Run) -> Facts:
    machine = run.manifest.get("machine") or {}
    return {**run.manifest["versions"], "machine": machine.get("architecture"), "BLAS": machine.get("blas")}


def _differences(before: Run, run: Run) -> Differences:
    seeds = before.manifest["seeds"].get("seed"), run.manifest["seeds"].get("seed")
    settings = changes(flatten(before.config), flatten(run.config))
    results = results_of(run)
    return Differences(
        before=before.name,
        data=changes(data_of(before), data_of(run)),
        settings=settings | ({"seed": seeds} if seeds[0] != seeds[1] else {}),
        code=changes(before.code, run.code),
        versions=changes(_versions(before), _versions(run)),
        results=changes(results_of(before), results),
        results_known=len({*results_of(before), *results}),
    )


def _steps(run: Run, before: Run | None) -> list[Step]:
    steps = run.execution.get("steps") or {}
    earlier = (before.execution.get("steps") or {}) if before else {}
    names = {made_by: run.sibling(made_by) for made_by in {step.get("made_by", "") for step in steps.values()}}
    return [
        Step(
            name=name,
            seconds=float(step.get("seconds", 0)),
            cached=bool(step.get("cached")),
            run=names[step.get("made_by", "")],
            when=str(step.get("when", "")),
            changed=_changed(earlier.get(name, {}).get("key"), step.get("key")),
        )
        for name, step in steps.items()
    ]


def _changed(before: Mapping[str, str] | None, now: Mapping[str, str] | None) -> list[str] | None:
    return list(changes(dict(before), dict(now))) if before and now else None
