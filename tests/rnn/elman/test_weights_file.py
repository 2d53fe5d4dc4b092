import hashlib
import os
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from rnn.elman.network import ElmanNetwork, forecast
from rnn.elman.weights_file import SHAPES, load, save
from rnn.errors import CorruptModel, WavecastError

finite = st.floats(allow_nan=False, allow_infinity=False)


@st.composite
def models(draw):
    """All six arrays, with any finite values (−0, the smallest, the largest)."""
    sizes = {"1": 1} | {word: draw(st.integers(1, 5)) for word in ("inputs", "hidden", "outputs")}
    return {
        name: draw(arrays(np.float64, tuple(sizes[word] for word in words), elements=finite))
        for name, words in SHAPES.items()
    }


def model(hidden=4, seed=0) -> dict[str, np.ndarray]:
    network = ElmanNetwork.random(np.random.default_rng(seed), 6, hidden, 6)
    return network.parameters | {"h": np.full((hidden, 1), 0.5)}


def write(path, arrays_):
    save(path, {name: array for name, array in arrays_.items() if name != "h"}, arrays_["h"])
    return path


def read(path) -> dict[str, np.ndarray]:
    parameters, h = load(path)
    return parameters | {"h": h}


def equal(one, other) -> bool:
    return list(one) == list(other) and all(
        one[name].dtype == other[name].dtype and one[name].shape == other[name].shape
        and one[name].tobytes() == other[name].tobytes() for name in one
    )  # fmt: skip


def told(path) -> str:
    """What is told of a file that cannot be used: one line, with the file's name."""
    with pytest.raises(CorruptModel) as caught:
        load(path)
    message = str(caught.value)
    assert isinstance(caught.value, WavecastError)
    assert message.startswith(f"{path}: not a usable model: ")
    assert "\n" not in message
    return message


@given(models())
@settings(deadline=None, max_examples=50)
def test_what_is_saved_is_loaded_to_the_last_bit(tmp_path_factory, arrays_):
    path = tmp_path_factory.mktemp("model") / "final.npz"
    assert equal(read(write(path, arrays_)), arrays_)


def test_a_loaded_network_forecasts_as_the_saved_one(tmp_path):
    arrays_ = model()
    parameters, h = load(write(tmp_path / "final.npz", arrays_))
    x = np.random.default_rng(1).normal(size=(5, 6))
    one, other = forecast(ElmanNetwork(parameters), x, h), forecast(ElmanNetwork(arrays_), x, arrays_["h"])
    assert np.array_equal(one, other)


def test_the_same_model_gives_the_same_bytes_and_another_gives_others(tmp_path):
    files = [write(tmp_path / f"{name}.npz", model(seed=seed)) for name, seed in (("a", 0), ("b", 0), ("c", 1))]
    one, same, other = (hashlib.sha256(path.read_bytes()).hexdigest() for path in files)
    assert one == same != other


def test_the_time_of_writing_is_not_in_the_file(tmp_path, monkeypatch):
    before = write(tmp_path / "a.npz", model()).read_bytes()
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    assert write(tmp_path / "b.npz", model()).read_bytes() == before


def test_plain_numpy_opens_it_without_pickle_and_finds_the_articles_letters_alone(tmp_path):
    arrays_ = model(hidden=20)
    with np.load(write(tmp_path / "final.npz", arrays_), allow_pickle=False) as file:
        found = dict(file)
    assert list(found) == ["w", "v", "b", "z", "c", "h"]
    assert {name: array.shape for name, array in found.items()} == {
        "w": (20, 6), "v": (20, 20), "b": (20, 1), "z": (6, 20), "c": (6, 1), "h": (20, 1),
    }  # fmt: skip
    assert {array.dtype for array in found.values()} == {np.dtype("float64")}


def test_what_is_not_numbers_is_not_pickled(tmp_path):
    with pytest.raises((ValueError, TypeError)):
        write(tmp_path / "final.npz", model() | {"w": np.array([[object()]])})


# Files that cannot be used.


def test_a_file_that_is_not_there_is_told(tmp_path):
    assert "no such file" in told(tmp_path / "none.npz")


def test_a_folder_is_told(tmp_path):
    told(tmp_path)


@pytest.mark.parametrize(
    "content",
    [b"", b"hello\nworld\n", b"PK\x03\x04", b"\x80\x04\x95\x0b\x00\x00\x00\x00\x00\x00\x00}\x94\x8c\x01w\x94K\x01s.",
     b"\x93NUMPY", b"\x93NUMPY\x01\x00", bytes(1000)],
    ids=["empty", "text", "start of a zip", "pickle", "start of a npy", "more of a npy", "zeros"],
)  # fmt: skip
def test_a_file_of_something_else_is_told(tmp_path, content):
    (tmp_path / "final.npz").write_bytes(content)
    told(tmp_path / "final.npz")


