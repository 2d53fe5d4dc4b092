"""The file verdict.json: the gate's decision, the folds it rests on, and the model that is served from then on."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from artifacts.lifecycle.registry import Promotion

if TYPE_CHECKING:  # SciPy takes a third of a second to import, and the ledger and every command need this module
    from rnn.lifecycle.bootstrap import Difference
    from rnn.lifecycle.gate import Verdict

VERDICT = "verdict.json"


def write_verdict(path: Path, verdict: "Verdict", champion: Promotion | None, origins: list[str]) -> None:
    """Write the verdict as JSON. `origins`: the beginning of each fold, as text.

    In the file a run of null is the run that the file belongs to; `difference` is the logarithm of the challenger's
    error over the champion's, `to_naive` over that of the better naive forecast.
    """
    evidence = verdict.evidence
    content = {
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
    path.write_text(json.dumps(content, indent=2) + "\n")


def serves(verdict: "Verdict", champion: Promotion | None) -> dict[str, str | None]:
    """The model that is served after a verdict: its run, None for the challenger's own, and its method."""
    if verdict.decision == "keep" and champion is not None:
        return {"run": champion.run, "method": champion.method}
    return {"run": None, "method": "autoregressive" if verdict.decision == "promote" else verdict.evidence.naive}


def read_verdict(path: Path) -> "tuple[Verdict, list[str]]":
    """Read the verdict that `write_verdict` wrote, and the beginning of each fold."""
    from rnn.lifecycle.bootstrap import Difference
    from rnn.lifecycle.folds import Fold
    from rnn.lifecycle.gate import Evidence, Verdict

    content = json.loads(path.read_text())
    folds = [(fold.pop("begins"), Fold(**fold)) for fold in content["folds"]]

    def difference(name: str) -> "Difference | None":
        return Difference(**content[name]) if content[name] else None

    evidence = Evidence(
        folds=tuple(fold for _, fold in folds),
        champion=content["champion"] and content["champion"]["method"],
        naive=content["naive"],
        to_naive=Difference(**content["to_naive"]),
        to_champion=difference("difference"),
        champion_to_naive=difference("champion_to_naive"),
        margin=content["margin"],
    )
    return Verdict(content["decision"], content["sentence"], evidence), [begins for begins, _ in folds]


def read_serves(path: Path) -> dict[str, Any]:
    """Read which model is served after a verdict: `run` (None for the run that the file belongs to) and `method`."""
    serves: dict[str, Any] = json.loads(path.read_text())["serves"]
    return serves


def label_of(verdict: Mapping[str, Any]) -> str:
    """What the forecast that is served is, in words: as the verdict's `label` says, else by the model that made it."""
    method = str(verdict["serves"]["method"])
    return str(verdict.get("label") or ("champion" if method == "autoregressive" else f"naive ({method})"))


def folds_rmse(verdict: Mapping[str, Any]) -> dict[str, Any] | None:
    """The served model's mean RMSE on the gate's folds, and that of the best naive forecast.

    None where there was no gate.
    """
    folds, naive = verdict.get("folds", []), verdict.get("naive")
    if not folds:
        return None
    who = {"promote": "challenger", "keep": "champion"}.get(verdict["decision"])
    errors = [fold[who] if who else fold["naive"][naive] for fold in folds]
    beside = sum(fold["naive"][naive] for fold in folds) / len(folds)
    return {"folds": len(folds), "rmse": sum(errors) / len(errors), "naive": naive, "rmse_naive": beside}


def figures(verdict: Mapping[str, Any]) -> dict[str, float]:
    """The figures in a verdict's file: mean RMSE over the folds, and logarithms of relative errors."""
    folds = verdict.get("folds", [])
    named = {}
    for who in ("challenger", "champion"):
        errors = [fold[who] for fold in folds if fold[who] is not None]
        if errors:
            named[f"rmse_{who}"] = sum(errors) / len(errors)
    for name in ("difference", "to_naive", "champion_to_naive"):
        if verdict.get(name):
            named |= {f"log_{name}_{part}": verdict[name][part] for part in ("mean", "lower", "upper")}
    return named
