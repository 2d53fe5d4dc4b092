"""A feed's file: as it should be, and under each fault."""

import numpy as np
import pytest

from rnn.lifecycle.faults import Fault
from rnn.lifecycle.faulty_feed import Feed, daily_values

END = 100


@pytest.fixture
def feed() -> Feed:
    return Feed(daily_values(120, np.random.default_rng(0)))


def rows(file: bytes) -> list[tuple[str, float]]:
    header, *lines = file.decode().splitlines()
    assert header == "date,sales"
    return [(line.split(",")[0], float(line.split(",")[1])) for line in lines]


def faulty(feed: Feed, kind: str, night: int = 0) -> bytes:
    return feed.faulty_file(END, Fault(kind, night), np.random.default_rng(0))


def test_the_values_are_positive_have_two_decimals_and_a_week(feed):
    assert (feed.y > 0).all()
    assert (np.round(feed.y, 2) == feed.y).all()
    assert np.corrcoef(feed.y[7:], feed.y[:-7])[0, 1] > 0.5


def test_the_healthy_file_has_all_days_and_values(feed):
    found = rows(feed.file(END))
    assert found[0] == ("2024-01-01", feed.y[0])
    assert found[-1] == ("2024-04-09", feed.y[END - 1])
    assert len(found) == END


def test_nothing_new_comes_while_the_feed_is_stale(feed):
    assert faulty(feed, "stale", 2) == feed.file(END - 3)


def test_the_last_true_value_is_repeated_while_it_is_flat(feed):
    found = [y for _, y in rows(faulty(feed, "flat", 2))]
    assert found[-4:] == [feed.y[END - 4]] * 4
    assert found[:-3] == feed.y[: END - 3].tolist()


def test_values_stand_a_day_late_or_are_in_another_unit(feed):
    assert [y for _, y in rows(faulty(feed, "shifted"))][1:] == feed.y[: END - 1].tolist()
    assert [y for _, y in rows(faulty(feed, "all x1000"))] == pytest.approx((feed.y[:END] * 1000).tolist())
    newest = [y for _, y in rows(faulty(feed, "newest x1000"))]
    assert newest == pytest.approx([*feed.y[: END - 1], feed.y[END - 1] * 1000])


def test_a_file_is_cut_or_has_rows_twice(feed):
    whole = feed.file(END)
    cut = faulty(feed, "half-written")
    assert whole.startswith(cut)
    assert 0 < len(cut) < len(whole)
    assert faulty(feed, "duplicated").startswith(whole)
    assert len(rows(faulty(feed, "duplicated"))) == END + 3


def test_a_fault_of_the_machine_leaves_the_file_as_it_is(feed):
    assert faulty(feed, "killed") == feed.file(END)


def test_a_restatement_corrects_five_recent_values_for_good(feed):
    after = feed.restated(END, np.random.default_rng(0))
    changed = np.flatnonzero(after.y != feed.y)
    assert len(changed) == 5
    assert changed.min() >= END - 60
    assert changed.max() < END
