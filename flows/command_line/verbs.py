"""Every verb of `wavecast`: the function that does it, its settings, and what `wavecast --help` says of it.

Functions and settings are named here and imported when they are needed: Prefect takes seconds to import, and
`wavecast --help` needs none of them. Another verb is one entry more.
"""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Literal, TypeAlias

from pydantic import BaseModel

Audience: TypeAlias = Literal["Forecast a series", "Keep it fresh", "Look into a run", "Experiment"]


@dataclass(frozen=True)
class Verb:
    """What can be asked of Wavecast.

    `place` is the function, as module:name, and `model` the model of its settings, likewise. A `flow` runs on Prefect
    and takes its settings alone.
    """

    summary: str
    audience: Audience
    place: str
    model: str
    examples: tuple[str, ...]
    flow: bool = False

    @property
    def module(self) -> str:
        """The module that the verb's function is in."""
        return self.place.partition(":")[0]

    def function(self) -> Callable[..., Any]:
        """The flow or function that does it."""
        function: Callable[..., Any] = _named(self.place)
        return function

    def settings(self) -> type[BaseModel]:
        """The model of its settings; importing it does not import Prefect."""
        model: type[BaseModel] = _named(self.model)
        return model


def _named(place: str) -> Any:
    module, _, name = place.partition(":")
    return getattr(import_module(module), name)


