import pytest

from rnn.readers.problems import BadSource
from rnn.readers.urls import (
    filled_in,
    from_root,
    has_secret,
    in_environment,
    is_database,
    redacted,
    without_credentials,
    without_secrets,
)

FILES = [
    ("data/series.csv", "data/series.csv"),
    ("me@home/a:b?.csv", "me@home/a:b?.csv"),
    ("s3://bucket/key.parquet", "s3://bucket/key.parquet"),
    ("https://me:secret@host/a.csv", "https://…@host/a.csv"),
    ("https://me@host/a.csv", "https://…@host/a.csv"),
    ("ftp://me:se/cr@et@host/a.csv", "ftp://…@host/a.csv"),
    ("https://host/a.csv?sig=secret&x=1#top", "https://host/a.csv?…#top"),
    ("zip://a.csv::https://me:secret@host/a.zip", "zip://…@host/a.zip"),
]
DATABASES = [
    ("sqlite:///sales.db", "sqlite:///sales.db"),
    ("postgresql://me@host/db", "postgresql://me@host/db"),
    ("postgresql://me:secret@host:5433/db", "postgresql://me:…@host:5433/db"),
    ("postgresql+psycopg://me:se@cr?et/s@host/db?sslmode=require", "postgresql+psycopg://me:…@host/db?…"),
    ("postgresql://host/db?user=me&password=secret", "postgresql://host/db?…"),
    ("postgresql://me:$PGPASSWORD@host/db", "postgresql://me:$PGPASSWORD@host/db"),
    ("postgresql://me:${PGPASSWORD}@host/db", "postgresql://me:${PGPASSWORD}@host/db"),
    ("postgresql://me:$PGPASSWORD1x@host/db", "postgresql://me:…@host/db"),
]


@pytest.mark.parametrize(("url", "shown"), FILES + DATABASES)
def test_an_url_is_shown_without_what_opens_it(url, shown):
    assert redacted(url) == shown
    assert redacted(shown) == shown


@pytest.mark.parametrize(("url", "_"), FILES + DATABASES)
def test_an_url_handed_on_by_the_environment_holds_no_secret_and_comes_back(url, _):
    environment = {"PGPASSWORD": "pass word"}
    handed_on = in_environment(url, "WAVECAST_DATA", environment)
    assert "secret" not in handed_on and "se@cr" not in handed_on
    assert redacted(handed_on) == handed_on, "what is handed on may stand in a log"
    if "$" not in url:
        expected = url.replace("se@cr?et/s", "se%40cr%3Fet%2Fs")
        assert filled_in(handed_on, environment) == expected
    assert in_environment(handed_on, "WAVECAST_DATA", environment) == handed_on


def test_a_password_in_a_variable_is_the_password_itself():
    filled = filled_in("postgresql://me:$PGPASSWORD@host/db", {"PGPASSWORD": "p@ss/w?rd"})
    assert filled == "postgresql://me:p%40ss%2Fw%3Frd@host/db"
    environment: dict[str, str] = {}
    assert in_environment("postgresql://me:p%40ss@host/db", "X", environment) == "postgresql://me:$X_PASSWORD@host/db"
    assert environment == {"X_PASSWORD": "p@ss"}


def test_a_value_of_a_query_may_be_a_reference():
    assert filled_in("https://host/a?format=csv&sig=$SIG", {"SIG": "a%2B"}) == "https://host/a?format=csv&sig=a%2B"


def test_a_variable_that_is_not_set_is_named():
    with pytest.raises(BadSource, match="no variable PGPASSWORD") as told:
        filled_in("postgresql://me:$PGPASSWORD@host/db", {})
    assert "host/db" in str(told.value)


@pytest.mark.parametrize(
    ("url", "whether"),
    [
        ("https://host/a.csv?format=csv&gid=0", False),
        ("https://host/a.csv?sig=abc", True),
        ("https://host/a.csv?sig=$SIG", False),
        ("https://token@host/a.csv", True),
        ("postgresql://me@host/db?sslmode=require", False),
        ("postgresql://me:x@host/db", True),
        ("postgresql://me:$PGPASSWORD@host/db", False),
        ("postgresql://host/db?password=x", True),
        ("block:sales", False),
        ("a:b@c.csv", False),
    ],
)
def test_what_may_not_stand_in_parameters_is_told_from_mere_settings(url, whether):
    assert has_secret(url) is whether


def test_what_a_library_says_loses_both_forms_of_a_password():
    said = "no login as me with p@ss, that is p%40ss, at postgresql://me:p%40ss@host/db"
    assert without_secrets(said, "postgresql://me:p%40ss@host/db") == (
        "no login as me with …, that is …, at postgresql://me:…@host/db"
    )


def test_a_password_and_its_reference_lead_to_one_name():
    one, other = "postgresql://me:secret@host/db?a=b", "postgresql://me:$PGPASSWORD@host/db?$REST"
    assert without_credentials(one) == without_credentials(other) == "postgresql://me:…@host/db?…"


def test_a_file_is_the_same_from_every_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert from_root("sales.csv") == f"{tmp_path}/sales.csv"
    assert from_root("sqlite:///sales.db") == f"sqlite:///{tmp_path}/sales.db"
    for url in ("sqlite:////data/sales.db", "s3://bucket/parts/", "block:sales", "postgresql://host/db"):
        assert from_root(url) == url


@pytest.mark.parametrize(
    ("url", "whether"),
    [("sqlite:///a.db", True), ("postgresql+psycopg://host/db", True), ("s3://b/a.csv", False), ("sqlite.csv", False)],
)
def test_databases_are_known_by_their_scheme(url, whether):
    assert is_database(url) is whether
