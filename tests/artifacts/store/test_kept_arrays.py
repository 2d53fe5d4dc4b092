"""Finished parts on disk: found again after a kill, made again when damaged, gone when the step has ended."""

import numpy as np
import pytest

from artifacts.store.kept_arrays import KeptArrays


@pytest.fixture
def told():
    return []


@pytest.fixture
def kept(tmp_path, told):
    return KeptArrays(tmp_path / "parts", told.append)


def test_a_part_comes_back_as_it_was_and_is_told_once(kept, told):
    y = np.random.default_rng(0).normal(size=(3, 2))
    kept.put("fold 1/../2", {"y": y})
    kept.put("fold 2", {"y": y + 1})
    np.testing.assert_array_equal(kept.get("fold 1/../2")["y"], y)
    kept.get("fold 2")
    assert told == ["going on with 2 finished parts of an earlier run"]


def test_what_was_not_kept_or_is_damaged_is_not_there(kept, told):
    assert kept.get("fold") is None
    kept.put("fold", {"y": np.ones(3)})
    (file,) = kept.folder.iterdir()
    file.write_bytes(file.read_bytes()[:-9])
    assert kept.get("fold") is None
    assert told == []


def test_where_nothing_can_be_written_nothing_is_kept(tmp_path, told):
    (tmp_path / "parts").write_text("a file in its place")
    kept = KeptArrays(tmp_path / "parts", told.append)
    kept.put("fold", {"y": np.ones(3)})
    assert kept.get("fold") is None
    kept.remove()
    assert (tmp_path / "parts").read_text() == "a file in its place"


def test_when_the_step_has_ended_all_are_gone(kept):
    kept.put("fold", {"y": np.ones(3)})
    kept.remove()
    assert not kept.folder.exists()
    kept.remove()
