"""verdict.json: what the gate decided on which folds, and who is served from then on; written and read back."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from artifacts.lifecycle.registry import Promotion
from rnn.lifecycle.bootstrap import Difference
from rnn.lifecycle.folds import Fold
from rnn.lifecycle.gate import Evidence, Verdict

VERDICT = "verdict.json"


def write_verdict(path: Path, verdict: Verdict, champion: Promotion | None, origins: list[str]) -> None:
    """The verdict, as JSON. `origins`: when each fold begins, in words. A run of null is the one whose folder it is in.

    `difference` is the logarithm of the challenger's error relative to the champion's, `to_naive` to the better naive
    forecast's.
    """
    evidence = verdict.evidence
    held = {
        "decision": verdict.decision,
        "sentence": verdict.sentence,
        "champion": champion and {"run": champion.run, "method": champion.method},
        "serves": serves(verdict, champion),
        "naive": evidence.naive,
        "margin": evidence.margin,
        "difference": evidence.to_champion and asdict(evidence.to_champion),
        "to_naive": asdict(evidence.to_naive),
        "champion_to_naive": evidence.champion_to_naive and asdict(evidence.champion_to_naive),
        "folds": [{"begins": begins, **asdict(fold)} for begins, fold in zip(origins, evidence.folds, strict=True)],
    }
    path.write_text(json.dumps(held, indent=2) + "\n")


def serves(verdict: Verdict, champion: Promotion | None) -> dict[str, str | None]:
    """Who is served after a verdict: its run, null for the challenger's own, and its method."""
    if verdict.decision == "keep" and champion is not None:
        return {"run": champion.run, "method": champion.method}
    return {"run": None, "method": "autoregressive" if verdict.decision == "promote" else verdict.evidence.naive}


def read_verdict(path: Path) -> tuple[Verdict, list[str]]:
    """The verdict that `write_verdict` wrote, and when each of its folds begins."""
    held = json.loads(path.read_text())
    folds = [(fold.pop("begins"), Fold(**fold)) for fold in held["folds"]]

    def difference(name: str) -> Difference | None:
        return Difference(**held[name]) if held[name] else None

    evidence = Evidence(
        folds=tuple(fold for _, fold in folds),
        champion=held["champion"] and held["champion"]["method"],
        naive=held["naive"],
        to_naive=Difference(**held["to_naive"]),
        to_champion=difference("difference"),
        champion_to_naive=difference("champion_to_naive"),
        margin=held["margin"],
    )
    return Verdict(held["decision"], held["sentence"], evidence), [begins for begins, _ in folds]


def read_serves(path: Path) -> dict[str, Any]:
    """Who is served after the verdict in a file: `run` (None for the run that the file is in) and `method`."""
    serves: dict[str, Any] = json.loads(path.read_text())["serves"]
    return serves


def figures(verdict: Mapping[str, Any]) -> dict[str, float]:
    """The figures of a verdict, as its file has them: mean RMSE over the folds, logarithms of relative errors."""
    folds = verdict.get("folds", [])
    found = {}
    for who in ("challenger", "champion"):
        errors = [fold[who] for fold in folds if fold[who] is not None]
        if errors:
            found[f"rmse_{who}"] = sum(errors) / len(errors)
    for name in ("difference", "to_naive", "champion_to_naive"):
        if verdict.get(name):
            found |= {f"log_{name}_{part}": verdict[name][part] for part in ("mean", "lower", "upper")}
    return found
