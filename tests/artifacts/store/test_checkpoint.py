import errno
import os

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from artifacts.store import checkpoint
from artifacts.store.atomic import CannotWrite
from artifacts.store.checkpoint import FIRST, SHARE, Checkpoint
from rnn import npz
from rnn.elman.kernels import Exact
from rnn.elman.network import ElmanNetwork
from rnn.elman.training import Training, train
from rnn.experiment import Experiment
from rnn.recipes import ArticleRecipe

STATE = {
    "w": np.random.default_rng(0).standard_normal((2, 3, 4)),
    "diverged": np.array([0, 3]),
    "losses": np.array([[1.5, np.nan], [-0.0, np.inf]]),
    "fits": np.empty((0, 2, 5)),
}
OTHER = {name: array + 1 for name, array in STATE.items()}


class Clock:
    """Time that goes on when it is told to."""

    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def told():
    return []


@pytest.fixture
def path(tmp_path):
    return tmp_path / "checkpoints" / "a training.npz"


@pytest.fixture
def keeper(path, told, clock):
    return Checkpoint(path, "a training", told.append, clock)


@pytest.fixture
def kept(keeper, clock):
    """The same with a state that was kept."""
    clock.now += FIRST
    keeper.keep(lambda: STATE)
    return keeper


def same(one, other) -> bool:
    return one.keys() == other.keys() and all(
        (one[name].dtype, one[name].shape, one[name].tobytes())
        == (other[name].dtype, other[name].shape, other[name].tobytes())
        for name in one
    )


def resumed(path, key="a training"):
    """What another process finds there, and what it tells."""
    told = []
    return Checkpoint(path, key, told.append).resume(), told


# What was kept is found again.


def test_what_was_kept_is_given_back_bit_for_bit_and_told_in_one_line(kept, path, told):
    state, (line,) = resumed(path)
    assert same(state, STATE)
    assert line == f"going on from the checkpoint {path}"
    assert told == []


def test_the_newest_is_given_back(kept, path, clock):
    clock.now += 1e6
    kept.keep(lambda: OTHER)
    assert same(resumed(path)[0], OTHER)
    assert list(path.parent.iterdir()) == [path]


def test_where_nothing_was_kept_there_is_nothing_to_tell(path):
    assert resumed(path) == (None, [])


def test_what_was_removed_is_gone_and_may_be_removed_again(kept, path):
    kept.remove()
    kept.remove()
    assert resumed(path) == (None, [])
    assert list(path.parent.iterdir()) == []


def test_what_is_kept_is_the_state_at_that_time(keeper, path, clock):
    clock.now += FIRST
    changing = {"w": np.zeros(3)}
    keeper.keep(lambda: changing)
    changing["w"] += 1
    assert same(resumed(path)[0], {"w": np.zeros(3)})


def test_the_file_is_plain_npz_without_pickle(kept, path):
    with np.load(path, allow_pickle=False) as file:
        assert str(file["key"]) == "a training"
        assert same({name: file[name] for name in STATE}, STATE)


# Seldom enough.


def test_nothing_is_written_before_its_time_and_the_state_not_even_asked_for(keeper, path, clock):
    clock.now += FIRST * 0.999
    keeper.keep(lambda: pytest.fail("it costs time"))
    assert not path.parent.exists()
    clock.now += FIRST * 0.002
    keeper.keep(lambda: STATE)
    assert path.exists()


@pytest.mark.parametrize("slow", ["the state", "the disk"])
def test_after_a_slow_write_the_next_is_later(keeper, clock, slow, monkeypatch):
    calls = []

    def state():
        calls.append(clock.now)
        clock.now += 3.0 if slow == "the state" else 0.0
        return STATE

    def fsync(_):
        clock.now += 3.0 if slow == "the disk" else 0.0

    monkeypatch.setattr("artifacts.store.atomic._flush", lambda _: None)
    monkeypatch.setattr(os, "fsync", fsync)
    clock.now += FIRST
    keeper.keep(state)
    (first,) = calls
    clock.now = first + 3.0 / SHARE - 0.01
    keeper.keep(state)
    assert len(calls) == 1
    clock.now += 0.02
    keeper.keep(state)
    assert len(calls) == 2


