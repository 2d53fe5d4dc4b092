"""The text of an explanation, for a terminal."""

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from artifacts.lineage.explain import Change, Differences, Explanation, Step
from artifacts.lineage.facts import FILE
from artifacts.store.manifest import Facts
from artifacts.web.phrases import count
from rnn.readers.summary import FileSummary

WIDTH = 96
LONG = 12
"""Steps that are shown at most: the longest ones."""

DIGEST = 64
"""The length of a digest, which is shortened in the text."""


def as_text(explanation: Explanation, every: bool = False) -> str:
    """The explanation in paragraphs; with `every`, also the settings that are the defaults, and all steps."""
    parts = {
        "Data": _data(explanation),
        "Settings": _settings(explanation, every),
        "Code": _code(explanation),
        "Steps": _steps(explanation, every),
        "Results": [_named(explanation.results)] if explanation.results and not explanation.differences else [],
    }
    lines = [
        f"{explanation.run}: a run of '{explanation.flow}', published {_time(explanation.published)}.",
        f"It is at {explanation.place}.",
    ]
    for title, paragraph in parts.items():
        lines += _section(title, paragraph)
    heading, differences = "What differs from the run before", explanation.differences
    removed = explanation.removed_before
    if differences:
        between = f" ({removed} between them {_were(removed)} removed)" if removed else ""
        lines += _section(f"{heading}, {differences.before}{between}", list(_differences(differences)))
    else:
        gone = f": {removed} {_were(removed)} removed" if removed else ""
        lines += _section(heading, [f"There is no earlier run of '{explanation.flow}' here{gone}."])
    return "\n".join(lines)


def _were(count: int) -> str:
    return "was" if count == 1 else "were"


def _section(title: str, paragraph: Sequence[str]) -> list[str]:
    if not paragraph:
        return []
    return ["", title, *(line for sentence in paragraph for line in _wrapped(sentence))]


