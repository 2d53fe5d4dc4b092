"""Each file that is not what the manifest says is named."""

from artifacts.store.runs import find_run
from artifacts.store.wrong_files import wrong_files

NAME = "20260301T000000Z-aaaaaa"


def test_a_whole_run_has_none(tmp_path, put_retraining):
    put_retraining(tmp_path, NAME, points=60)
    assert list(wrong_files(find_run(str(tmp_path), NAME))) == []


def test_files_that_are_altered_gone_or_none_are_named(tmp_path, put_retraining):
    folder = put_retraining(tmp_path, NAME, points=60)
    (folder / "verdict.json").write_text("{}")
    (folder / "dataset.parquet").unlink()
    (folder / "forecast.parquet").unlink()
    (folder / "forecast.parquet").mkdir()
    assert sorted(wrong_files(find_run(str(tmp_path), NAME))) == [
        "dataset.parquet is in the manifest and not in the folder",
        "forecast.parquet is in the manifest, and what is in its place is no file",
        "verdict.json has other bytes than the manifest says",
    ]