@given(st.lists(st.tuples(st.floats(1e-3, 5.0), st.floats(1e-6, 2.0)), min_size=1, max_size=200))
def test_writing_never_takes_more_than_its_share_of_the_time(epochs):
    """Each epoch lasts so long, and so does a write after it."""
    clock, written, costs = Clock(), [], []
    began = clock.now
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(checkpoint, "replace_file", lambda *_: None)
        keeper = Checkpoint(None, "a training", pytest.fail, clock)
        for training, writing in epochs:
            clock.now += training

            def state(writing=writing):
                written.append(clock.now - began)
                costs.append(writing)
                clock.now += writing
                return STATE

            keeper.keep(state)
    for i, moment in enumerate(written):
        assert moment >= FIRST
        # When a write begins, those before it have been paid for by the time that went by since.
        assert sum(costs[:i]) <= SHARE * moment + 1e-9


def test_it_is_often_enough_that_little_is_lost(clock, monkeypatch):
    """Of an hour's training with a write of 10 ms, at most 0.5 s and an epoch."""
    monkeypatch.setattr(checkpoint, "replace_file", lambda *_: setattr(clock, "now", clock.now + 0.01))
    keeper, moments, ends = Checkpoint(None, "a training", pytest.fail, clock), [], clock.now + 3600
    while clock.now < ends:
        clock.now += 0.05
        keeper.keep(lambda: moments.append(clock.now) or {})
    assert max(np.diff(moments)) <= 0.01 / SHARE + 0.05 + 0.01
    assert 0.01 * len(moments) <= SHARE * 3600


# What cannot be used is told and not used.


def unused(path, key="a training") -> str:
    state, (line,) = resumed(path, key)
    assert state is None
    assert line.startswith(f"{path} is not used: ")
    assert line.endswith("; training starts anew")
    assert "\n" not in line
    return line


def test_a_torn_file_is_told_and_not_used(kept, path):
    whole = path.read_bytes()
    for length in {*range(0, len(whole), 37), *range(12), *range(len(whole) - 60, len(whole))}:
        path.write_bytes(whole[:length])
        assert "not a readable npz file" in unused(path)


def test_a_file_with_a_wrong_byte_is_told_and_not_used_or_says_what_it_said_before(kept, path):
    whole, used = path.read_bytes(), 0
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        state, (line,) = resumed(path)
        if state is None:
            assert f"{path} is not used" in line
        else:
            used += 1
            assert same(state, STATE)
    assert used < len(whole) / 4


@pytest.mark.parametrize("content", [b"", b"rubbish", bytes(1000), b"PK\x05\x06" + bytes(18)], ids=repr)
def test_a_file_of_something_else_is_told_and_not_used(path, content):
    path.parent.mkdir()
    path.write_bytes(content)
    unused(path)


def test_random_bytes_are_told_and_not_used(path):
    path.parent.mkdir()
    for length in (1, 22, 100, 5000):
        path.write_bytes(np.random.default_rng(length).bytes(length))
        unused(path)


def test_another_npz_file_is_told_and_not_used(path):
    path.parent.mkdir()
    npz.write(path, STATE)
    assert "it is not a checkpoint" in unused(path)


def test_a_folder_in_its_place_is_told(path):
    path.mkdir(parents=True)
    unused(path)


@pytest.mark.parametrize("key", ["another training", "a training ", "", "['a training']"])
def test_the_checkpoint_of_another_training_is_told_and_not_used(kept, path, key):
    assert "it belongs to another training" in unused(path, key)
    assert same(resumed(path)[0], STATE)


def test_what_was_not_used_is_replaced_when_it_is_time(path, told, clock):
    path.parent.mkdir()
    path.write_bytes(b"rubbish")
    keeper = Checkpoint(path, "a training", told.append, clock)
    assert keeper.resume() is None
    clock.now += FIRST
    keeper.keep(lambda: STATE)
    assert same(resumed(path)[0], STATE)


