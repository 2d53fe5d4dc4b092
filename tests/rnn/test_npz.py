import io
import os
import tracemalloc
import zipfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from rnn import npz

ARRAYS = {
    "w": np.linspace(-1, 1, 12).reshape(3, 4),
    "epochs": np.array([3, 0, 7]),
    "key": np.array("a training"),
    "fits": np.empty((0, 2, 3)),
    "ends": np.array([np.nan, np.inf, -0.0]),
}
DTYPES = (
    hnp.floating_dtypes(sizes=64) | hnp.integer_dtypes(sizes=64) | hnp.boolean_dtypes() | hnp.unicode_string_dtypes()
)
NAMES = st.text(st.characters(codec="ascii", categories=("L", "N")), min_size=1, max_size=8).filter(
    lambda n: n != "file"
)


def same(one, other) -> bool:
    return one.keys() == other.keys() and all(
        (one[name].dtype, one[name].shape, one[name].tobytes())
        == (other[name].dtype, other[name].shape, other[name].tobytes())
        for name in one
    )


@pytest.fixture
def path(tmp_path):
    npz.write(tmp_path / "arrays.npz", ARRAYS)
    return tmp_path / "arrays.npz"


@given(st.dictionaries(NAMES, hnp.arrays(DTYPES, hnp.array_shapes(min_dims=0, min_side=0, max_side=4)), max_size=4))
def test_what_is_written_is_read_bit_for_bit(tmp_path_factory, arrays):
    path = tmp_path_factory.getbasetemp() / "arrays.npz"
    npz.write(path, arrays)
    assert same(npz.read(path), arrays)


def test_the_same_arrays_give_the_same_bytes_at_any_time_and_place(path, tmp_path, monkeypatch):
    monkeypatch.setattr("time.time", lambda: 2e9)
    npz.write(tmp_path / "later.npz", {name: array.copy() for name, array in ARRAYS.items()})
    with (tmp_path / "opened.npz").open("wb") as file:
        npz.write(file, ARRAYS)
    assert (tmp_path / "later.npz").read_bytes() == (tmp_path / "opened.npz").read_bytes() == path.read_bytes()


def test_plain_numpy_reads_it_without_pickle(path):
    with np.load(path, allow_pickle=False) as file:
        assert same(dict(file), ARRAYS)


def test_a_missing_file_is_missing_and_not_unreadable(tmp_path):
    with pytest.raises(FileNotFoundError):
        npz.read(tmp_path / "nothing.npz")


def refused(path) -> str:
    with pytest.raises(npz.UnreadableError) as error:
        npz.read(path)
    assert "\n" not in str(error.value)
    return str(error.value)


def test_a_file_cut_anywhere_is_refused_in_one_line(path):
    whole = path.read_bytes()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        refused(path)


@pytest.mark.parametrize("flip", [0x01, 0x80, 0xFF])
def test_of_a_file_with_one_wrong_byte_nothing_wrong_is_believed(path, flip):
    whole, believed = path.read_bytes(), 0
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ flip]) + whole[place + 1 :])
        try:
            arrays = npz.read(path)
        except npz.UnreadableError as error:
            assert "\n" not in str(error)
        else:  # a byte that says nothing of the arrays, such as the time of day
            believed += 1
            assert same(arrays, ARRAYS)
    assert believed < len(whole) / 4


@given(st.binary(max_size=300))
def test_random_bytes_are_refused_in_one_line(tmp_path_factory, rubbish):
    path = tmp_path_factory.getbasetemp() / "rubbish.npz"
    path.write_bytes(rubbish)
    refused(path)


def test_pickled_objects_are_refused_and_never_unpickled(tmp_path):
    class Trap:
        def __reduce__(self):
            return pytest.fail, ("unpickled",)

    np.savez(tmp_path / "trap.npz", trap=np.array([Trap()], dtype=object))
    assert "allow_pickle=False" in refused(tmp_path / "trap.npz")


def test_a_zip_file_of_something_else_and_a_folder_are_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "text.npz", "w") as archive:
        archive.writestr("w.npy", "not an array")
    refused(tmp_path / "text.npz")
    (tmp_path / "folder.npz").mkdir()
    refused(tmp_path / "folder.npz")


def zipped(path, member: bytes, how=zipfile.ZIP_STORED):
    with zipfile.ZipFile(path, "w", how) as archive:
        archive.writestr("w.npy", member)
    return path


def header(shape, dtype="<f8") -> bytes:
    file = io.BytesIO()
    np.lib.format.write_array_header_1_0(file, {"descr": dtype, "fortran_order": False, "shape": shape})
    return file.getvalue()


def memory_refused(path, match) -> int:
    """Refused with these words; returns the most memory that it took."""
    tracemalloc.start()
    try:
        with pytest.raises(npz.UnreadableError, match=match):
            npz.read(path)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_small_file_that_unpacks_to_a_large_one_is_refused_before_it_is_unpacked(tmp_path):
    bomb = zipped(tmp_path / "bomb.npz", header((2**23,)) + bytes(2**26), zipfile.ZIP_DEFLATED)
    assert bomb.stat().st_size < 2**17
    assert memory_refused(bomb, "unpacked it would fill") < 2**20


@pytest.mark.parametrize("shape", [(10**9,), (10**12,), (2**62, 2**62), (2**40, 0, 3)[:1], (-1,)])
def test_a_shape_that_its_bytes_do_not_fill_is_refused_before_memory_is_taken(tmp_path, shape):
    assert memory_refused(zipped(tmp_path / "a.npz", header(shape) + bytes(64)), "an array should have") < 2**20


def test_what_is_compressed_modestly_is_read(tmp_path):
    np.savez_compressed(tmp_path / "a.npz", **ARRAYS)
    assert same(npz.read(tmp_path / "a.npz"), ARRAYS)


def test_a_pipe_in_its_place_is_refused_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.npz")
    memory_refused(tmp_path / "pipe.npz", "not a file")