def test_a_single_array_is_told(tmp_path):
    np.save(tmp_path / "final.npy", model()["w"])
    told((tmp_path / "final.npy").rename(tmp_path / "final.npz"))


def test_a_pickled_array_is_told_and_never_unpickled(tmp_path):
    class Trap:
        def __reduce__(self):
            return os.mkdir, (str(tmp_path / "sprung"),)

    trap = np.empty((1, 1), object)
    trap[0, 0] = Trap()
    np.savez(tmp_path / "final.npz", **(model() | {"w": trap}))
    told(tmp_path / "final.npz")
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize("content", [b"", b"hello", b"\x93NUMPY\x01\x00"])
def test_an_archive_of_something_else_is_told(tmp_path, content):
    with zipfile.ZipFile(tmp_path / "final.npz", "w") as archive:
        for name in SHAPES:
            archive.writestr(f"{name}.npy", content)
    told(tmp_path / "final.npz")


@pytest.mark.parametrize("name", SHAPES)
def test_an_array_that_is_missing_is_named(tmp_path, name):
    np.savez(tmp_path / "final.npz", **{other: array for other, array in model().items() if other != name})
    assert f"'{name}'" in told(tmp_path / "final.npz")


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize("kind", ["float32", "int64", "complex128", ">f8", "S8", "bool"])
def test_an_array_of_another_type_is_named(tmp_path, name, kind):
    arrays_ = model()
    np.savez(tmp_path / "final.npz", **(arrays_ | {name: arrays_[name].real.astype(kind)}))
    message = told(tmp_path / "final.npz")
    assert f"'{name}'" in message
    assert "not float64" in message


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize(
    "other_shape",
    [lambda array: array[:-1], lambda array: array[..., np.newaxis], lambda array: array[:, 0],
     lambda array: array[0, 0], lambda array: np.hstack([array, array, array])],
    ids=["a row less", "three dimensions", "one dimension", "no dimension", "three times as wide"],
)  # fmt: skip
def test_an_array_that_does_not_fit_the_others_is_told(tmp_path, name, other_shape):
    arrays_ = model()
    changed = other_shape(arrays_[name])
    if name == "w" and changed.shape == (4, 18):
        return  # more inputs: that fits
    np.savez(tmp_path / "final.npz", **(arrays_ | {name: changed}))
    assert "does not fit" in told(tmp_path / "final.npz")


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_a_value_that_is_not_finite_is_told_with_its_array(tmp_path, name, value):
    arrays_ = model()
    arrays_[name] = arrays_[name].copy()
    arrays_[name][-1, -1] = value
    message = told(write(tmp_path / "final.npz", arrays_))
    assert f"'{name}'" in message
    assert "not finite" in message


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> tuple[dict[str, np.ndarray], bytes]:
    """A small model, and the bytes of its file."""
    arrays_ = model(hidden=2)
    return arrays_, write(tmp_path_factory.mktemp("whole") / "final.npz", arrays_).read_bytes()


def test_a_file_cut_short_anywhere_is_told(tmp_path, whole):
    path = tmp_path / "final.npz"
    for length in [*range(0, len(whole[1]), 7), len(whole[1]) - 1]:
        path.write_bytes(whole[1][:length])
        told(path)


def check_damaged(path, damaged, arrays_):
    """A damaged file is told, or the damage is where nothing is read from and the model is the same."""
    path.write_bytes(damaged)
    try:
        assert equal(read(path), arrays_)
    except CorruptModel as error:
        assert str(path) in str(error)
        assert "\n" not in str(error)


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # NumPy's, of an archive that it could not read
def test_a_bit_that_flipped_anywhere_never_gives_another_model(tmp_path, whole):
    arrays_, content = whole
    for place in range(len(content)):
        damaged = bytearray(content)
        damaged[place] ^= 1 << place % 8
        check_damaged(tmp_path / "final.npz", damaged, arrays_)


@given(st.data())
@settings(deadline=None, max_examples=100)
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_damage_never_gives_another_model(tmp_path_factory, whole, data):
    arrays_, content = whole
    start = data.draw(st.integers(0, len(content) - 1))
    damage = data.draw(st.binary(min_size=1, max_size=40))
    damaged = content[:start] + damage + content[start + len(damage) :]
    check_damaged(tmp_path_factory.getbasetemp() / "damaged.npz", damaged, arrays_)


def test_a_bit_that_flipped_in_a_large_arrays_shape_is_told(tmp_path):
    path = write(tmp_path / "final.npz", model(hidden=100))
    content = path.read_bytes()
    assert content.count(b"(100, 6)") == 1
    path.write_bytes(content.replace(b"(100, 6)", b"(100, 2)"))
    told(path)
