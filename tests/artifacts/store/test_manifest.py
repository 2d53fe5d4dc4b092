import json
import re
import shutil
from importlib.metadata import version

import pytest

from artifacts.files.parquet import write_table
from artifacts.store.digests import digest_file, digest_files, digest_package
from artifacts.store.manifest import origin, write_manifest

CONFIG = {"seed": 7, "store": "runs", "recipes": ["article"]}
SHA256 = re.compile(r"[0-9a-f]{64}")


def write(folder, **execution) -> dict:
    write_manifest(folder, "pipeline", CONFIG, {"article": "exact"}, execution)
    return json.loads((folder / "manifest.json").read_text())


@pytest.fixture
def folder(tmp_path):
    """A finished run's folder, as far as a manifest looks at it."""
    folder = tmp_path / "run"
    (folder / "models" / "article").mkdir(parents=True)
    write_table(folder / "dataset.parquet", {"x": [1.0]}, {"source": "a file", "digest": "its digest"})
    (folder / "models" / "article" / "final.npz").write_bytes(b"weights")
    return folder


def test_two_equal_folders_differ_in_their_execution_only(folder, tmp_path):
    shutil.copytree(folder, tmp_path / "other")
    one, other = write(folder, run="one", published="now"), write(tmp_path / "other", run="other", published="then")
    assert one.pop("execution") == {"run": "one", "published": "now"}
    assert other.pop("execution") == {"run": "other", "published": "then"}
    assert list(one.items()) == list(other.items())


def test_it_has_the_digest_of_each_file_but_itself(folder):
    expected = digest_files(folder)
    assert write(folder)["files"] == expected
    assert set(expected) == {"dataset.parquet", "models/article/final.npz"}


def test_a_changed_byte_shows(folder):
    before = write(folder)["files"]
    (folder / "manifest.json").unlink()
    (folder / "models" / "article" / "final.npz").write_bytes(b"Weights")
    after = write(folder)["files"]
    assert [name for name in before if before[name] != after[name]] == ["models/article/final.npz"]


def test_its_fields_say_what_a_run_was_made_of(folder):
    manifest = write(folder)
    assert set(manifest) == {
        "format", "flow", "config", "kernels", "seeds", "data", "source", "parent", "code", "versions", "machine",
        "files", "execution",
    }  # fmt: skip
    assert manifest["format"] == 1
    assert manifest["flow"] == "pipeline"
    assert manifest["config"] == CONFIG
    assert manifest["kernels"] == {"article": "exact"}
    assert manifest["seeds"]["seed"] == 7
    assert "noise" in manifest["seeds"]["streams"]
    assert manifest["data"] == digest_file(folder / "dataset.parquet")
    assert manifest["source"] == {"file": "a file", "digest": "its digest"}
    assert manifest["parent"] is None
    assert manifest["code"] == {"wavecast": version("wavecast"), "rnn": digest_package("rnn")}
    assert SHA256.fullmatch(manifest["code"]["rnn"])
    assert all(SHA256.fullmatch(digest) for digest in manifest["files"].values())


def test_it_names_the_version_of_every_library_that_decides_a_result(folder):
    versions = write(folder)["versions"]
    assert re.fullmatch(r"3\.\d+\.\d+\S*", versions.pop("python"))
    assert set(versions) >= {"numpy", "pyarrow", "matplotlib", "scikit-learn", "prefect"}
    assert versions == {name: version(name) for name in versions}


def test_it_names_the_machine_and_the_kernels_of_its_blas(folder):
    machine = write(folder)["machine"]
    assert machine["architecture"]
    assert re.fullmatch(r"\S+ \S+, kernels .+", machine["blas"])


def test_it_is_read_by_people_too(folder):
    write(folder)
    text = (folder / "manifest.json").read_text()
    assert text.endswith("}\n")
    assert len(text.splitlines()) > 20


def test_the_stores_url_is_noted_without_its_passwords(folder):
    noted = origin(folder, "pipeline", {"seed": 0, "store": "s3://me:secret@host/runs"}, {})
    assert noted["config"] == {"seed": 0, "store": "s3://…@host/runs"}


def test_a_generated_series_comes_from_no_file(folder):
    write_table(folder / "dataset.parquet", {"x": [1.0]}, {"source": "generated x·sin(x)"})
    assert write(folder)["source"] is None
    (folder / "dataset.parquet").unlink()
    assert write(folder)["source"] is None
