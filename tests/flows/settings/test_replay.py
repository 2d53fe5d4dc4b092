"""The replay's settings: the plan that they make, and what is refused."""

import pytest
from pydantic import ValidationError

from flows.settings.replay import ReplaySettings
from rnn.datasets.drifting import CHANGES, KINDS
from rnn.lifecycle.replay import POLICIES


def test_without_settings_it_is_a_year_with_everything():
    settings = ReplaySettings()
    assert (settings.days, settings.policies) == (365, POLICIES)
    assert settings.plan.end(0) == 600
    assert settings.plan.end(364) == settings.plan.points == 600 + 364 * 6


def test_kinds_and_changes_are_those_that_there_are():
    for kind in KINDS:
        for change in CHANGES:
            assert ReplaySettings(kind=kind, change=change).kind == kind


@pytest.mark.parametrize(
    ("wrong", "told"),
    [({"policies": ("never", "never")}, "once"), ({"policies": ()}, "at least"), ({"policies": ("daily",)}, "never"),
     ({"kind": "tides"}, "waves"), ({"known": 100}, "folds to judge on"), ({"days": 1}, "greater than")],
)  # fmt: skip
def test_settings_that_make_no_sense_are_refused(wrong, told):
    with pytest.raises(Exception, match=told):
        ReplaySettings(**wrong)


def test_a_year_with_faults_is_of_a_plan_of_its_own():
    settings = ReplaySettings(faults=True, days=12, fault_share=0, seed=3)
    assert (settings.year.nights, settings.year.share, settings.year.seed) == (12, 0, 3)
    assert ReplaySettings.model_validate(settings.model_dump(mode="json")) == settings
    with pytest.raises(ValidationError, match="lives a feed of its own: leave out --data, --workers"):
        ReplaySettings(faults=True, data="sales.csv", workers=1)


def test_unknown_fields_are_refused():
    with pytest.raises(ValidationError):
        ReplaySettings(points=3)
