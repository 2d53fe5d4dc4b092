import pytest

from flows.command_line.places import NoSuchFolder, require_folder


def test_a_folder_that_is_there_and_a_place_elsewhere_are_left_alone(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for place in ("page.html", f"{tmp_path}/page.html", (tmp_path / "page.html").as_uri(), "s3://nowhere/page.html"):
        require_folder(place)


def test_a_folder_that_is_missing_is_named_and_not_made(tmp_path):
    for place in (f"{tmp_path}/typo/page.html", (tmp_path / "typo" / "page.html").as_uri()):
        with pytest.raises(NoSuchFolder, match=r"^--to: there is no folder .*/typo to write page.html to: "):
            require_folder(place)
    assert not (tmp_path / "typo").exists()
