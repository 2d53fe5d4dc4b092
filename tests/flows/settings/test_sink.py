import pytest
from pydantic import ValidationError

from flows.settings.monitor import MonitorSettings
from flows.settings.retrain import RetrainSettings
from flows.settings.sink import without_sink


@pytest.mark.parametrize(
    ("model", "given", "words"),
    [
        (RetrainSettings, {"sink": "forecasts.csv"}, "--sink is a database"),
        (RetrainSettings, {"sink_table": "mine"}, "--sink-table is a table of a database: give --sink too"),
        (MonitorSettings, {"sink_outcomes": "mine"}, "--sink-outcomes is a table"),
    ],
)
def test_what_a_sink_is_not_is_told(model, given, words):
    with pytest.raises(ValidationError, match=words):
        model(**given)


def test_a_sink_is_no_setting_of_the_forecast():
    plain = RetrainSettings().model_dump(mode="json")
    sent = RetrainSettings(sink="block:sales", sink_table="mine", sink_verdicts="v").model_dump(mode="json")
    assert without_sink(plain) == without_sink(sent)
    assert "sink" not in without_sink(plain) and "sink_table" not in without_sink(plain)
