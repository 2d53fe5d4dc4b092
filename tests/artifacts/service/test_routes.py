"""The routes: what each address answers, and the status of each mistake."""

import csv
import io
import json
from pathlib import Path

import pytest

from artifacts.files.forecast_table import COLUMNS
from artifacts.lifecycle.latest import CSV, LATEST
from artifacts.lifecycle.registry import CHAMPION
from artifacts.store.store import Store

NEXT = "20260416T030000Z-bbbbbb"


def line(answer):
    assert answer.headers["content-type"] == "application/json"
    assert answer.text.count("\n") == 1
    return answer.json()["error"]


def test_the_forecast_as_json(client):
    answer = client().get("/forecast")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    told = answer.json()
    assert (told["unique_id"], told["label"], len(told["forecast"])) == ("sales", "champion", 14)
    assert tuple(told["forecast"][0]) == COLUMNS
    assert answer.headers["cache-control"] == "no-cache", "whoever keeps it asks whether it is still the one"


@pytest.mark.parametrize(
    "asked", [{"url": "/forecast?format=csv"}, {"url": "/forecast", "headers": {"accept": "text/csv"}}]
)
def test_the_forecast_as_csv_is_the_file(client, store, asked):
    answer = client().get(**asked)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    assert answer.content == Path(store.root, LATEST, CSV).read_bytes()


def test_rows_and_columns_are_chosen(client):
    asked = {"series": "sales", "levels": "90", "from": "2026-04-16", "to": "2026-04-17", "format": "csv"}
    rows = list(csv.DictReader(io.StringIO(client().get("/forecast", params=asked).text)))
    assert [row["ds"] for row in rows] == ["2026-04-16", "2026-04-17"]
    assert [name for name in rows[0] if "-lo-" in name] == ["wavecast-lo-90"]


def test_what_has_not_changed_is_not_sent_again(client, store, made):
    asking = client()
    first = asking.get("/forecast")
    same = {"if-none-match": first.headers["etag"]}
    assert (asking.get("/forecast", headers=same).status_code, first.headers["vary"]) == (304, "accept")
    assert asking.get("/forecast?format=csv", headers=same).status_code == 200
    made.put(store, made.table(model=f"{NEXT}/autoregressive"))
    assert asking.get("/forecast", headers=same).json()["run"] == NEXT


@pytest.mark.parametrize("url", ["memory://routes-test", None])
def test_a_new_champion_is_seen_at_once(client, tmp_path, made, monkeypatch, url):
    monkeypatch.setattr("artifacts.service.watched.REST", 0.0)  # of a distant store: within a second
    store = Store(url or str(tmp_path / "new"))
    asking = client(store)
    assert asking.get("/forecast").status_code == 503
    for number in range(5):
        run = f"2026041{number}T030000Z-aaaaaa"
        made.put(store, made.table(model=f"{run}/autoregressive", y=number))
        told = asking.get("/forecast").json()
        assert {row["model"] for row in told["forecast"]} == {f"{run}/autoregressive"}
        assert {row["wavecast"] for row in told["forecast"]} == {number}


def test_champion_and_history(client):
    assert client().get("/champion").json()["served"]["by_champion"] is True
    assert client().get("/history").json()["total"] == 1


def test_health_is_200_or_503_with_the_reasons(client, store, made):
    answer = client().get("/health")
    assert (answer.status_code, answer.json()["healthy"]) == (503, False)
    assert "has passed" in answer.json()["reasons"][0]
    assert answer.headers["cache-control"] == "no-store"
    made.put(store, made.table(None))
    answer = client().get("/health")
    assert (answer.status_code, answer.json()["healthy"], answer.json()["reasons"]) == (200, True, [])


def test_metrics_count_the_requests(client):
    asking = client()
    asking.get("/forecast")
    asking.get("/forecast?from=x")
    answer = asking.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    assert 'wavecast_http_requests_total{route="/forecast",status="200"} 1.0' in answer.text
    assert 'wavecast_http_requests_total{route="/forecast",status="400"} 1.0' in answer.text
    assert "wavecast_up 1.0" in answer.text


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("/forecast?from=yesterday", 400, "is no date"), ("/forecast?levels=80", 400, "there is no level '80'"),
        ("/forecast?series=prices", 404, "there is no series 'prices'"), ("/forecast?format=xlsx", 400, "no format"),
        ("/forecast?serie=sales", 400, "there is no parameter 'serie'"), ("/forecast?to=1&to=2", 400, "more than once"),
        ("/champion?x=1", 400, "none at all"), ("/history?x=1", 400, "none at all"),
        ("/nothing", 404, "/docs says what can be asked"), ("/../secret.json", 404, "no such page"),
        ("/%2e%2e/secret.json", 404, "no such page"), ("/..%2fsecret.json", 404, "no such page"),
        ("/.cache/x.json", 404, "no such page"), ("/forecast/", 404, "no such page"),
    ],
)  # fmt: skip
def test_a_mistake_is_a_line_with_a_status(client, path, status, says):
    answer = client().get(path, follow_redirects=False)
    assert answer.status_code == status
    assert says in line(answer)


def test_what_csv_is_wanted_for_is_refused_in_json_all_the_same(client):
    assert "is no date" in line(client().get("/forecast?from=x", headers={"accept": "text/csv"}))
    answer = client().get("/forecast", headers={"accept": "image/png"})
    assert (answer.status_code, "accept one of them" in line(answer)) == (406, True)


def test_a_store_that_cannot_say_is_503(client, store, tmp_path):
    store.replace(CHAMPION, b"damaged")
    for path in ("/champion", "/history"):
        answer = client().get(path)
        assert (answer.status_code, "is damaged" in line(answer)) == (503, True)
    empty = client(Store(str(tmp_path / "empty")))
    assert (empty.get("/champion").status_code, empty.get("/forecast").status_code) == (404, 503)
    assert "`wavecast browse` builds the gallery" in line(empty.get("/"))


def test_the_gallery_is_at_the_root(client):
    answer = client().get("/")
    assert (answer.text, answer.headers["content-type"]) == ("<title>The gallery</title>", "text/html; charset=utf-8")
    assert client().head("/").content == b""


def test_the_description_names_what_can_be_asked_and_the_page_shows_it(client):
    told = client().get("/openapi.json").json()
    assert list(told["paths"]) == ["/forecast", "/champion", "/history", "/health", "/metrics"]
    names = [each["name"] for each in told["paths"]["/forecast"]["get"]["parameters"]]
    assert names == ["series", "levels", "from", "to", "format"]
    page = client().get("/docs")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    for each in ("/forecast", "/metrics", "<code>levels</code>"):
        assert each in page.text
    assert client().get("/redoc").status_code == 404


def test_a_token_is_asked_for_everywhere(client):
    asking = client(token="correct-horse-battery")  # noqa: S106
    for path in ("/", "/forecast", "/health", "/metrics", "/docs", "/openapi.json", "/nothing"):
        assert asking.get(path).status_code == 401
    assert asking.get("/forecast", auth=("", "correct-horse-battery")).status_code == 200


def test_nothing_is_written(client, store):
    def facts():
        return {path: path.stat().st_mtime_ns for path in Path(store.root).rglob("*")}

    before = facts()
    for path in ("/", "/forecast", "/champion", "/history", "/health", "/metrics", "/docs", "/nothing"):
        client().get(path)
    assert facts() == before
    assert json.loads(Path(store.root, "latest", "forecast.json").read_text())
