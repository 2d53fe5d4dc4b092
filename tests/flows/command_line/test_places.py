import pytest

from flows.command_line.places import NoSuchFolder, NotYours, refuse_over_own, require_folder


def test_a_folder_that_is_there_and_a_place_elsewhere_are_left_alone(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for place in ("page.html", f"{tmp_path}/page.html", (tmp_path / "page.html").as_uri(), "s3://nowhere/page.html"):
        require_folder(place)


def test_a_folder_that_is_missing_is_named_and_not_made(tmp_path):
    for place in (f"{tmp_path}/typo/page.html", (tmp_path / "typo" / "page.html").as_uri()):
        with pytest.raises(NoSuchFolder, match=r"^--to: there is no folder .*/typo to write page.html to: "):
            require_folder(place)
    assert not (tmp_path / "typo").exists()


def test_nothing_of_a_store_or_its_series_is_written_over(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for folder in ("runs", "days", "out"):
        (tmp_path / folder).mkdir()
    (tmp_path / "link").symlink_to("runs")
    for place in ("runs/champion.json", "runs/latest/forecast.csv", "link/it.csv", f"file://{tmp_path}/runs/a.csv"):
        with pytest.raises(
            NotYours, match=r"^--to: .* lies in the store, whose files are its own: name a place outside"
        ):
            refuse_over_own(place, "runs")
    for place in ("sales.csv", f"{tmp_path}/out/../sales.csv"):
        with pytest.raises(NotYours, match=r"^--to: .*sales.csv is the file of the series itself, and would be lost"):
            refuse_over_own(place, "runs", "sales.csv")
    with pytest.raises(NotYours, match="lies in the folder of the series, and would be read as part of it"):
        refuse_over_own("days/forecast.csv", "runs", "days")
    with pytest.raises(NotYours, match="lies in the store"):
        refuse_over_own("s3://bucket/runs/latest/forecast.csv", "s3://bucket/runs/")
    for place in ("out/forecast.csv", "runs-of-others/a.csv", "s3://bucket/runs2/a.csv", "-"):
        refuse_over_own(place, "runs", "sales.csv")