def _wrapped(sentence: str) -> list[str]:
    indent = "  " + " " * (len(sentence) - len(sentence.lstrip()))
    # Text from files may hold control characters: a terminal shows them, but must not obey them.
    shown = "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in sentence.strip())
    return textwrap.wrap(
        shown.replace("….", "…"), WIDTH, initial_indent=indent, subsequent_indent=indent + "  ",
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip


def _data(explanation: Explanation) -> list[str]:
    if "digest" not in explanation.data:
        kept = f"It keeps {len(explanation.data)} series: {', '.join(explanation.data)}." if explanation.data else ""
        return [kept or "It keeps no data set of its own: every training generates its data from the settings."]
    facts = dict(explanation.data)
    rows, digest, source = facts.pop("rows"), facts.pop("digest"), facts.pop("source", "unknown")
    of_file = {name.removeprefix(FILE): facts.pop(name) for name in list(facts) if name.startswith(FILE)}
    kept = f"{_number(rows)} rows in dataset.parquet, digest {_value(digest)}."
    if of_file:
        return [
            f"Source: {source}.",
            *_file(of_file),
            kept,
            *([f"Kept with them: {_named(facts, '; ')}."] if facts else []),
        ]
    about = f"{source}: {_named(facts, '; ')}." if facts else f"{source}."
    return [f"Source: {about}", kept]


def _file(facts: Facts) -> list[str]:
    """The file in sentences, as the doctor says them; of another version of Wavecast its facts as they are."""
    fields = {name.partition(".")[0].replace(" ", "_"): value for name, value in facts.items() if "." not in name}
    digest = fields.pop("digest", None)
    for nested in ("repairs", "ends"):
        fields[nested] = {n.partition(".")[2]: v for n, v in facts.items() if n.startswith(f"{nested}.")}
    try:
        file = FileSummary(**fields)
    except TypeError:
        return [f"Of the file: {_named(facts, '; ')}."]
    season = f"A season of {file.period} points was found" if file.period > 1 else "No season was found"
    gaps = count(file.gaps, "gap") if file.gaps else "no gap"
    lines = [*file.sentences(), f"{season}, and {gaps} in the times."]
    return [*lines, f"Digest of the file: {_value(digest)}"] if digest else lines


def _settings(explanation: Explanation, every: bool) -> list[str]:
    if explanation.defaults is None:
        return [
            f"The defaults of '{explanation.flow}' are not known here. All settings:",
            *_listed(explanation.settings),
        ]
    changed = explanation.changed_settings
    if not changed:
        lines = [f"All {len(explanation.settings)} settings are the defaults."]
    else:
        lines = [f"{len(changed)} of {len(explanation.settings)} settings differ from the defaults:"]
        width = max(map(len, changed))
        lines += [
            f"  {name:{width}}  {_value(now)}  (default: {_value(default)})"
            for name, (default, now) in changed.items()
        ]  # fmt: skip
    if every:
        lines += ["The others:", *_listed({name: v for name, v in explanation.settings.items() if name not in changed})]
    return lines


def _listed(facts: Mapping[str, Any]) -> list[str]:
    width = max(map(len, facts), default=0)
    return [f"  {name:{width}}  {_value(value)}" for name, value in facts.items()]


def _code(explanation: Explanation) -> list[str]:
    lines = [f"Wavecast {explanation.code.get('wavecast')}, package rnn {_value(explanation.code.get('rnn'))}."]
    versions = {name: version for name, version in explanation.versions.items() if version is not None}
    machine = [str(versions.pop(name)) for name in ("machine", "BLAS") if name in versions]
    lines += [f"Versions: {_named(versions)}.", f"Machine: {', '.join(machine) or 'unknown'}."]
    lines += [otherwise_here(explanation.elsewhere) or "Code, versions and machine here are the same."]
    streams = ", ".join(explanation.seeds.get("streams", ()))
    lines += [f"Seed {explanation.seeds.get('seed')}, from which come the streams {streams}."]
    if explanation.kernels:
        lines += [f"Kernels that did the arithmetic: {_named(explanation.kernels)}."]
    gone = f" ({explanation.parent_gone})" if explanation.parent_gone else ""
    champion = f"run {explanation.parent}{gone}" if explanation.parent else "none"
    return [*lines, f"Parent champion: {champion}."]


def otherwise_here(elsewhere: Mapping[str, Change]) -> str:
    """A sentence on what has changed since the run was made, then and here; empty if nothing has."""
    return f"Here it is otherwise: {_changes(elsewhere)}." if elsewhere else ""


def _steps(explanation: Explanation, every: bool) -> list[str]:
    steps = explanation.steps
    if not steps:
        return []
    done = [step for step in steps if not step.cached]
    lines = [
        f"{len(done)} of {len(steps)} computed in {sum(step.seconds for step in done):.1f} s, "
        f"{len(steps) - len(done)} found in the cache. A step is found there when its inputs, its settings, the "
        "source code and the library versions are those of an earlier call; a computed one says which of them are not "
        "those of the run before."
    ]
    shown = steps if every or len(steps) <= LONG else sorted(steps, key=lambda step: -step.seconds)[:LONG]
    width = max(len(step.name) for step in shown)
    lines += [f"  {step.name:{width}} {step.seconds:7.1f} s  {_why(step, explanation)}" for step in shown]
    if len(shown) < len(steps):
        lines.append(f"These are the {len(shown)} longest; --all shows the others.")
    return lines


def _why(step: Step, explanation: Explanation) -> str:
    if step.cached:  # a run's name begins with its time
        return f"cached: made by {step.run or f'a run that left no folder here, {_time(step.when)}'}"
    if not explanation.differences:
        return "computed: there is no earlier run here"
    if step.changed is None:
        return "computed"
    if not step.changed:
        return "computed, although nothing it is made from has changed: what it had left was gone or forgotten"
    verb = "differs" if len(step.changed) == 1 and not step.changed[0].endswith("s") else "differ"
    return f"computed: {_joined(step.changed)} {verb}"


def _differences(differences: Differences) -> Iterator[str]:
    yield f"Data: {_changes(differences.data)}." if differences.data else "Data: the same."
    yield f"Settings: {_changes(differences.settings)}." if differences.settings else "Settings: the same."
    yield f"Code: {_changes(differences.code)}." if differences.code else "Code: the same."
    yield f"Versions: {_changes(differences.versions)}." if differences.versions else "Versions and machine: the same."
    if differences.results:
        differ = f"1 figure of {differences.results_known} differs"
        many = f"{len(differences.results)} figures of {differences.results_known} differ"
        yield f"Results: {differ if len(differences.results) == 1 else many}."
        width = max(map(len, differences.results))
        for name, change in differences.results.items():
            yield f"  {name:{width}}  {_change(change)}"
    elif differences.results_known:
        yield f"Results: all {differences.results_known} figures are the same, to the last bit."


def _changes(changed: Mapping[str, Change]) -> str:
    return "; ".join(f"{name} {_change(change)}" for name, change in changed.items())


def _change(change: Change) -> str:
    before, now = change
    return f"{_value(before)} → {_value(now)}{_share(before, now)}"


def _share(before: Any, now: Any) -> str:
    """The change of a figure in per cent, where it is defined."""
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
