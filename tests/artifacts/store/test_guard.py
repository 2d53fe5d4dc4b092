"""Guards: what a late process would write is refused by the store itself, whatever it believes of its lease."""

import fsspec
import pytest

from artifacts.store import lease as leases
from artifacts.store.guard import guarding
from artifacts.store.lease import FencedOff


@pytest.fixture(scope="module")
def files(bucket):
    return fsspec.filesystem("s3")


@pytest.fixture
def impatient(monkeypatch):
    """Leases that run out almost at once, and nobody renews them: every owner stands still."""
    monkeypatch.setattr(leases, "SECONDS", 0.3)
    monkeypatch.setattr(leases, "_renew", lambda lease, over: None)


def test_a_guarded_file_is_written_as_often_as_one_likes(files):
    with guarding(files, "sales/one", "a.json", 0) as guard:
        assert not guard.has("a.json")
        for data in (b"1", b"2"):
            guard.write("a.json", data)
            assert guard.has("a.json")
    with guarding(files, "sales/one", "a.json", 0) as guard:
        assert guard.has("a.json")
        guard.write("a.json", b"3")
    assert files.cat_file("sales/one/a.json") == b"3"


def test_it_covers_a_file_or_what_is_below_a_folder(files):
    with guarding(files, "sales/one", "latest", 0) as guard:
        assert guard.covers("latest")
        assert guard.covers("latest/forecast.csv")
        assert not guard.covers("latest.json")


def test_the_late_one_writes_nothing_even_where_it_thinks_that_it_is_in_time(files, impatient):
    with guarding(files, "sales/two", "a.json", 0) as late:
        with guarding(files, "sales/two", "a.json", 5) as other:
            assert other.lease.fence == late.lease.fence + 1
            other.write("a.json", b"the other's")
        late.lease.seconds = 1e6  # its clock stood still as well: no renewal is due
        with pytest.raises(FencedOff, match="did not renew its lease in time"):
            late.write("a.json", b"too late")
        with pytest.raises(FencedOff):
            late.overwrite("a.json", b"too late")
    assert files.cat_file("sales/two/a.json") == b"the other's"


def test_whoever_has_taken_over_wins_over_what_the_late_one_had_just_written(files, impatient):
    with (
        guarding(files, "sales/three", "run", 0) as late,
        guarding(files, "sales/three", "run", 5) as other,
    ):
        late.lease.seconds = 1e6
        late.write("run/a", b"late, before the other")
        other.overwrite("run/a", b"the other's")
        with pytest.raises(FencedOff):
            late.overwrite("run/a", b"late again")
        assert files.cat_file("sales/three/run/a") == b"the other's"


def test_who_was_taken_over_before_its_first_look_is_told_then(files, impatient, monkeypatch):
    def slow(self, files, root, name, lease):
        with monkeypatch.context() as once:
            once.setattr("artifacts.store.guard.Guard.__init__", real)
            with guarding(files, root, name, 5) as other:
                other.write(name, b"the other's")
        real(self, files, root, name, lease)

    from artifacts.store.guard import Guard

    real = Guard.__init__
    monkeypatch.setattr("artifacts.store.guard.Guard.__init__", slow)
    with pytest.raises(FencedOff), guarding(files, "sales/four", "a.json", 0):
        pytest.fail("it went on")


def test_a_lease_that_is_not_needed_again_is_removed(files):
    with guarding(files, "sales/five", "run", 0) as guard:
        guard.write("run/manifest.json", b"{}")
        guard.close()
    assert files.find("sales/five") == ["sales/five/run/manifest.json"]
