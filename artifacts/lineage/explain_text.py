"""An explanation in plain sentences, for a terminal."""

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from artifacts.lineage.explain import Change, Differences, Explanation, Step
from artifacts.lineage.facts import FILE

WIDTH = 96
LONG = 12
"""Of more steps than that only the longest are shown."""

DIGEST = 64
"""Letters of a digest, of which people need to see some."""


def as_text(found: Explanation, every: bool = False) -> str:
    """The explanation in paragraphs; with `every`, also the settings that are the defaults, and all steps."""
    parts = {
        "Data": _data(found),
        "Settings": _settings(found, every),
        "Code": _code(found),
        "Steps": _steps(found, every),
        "Results": [_named(found.results)] if found.results and not found.differences else [],
    }
    what_differs = [found.differences and f"What differs from the run before, {found.differences.before}"]
    lines = [f"{found.run}: a run of '{found.flow}', published {_time(found.published)}.", f"It is at {found.place}."]
    for title, paragraph in parts.items():
        lines += _section(title, paragraph)
    if found.differences:
        lines += _section(str(what_differs[0]), list(_differences(found.differences)))
    else:
        lines += _section("What differs from the run before", [f"There is no earlier run of '{found.flow}' here."])
    return "\n".join(lines)


def _section(title: str, paragraph: Sequence[str]) -> list[str]:
    if not paragraph:
        return []
    return ["", title, *(line for said in paragraph for line in _wrapped(said))]


