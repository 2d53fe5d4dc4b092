"""Mirror runs, their figures and the champion to MLflow, where it is configured.

The store remains authoritative. MLflow is configured by its own variables (`MLFLOW_TRACKING_URI`, …) and needs the
extra `mlflow`; without the variables nothing happens.
"""

import json
import os
from importlib.util import find_spec
from typing import Any

from artifacts.lifecycle.registry import Registry
from artifacts.lifecycle.verdict import VERDICT, figures
from artifacts.store.listing import MANIFEST
from artifacts.store.manifest import flatten
from artifacts.store.store import Store
from rnn.errors import WavecastError

EXPERIMENT, MODEL, ALIAS = "wavecast", "wavecast", "champion"
RUN, STORE = "wavecast.run", "wavecast.store"
"""Tags by which a mirrored run is found again."""


class NotMirrored(WavecastError):
    """MLflow could not be written to; the store is complete all the same."""


def configured() -> bool:
    """Whether MLflow is configured."""
    return bool(os.environ.get("MLFLOW_TRACKING_URI"))


def mirror(store: Store, run: str | None = None) -> None:
    """Mirror `run`, if given, and the champion; a run that MLflow has already is not written again.

    Raises NotMirrored when MLflow is configured and cannot be reached, or is not installed.
    """
    if not configured():
        return
    if find_spec("mlflow") is None:
        raise NotMirrored("MLFLOW_TRACKING_URI is set, and MLflow is not installed: pip install -e '.[mlflow]'")
    champion = Registry(store).champion()
    # MLflow writes to files, databases and servers, each with errors of its own.
    try:
        os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")  # nothing here sends usage data
        named = [name for name in (run, champion.run if champion else None) if name is not None]
        versions = {name: _version(store, name) for name in dict.fromkeys(named)}
        if champion:
            _client().set_registered_model_alias(MODEL, ALIAS, versions[champion.run])
    except Exception as error:
        reason = " ".join(str(error).split())[:200]
        raise NotMirrored(
            f"not mirrored to MLflow ({type(error).__name__}: {reason}): the store has all of it"
        ) from None


def _client() -> Any:
    from mlflow import MlflowClient

    return MlflowClient()


def _version(store: Store, name: str) -> str:
    """The version of the registered model for a run; created if missing."""
    client = _client()
    if not client.search_registered_models(f"name = '{MODEL}'"):
        client.create_registered_model(MODEL, description="The networks that Wavecast trained.")
    for version in client.search_model_versions(f"name = '{MODEL}'"):
        if version.tags.get(RUN) == name and version.tags.get(STORE) == store.url:
            return str(version.version)
    run = _logged(store, name)
    tags = {RUN: name, STORE: store.url}
    return str(client.create_model_version(MODEL, run.info.artifact_uri, run.info.run_id, tags=tags).version)


def _logged(store: Store, name: str) -> Any:
    """Log a run: its settings as parameters, the verdict's figures as metrics, and the small files."""
    import mlflow

    folder, recorded = store.folder(name), store.run(name)
    verdict = json.loads((folder / VERDICT).read_text()) if (folder / VERDICT).is_file() else {}
    mlflow.set_experiment(EXPERIMENT)
    with mlflow.start_run(run_name=name, tags={RUN: name, STORE: store.url}) as run:
        mlflow.log_params({key: str(value)[:500] for key, value in flatten(recorded.config).items()})
        mlflow.log_metrics(figures(verdict))
        mlflow.set_tags({"decision": verdict.get("decision", "–"), "data": recorded.data})
        for file in (MANIFEST, VERDICT, "report.html"):
            if (folder / file).is_file():
                mlflow.log_artifact(str(folder / file))
        mlflow.log_artifacts(str(folder / "models"), "models")
    return run