# When it cannot be written, the last one is still there.


def full(*_, **__):
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("fails", ["os.fsync", "rnn.npz.np.savez", "pathlib.Path.replace"])
def test_a_full_disk_is_told_and_the_last_good_one_stays(kept, path, clock, monkeypatch, fails):
    before = path.read_bytes()
    clock.now += 1e6
    with monkeypatch.context() as patch:
        patch.setattr(fails, full)
        with pytest.raises(CannotWrite, match="the disk is full") as error:
            kept.keep(lambda: OTHER)
    assert str(path) in str(error.value)
    assert "\n" not in str(error.value)
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]
    assert same(resumed(path)[0], STATE)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")  # noqa: PTH110
def test_a_disk_that_is_really_full_is_told_and_the_last_good_one_stays(kept, path, clock, monkeypatch):
    clock.now += 1e6
    opened = type(path).open
    monkeypatch.setattr(type(path), "open", lambda self, *mode: opened(type(self)("/dev/full"), *mode))
    with pytest.raises(CannotWrite, match="the disk is full"):
        kept.keep(lambda: OTHER)
    monkeypatch.undo()
    assert same(resumed(path)[0], STATE)


# With a training.

SMALL = Experiment(points=60, step=0.05)
RECIPE = ArticleRecipe(epochs=8, hidden=4)


def network():
    return ElmanNetwork.random(np.random.default_rng(1), 6, 4, 6)


@pytest.fixture
def eager(monkeypatch):
    """Every epoch is worth a checkpoint."""
    monkeypatch.setattr(checkpoint, "FIRST", 0.0)
    monkeypatch.setattr(checkpoint, "SHARE", 1.0)


def test_a_training_that_ends_with_a_full_disk_goes_on_from_the_last_good_checkpoint(eager, path, told, monkeypatch):
    unbroken = train(network(), SMALL.groups(0), RECIPE)
    epochs, fsync = [], os.fsync

    def on_epoch(epoch, _):
        epochs.append(epoch)
        if epoch == 6:
            monkeypatch.setattr(os, "fsync", full)

    with pytest.raises(CannotWrite, match="the disk is full"):
        train(network(), SMALL.groups(0), RECIPE, on_epoch, Checkpoint(path, "key", told.append))
    monkeypatch.setattr(os, "fsync", fsync)
    assert epochs == [1, 2, 3, 4, 5, 6]
    assert list(path.parent.iterdir()) == [path]
    went_on = []
    again = train(
        network(), SMALL.groups(0), RECIPE, lambda epoch, _: went_on.append(epoch),
        Checkpoint(path, "key", told.append),
    )  # fmt: skip
    assert told == [f"going on from the checkpoint {path}"]
    assert went_on == [5, 6, 7, 8]
    assert again.fit_epochs == unbroken.fit_epochs
    for one, other in ((again.final, unbroken.final), (again.initial, unbroken.initial)):
        assert same(one, other)
    for name in ("h_last", "epoch_loss", "fits"):
        np.testing.assert_array_equal(getattr(again, name), getattr(unbroken, name))


def test_a_checkpoint_of_the_last_epoch_is_used_too(eager, path, told):
    train(network(), SMALL.groups(0), RECIPE, keeper=Checkpoint(path, "key", told.append))
    epochs = []
    train(
        network(), SMALL.groups(0), RECIPE, lambda epoch, _: epochs.append(epoch),
        Checkpoint(path, "key", told.append),
    )  # fmt: skip
    assert epochs == [8]


def test_the_state_of_a_training_goes_through_a_file_without_a_change(eager, path, told):
    groups = [SMALL.groups(seed) for seed in range(3)]
    recipes = [RECIPE.model_copy(update={"lr": lr}) for lr in (0.01, 1e300, 0.02)]
    training = Training([network()] * 3, groups, recipes, Exact, {1, 8})
    training.advance()
    training.advance()
    assert (training.diverged > 0).tolist() == [False, True, False]
    keeper = Checkpoint(path, "key", told.append)
    keeper.keep(training.state)
    assert same(resumed(path, "key")[0], training.state())