VERBS: dict[str, Verb] = {
    "doctor": Verb(
        "Diagnose a file: say what is wrong with it, and which settings suit it.",
        "Forecast a series",
        "flows.doctor:doctor",
        "flows.doctor:DoctorSettings",
        (
            "wavecast doctor sales.csv",
            "wavecast doctor sales.csv --value-column revenue --time-zone Europe/Berlin",
            "wavecast doctor sqlite:///sales.db --table sales",
        ),
    ),
    "run": Verb(
        "Train, forecast and judge once, without a champion. Without a file: the article's experiment.",
        "Forecast a series",
        "flows.pipeline:pipeline",
        "flows.settings.pipeline:PipelineSettings",
        ("wavecast run", "wavecast run sales.csv", "wavecast run sales.csv --horizon '6 months' --store sales-runs"),
        flow=True,
    ),
    "browse": Verb(
        "Build the gallery of all runs, and open it in the browser.",
        "Forecast a series",
        "flows.browse:browse",
        "flows.browse:BrowseSettings",
        ("wavecast browse", "wavecast browse --store sales-runs --no-open"),
    ),
    "retrain": Verb(
        "Train a challenger, promote it if it is not worse than the champion, and forecast.",
        "Keep it fresh",
        "flows.retrain:retrain",
        "flows.settings.retrain:RetrainSettings",
        (
            "wavecast retrain sales.csv --store sales-runs",
            "wavecast retrain --data 'postgresql://me:$PGPASSWORD@host/shop' --table sales --store sales-runs "
            "--sink 'postgresql://me:$PGPASSWORD@host/shop'",
        ),
        flow=True,
    ),
    "monitor": Verb(
        "Score past forecasts by what has arrived, and look for drift.",
        "Keep it fresh",
        "flows.monitor:monitor",
        "flows.settings.monitor:MonitorSettings",
        ("wavecast monitor --store sales-runs", "wavecast monitor --store sales-runs --hold-back 1"),
        flow=True,
    ),
    "deploy": Verb(
        "Put retraining and monitor on a schedule; list, pause, resume or remove the schedules.",
        "Keep it fresh",
        "flows.deploy:deploy",
        "flows.settings.deploy:DeploySettings",
        (
            "wavecast deploy sales.csv --store sales-runs --every day",
            "wavecast deploy sales.csv --store sales-runs --schedule '0 3 * * *' --schedule-zone Asia/Tokyo",
            "wavecast deploy --list",
            "wavecast deploy --pause --store sales-runs",
        ),
    ),
    "notify": Verb(
        "Notify by mail, Slack or a webhook when a store on a schedule needs attention.",
        "Keep it fresh",
        "flows.notify:notify",
        "flows.settings.notify:NotifySettings",
        (
            "wavecast notify --to mail:ops@example.org --store sales-runs --smtp mail.example.org:587",
            "wavecast notify --to slack --store sales-runs",
            "wavecast notify --list",
        ),
    ),
    "forecast": Verb(
        "Forecast the newest data with the champion, without training, and print it or write it anywhere.",
        "Keep it fresh",
        "flows.forecast:forecast",
        "flows.forecast:ForecastSettings",
        (
            "wavecast forecast --store sales-runs",
            "wavecast forecast --store sales-runs --to tonight.csv s3://bucket/tonight.parquet",
            "wavecast forecast --data sqlite:///sales.db --table sales --store sales-runs --sink sqlite:///sales.db",
        ),
    ),
    "serve": Verb(
        "Serve the forecast, the champion, health and the gallery over HTTP, read-only, until Ctrl-C.",
        "Keep it fresh",
        "flows.serve:serve",
        "flows.settings.serve:ServeSettings",
        (
            "wavecast serve --store sales-runs",
            "wavecast serve --store sales-runs --host 0.0.0.0 --token-file token.txt",
        ),
    ),
    "history": Verb(
        "List the champions, since when and why.",
        "Keep it fresh",
        "flows.history:history",
        "flows.settings.base:StoreSettings",
        ("wavecast history --store sales-runs",),
    ),
    "promote": Verb(
        "Make a run the champion by hand.",
        "Keep it fresh",
        "flows.promote:promote",
        "flows.promote:ByHandSettings",
        ('wavecast promote latest --store sales-runs --why "it knows the new prices"',),
    ),
    "rollback": Verb(
        "Go back to the champion before this one.",
        "Keep it fresh",
        "flows.rollback:rollback",
        "flows.promote:ByHandSettings",
        ('wavecast rollback --store sales-runs --why "the new prices were withdrawn"',),
    ),
    "void": Verb(
        "Take back scores that were made in error: they stay on record, and count no longer.",
        "Keep it fresh",
        "flows.void:void",
        "flows.void:VoidSettings",
        ('wavecast void --from 2026-01-03 --to 2026-01-04 --why "half a day of sales" --store sales-runs',),
    ),
    "prune": Verb(
        "Remove old runs that nothing needs, unused results and leftovers; without --yes only list them.",
        "Keep it fresh",
        "flows.prune:prune",
        "flows.prune:PruneSettings",
        (
            "wavecast prune --keep 90d --store sales-runs",
            "wavecast prune --keep 90d --keep-champions --store sales-runs --yes",
        ),
    ),
    "check": Verb(
        "Check a store for what is damaged, torn or lost, and mend what can be mended.",
        "Keep it fresh",
        "flows.check:check",
        "flows.check:CheckSettings",
        ("wavecast check --store sales-runs", "wavecast check --mend --store sales-runs"),
    ),
    "backup": Verb(
        "Put a store's runs, champions, ledger and schedules into one archive.",
        "Keep it fresh",
        "flows.backup:backup",
        "flows.settings.backup:BackupSettings",
        (
            "wavecast backup --store sales-runs --to /backup/",
            "wavecast backup --store sales-runs --to s3://bucket/sales-runs.tar.zst",
        ),
    ),
    "restore": Verb(
        "Put a backup back where no store is, and its schedules on the server.",
        "Keep it fresh",
        "flows.restore:restore",
        "flows.settings.backup:RestoreSettings",
        (
            "wavecast restore sales-runs.tar.zst --store sales-runs",
            "wavecast restore sales-runs.tar.zst --store sales-runs --data /new/place/sales.csv",
            "wavecast restore sales-runs.tar.zst --store drill-runs --schedules no",
        ),
    ),
    "explain": Verb(
        "Say where a run came from, what differs from the one before, and why the forecast moved.",
        "Look into a run",
        "flows.explain:explain",
        "flows.explain:ExplainSettings",
        (
            "wavecast explain latest",
            "wavecast explain latest --store sales-runs --json",
            "wavecast explain --forecast --store sales-runs",
        ),
    ),
    "verify": Verb(
        "Check a run's files, train again from its manifest, and compare every byte.",
        "Look into a run",
        "flows.verify:verify",
        "flows.verify:VerifySettings",
        ("wavecast verify latest",),
    ),
    "sweep": Verb(
        "Train a recipe with every combination of some of its fields, over several seeds.",
        "Experiment",
        "flows.sweep:sweep",
        "flows.settings.sweep:SweepSettings",
        ("wavecast sweep", "wavecast sweep --over lr=0.005,0.01,0.023 hidden=10,20,40 --seeds 16"),
        flow=True,
    ),
    "evaluate": Verb(
        "Compare the network with its peers on known series, or on a forecasting competition.",
        "Experiment",
        "flows.evaluate:evaluate",
        "flows.settings.evaluate:EvaluateSettings",
        ("wavecast evaluate --series lorenz logistic --origins 3", "wavecast evaluate --suite m1 --sample 250"),
        flow=True,
    ),
    "replay": Verb(
        "Replay a year day by day, and compare policies of retraining; or live one with faults.",
        "Experiment",
        "flows.replay:replay",
        "flows.settings.replay:ReplaySettings",
        (
            "wavecast replay",
            "wavecast replay sales.csv --known 1000 --days 200 --horizon 14",
            "wavecast replay --faults --fault-share 0.25 --nights 365 --store year-runs",
        ),
        flow=True,
    ),
}
"""Every verb, in the order in which `wavecast --help` shows them."""


def settings_of(flow: str) -> type[BaseModel] | None:
    """The settings of the flow that manifests name so; None when this Wavecast has no such flow."""
    verb = next((verb for verb in VERBS.values() if verb.flow and verb.place.endswith(f":{flow}")), None)
    return verb.settings() if verb else None