def _wrapped(said: str) -> list[str]:
    indent = "  " + " " * (len(said) - len(said.lstrip()))
    # What comes from files may hold anything; a terminal is to show it, not to obey it.
    shown = "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in said.strip())
    return textwrap.wrap(
        shown.replace("….", "…"), WIDTH, initial_indent=indent, subsequent_indent=indent + "  ",
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip


def _data(found: Explanation) -> list[str]:
    if "digest" not in found.data:
        kept = f"It keeps {len(found.data)} series: {', '.join(found.data)}." if found.data else ""
        return [kept or "It keeps no data set of its own: every training generates its data from the settings."]
    facts = dict(found.data)
    rows, digest, source = facts.pop("rows"), facts.pop("digest"), facts.pop("source", "unknown")
    of_file = {name.removeprefix(FILE): facts.pop(name) for name in list(facts) if name.startswith(FILE)}
    about = f"{source}: {_named(facts, '; ')}." if facts else f"{source}."
    told = [f"Source: {about}", f"{_number(rows)} rows in dataset.parquet, digest {_value(digest)}."]
    return [*told, f"Of the file: {_named(of_file, '; ')}."] if of_file else told


def _settings(found: Explanation, every: bool) -> list[str]:
    if found.defaults is None:
        return [f"The defaults of '{found.flow}' are not known here. All settings:", *_listed(found.settings)]
    changed = found.changed_settings
    if not changed:
        told = [f"All {len(found.settings)} settings are the defaults."]
    else:
        told = [f"{len(changed)} of {len(found.settings)} settings differ from the defaults:"]
        width = max(map(len, changed))
        told += [
            f"  {name:{width}}  {_value(now)}  (default: {_value(default)})"
            for name, (default, now) in changed.items()
        ]  # fmt: skip
    if every:
        told += ["The others:", *_listed({name: v for name, v in found.settings.items() if name not in changed})]
    return told


def _listed(facts: Mapping[str, Any]) -> list[str]:
    width = max(map(len, facts), default=0)
    return [f"  {name:{width}}  {_value(value)}" for name, value in facts.items()]


def _code(found: Explanation) -> list[str]:
    told = [f"Wavecast {found.code.get('wavecast')}, package rnn {_value(found.code.get('rnn'))}."]
    versions = {name: version for name, version in found.versions.items() if version is not None}
    machine = [str(versions.pop(name)) for name in ("machine", "BLAS") if name in versions]
    told += [f"Versions: {_named(versions)}.", f"Machine: {', '.join(machine) or 'unknown'}."]
    told += [otherwise_here(found.elsewhere) or "Code, versions and machine here are the same."]
    told += [
        f"Seed {found.seeds.get('seed')}, from which come the streams {', '.join(found.seeds.get('streams', ()))}."
    ]
    if found.kernels:
        told += [f"Kernels that did the arithmetic: {_named(found.kernels)}."]
    champion = f"run {found.parent}" if found.parent else "none"
    return [*told, f"Parent champion: {champion}."]


def otherwise_here(elsewhere: Mapping[str, Change]) -> str:
    """What has changed since the run was made, or nothing: then and here, in a sentence."""
    return f"Here it is otherwise: {_changes(elsewhere)}." if elsewhere else ""


def _steps(found: Explanation, every: bool) -> list[str]:
    steps = found.steps
    if not steps:
        return []
    done = [step for step in steps if not step.cached]
    told = [
        f"{len(done)} of {len(steps)} computed in {sum(step.seconds for step in done):.1f} s, "
        f"{len(steps) - len(done)} found in the cache. A step is found there when its inputs, its settings, the "
        "source code and the library versions are those of an earlier call; a computed one says which of them are not "
        "those of the run before."
    ]
    shown = steps if every or len(steps) <= LONG else sorted(steps, key=lambda step: -step.seconds)[:LONG]
    width = max(len(step.name) for step in shown)
    told += [f"  {step.name:{width}} {step.seconds:7.1f} s  {_why(step, found)}" for step in shown]
    if len(shown) < len(steps):
        told.append(f"These are the {len(shown)} longest; --all shows the others.")
    return told


def _why(step: Step, found: Explanation) -> str:
    if step.cached:  # a run's name begins with its time
        return f"cached: made by {step.run or f'a run that left no folder here, {_time(step.when)}'}"
    if not found.differences:
        return "computed: there is no earlier run here"
    if step.changed is None:
        return "computed"
    if not step.changed:
        return "computed, although nothing it is made from has changed: what it had left was gone or forgotten"
    verb = "differs" if len(step.changed) == 1 and not step.changed[0].endswith("s") else "differ"
    return f"computed: {_joined(step.changed)} {verb}"


def _differences(found: Differences) -> Iterator[str]:
    yield f"Data: {_changes(found.data)}." if found.data else "Data: the same."
    yield f"Settings: {_changes(found.settings)}." if found.settings else "Settings: the same."
    yield f"Code: {_changes(found.code)}." if found.code else "Code: the same."
    yield f"Versions: {_changes(found.versions)}." if found.versions else "Versions and machine: the same."
    if found.results:
        same = found.results_known - len(found.results)
        yield f"Results: {len(found.results)} figures differ, {same} are the same."
        width = max(map(len, found.results))
        for name, change in found.results.items():
            yield f"  {name:{width}}  {_change(change)}"
    elif found.results_known:
        yield f"Results: all {found.results_known} figures are the same, to the last bit."


def _changes(changed: Mapping[str, Change]) -> str:
    return "; ".join(f"{name} {_change(change)}" for name, change in changed.items())


def _change(change: Change) -> str:
    before, now = change
    return f"{_value(before)} → {_value(now)}{_share(before, now)}"


def _share(before: Any, now: Any) -> str:
    """By how much a figure has changed, where that says something."""
    if not (isinstance(before, float) and isinstance(now, float)) or not 0 < abs(before) < float("inf"):
        return ""
    return f" ({100 * (now / before - 1):+.1f} %)"


def _named(facts: Mapping[str, Any], between: str = ", ") -> str:
    return between.join(f"{name} {_value(value)}" for name, value in facts.items())


def _value(value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, list | tuple):
        return " ".join(map(_value, value))
    if isinstance(value, float):
        return f"{value:.4g}"
    text = str(value)
    return f"{text[:12]}…" if len(text) == DIGEST and text.isalnum() else text


def _number(value: Any) -> str:
    return f"{value:,}".replace(",", " ") if isinstance(value, int) else "an unknown number of"


def _joined(names: Sequence[str]) -> str:
    return ", ".join(names[:-1]) + (" and " if len(names) > 1 else "") + names[-1]


def _time(iso: str) -> str:
    return iso.replace("T", " ").replace("+00:00", " UTC") or "at an unknown time"
