"""What Prometheus is told, in its own text format."""

from datetime import UTC, datetime

from prometheus_client.parser import text_string_to_metric_families

from artifacts.service.health import Health
from artifacts.service.measures import Measures, State
from artifacts.service.served_forecast import ServedForecast

OUTCOMES = {
    "points": 40,
    "rmse": 2.0,
    "mae": 1.5,
    "mase": None,
    "coverage50": 0.4,
    "coverage90": 0.9,
    "times_naive": 0.6,
}


def told(state, *notes):
    """Every figure by its name and labels."""
    measures = Measures(lambda: state)
    for note in notes:
        measures.note(*note)
    families = text_string_to_metric_families(measures.text().decode())
    return {
        (each.name, *map(each.labels.get, sorted(each.labels))): each.value
        for family in families
        for each in family.samples
    }


def test_the_forecast_its_health_and_its_outcomes(made):
    table = made.table()
    served = ServedForecast(made.told(table, quality={"outcomes": OUTCOMES}), table, "0")
    promoted = datetime(2026, 4, 1, tzinfo=UTC)
    found = told(State(served, Health(True, None, False, ("old",), None), promoted))
    run = "20260415T030000Z-aaaaaa"
    assert found["wavecast_up",] == 1
    assert found["wavecast_forecast_info", "champion", f"{run}/autoregressive", run, "sales"] == 1
    assert found["wavecast_forecast_points", "sales"] == 14
    assert (
        found["wavecast_forecast_made_timestamp_seconds", "sales"]
        == datetime(2026, 4, 15, 3, 0, 7, tzinfo=UTC).timestamp()
    )
    assert (
        found["wavecast_forecast_cutoff_timestamp_seconds", "sales"]
        == datetime(2026, 4, 13, 22, tzinfo=UTC).timestamp()
    )
    assert found["wavecast_champion_promoted_timestamp_seconds",] == promoted.timestamp()
    assert (found["wavecast_healthy",], found["wavecast_fresh",], found["wavecast_drifting",]) == (0, 1, 0)
    assert ("wavecast_good",) not in found, "not known"
    assert found["wavecast_outcomes_rmse", "sales"] == 2.0
    assert ("wavecast_outcomes_mase", "sales") not in found
    assert found["wavecast_outcomes_coverage", "90", "sales"] == 0.9


def test_where_nothing_is_served_that_is_told():
    assert told(State(None, None, None)) == {("wavecast_up",): 0.0}


def test_answers_are_counted_and_timed():
    found = told(State(None, None, None), ("/forecast", 200, 0.003), ("/forecast", 200, 0.3), ("refused", 401, 0.001))
    assert found["wavecast_http_requests_total", "/forecast", "200"] == 2
    assert found["wavecast_http_requests_total", "refused", "401"] == 1
    assert found["wavecast_http_request_duration_seconds_bucket", "0.005", "/forecast"] == 1
    assert found["wavecast_http_request_duration_seconds_count", "/forecast"] == 2
