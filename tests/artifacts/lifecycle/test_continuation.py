"""New data held to a store's series: what is written at first, taken, refused, accepted, restated, revised."""

import json
from pathlib import Path

import numpy as np
import pytest

from artifacts.files.forecasts import FORECAST, write_forecasts
from artifacts.files.series import DATASET, write_series
from artifacts.lifecycle.continuation import continue_series, scoring
from artifacts.lifecycle.identity import SERIES, VALUES, counted, read_identity
from artifacts.lifecycle.ledger import read_ledger, score_arrivals
from artifacts.lifecycle.verdict import VERDICT
from artifacts.store.digests import digest_files
from artifacts.store.manifest import write_manifest
from artifacts.store.store import Store
from flows.settings.retrain import RetrainSettings
from rnn.forecast import Forecast
from rnn.intervals import Intervals
from rnn.lifecycle.identity import NotTheSameSeries
from rnn.lifecycle.series_of_store import SeriesOfStore
from rnn.readers.options import Source
from rnn.readers.read import read_series_file
from rnn.series import Series

Y = 100 + np.tile([1.0, 2, 4, 3, 9, 7, 0], 60) + np.random.default_rng(0).normal(0, 1, 420)
RUN = "20260101T000000Z-aaaaaa"


class Operator:
    """A file that changes, and a store that is held to it."""

    def __init__(self, place: Path) -> None:
        self.data, self.store = place / "sales.csv", Store(str(place / "runs"))
        self.sets = place / "sets"
        self.keeps = True

    def arrives(self, y, first: int = 0, value: str = "sales") -> None:
        rows = "".join(f"{first + t},{number:.6f}\n" for t, number in enumerate(y))
        self.data.write_text(f"t,{value}\n" + rows)

    def dataset(self, **reading) -> Path:
        """The data set that the flow would have made of the file."""
        series, calendar, found = read_series_file(Source(data=str(self.data), **reading))
        self.sets.mkdir(exist_ok=True)
        place = self.sets / f"{len(list(self.sets.iterdir()))}.parquet"
        write_series(place, series, {"source": found.file, "digest": "0", "found": found.plain()}, calendar)
        return place

    def goes_on(self, now: str = "20260102T000000Z", reading: dict | None = None, moves: bool = False, **asked):
        settings = SeriesOfStore(data=str(self.data), **(reading or {}), **asked)
        return continue_series(self.store, self.dataset(**(reading or {})), settings, now, moves, self.keeps)

    def retrains(self, run: str, origin: int) -> None:
        """A whole run that knew `origin` points and served the mean level for the next six."""
        folder = Path(self.store.root) / run
        folder.mkdir(parents=True)
        x = origin + np.arange(6.0)[:, None]
        level = np.full_like(x, 104)
        served = Forecast("served", x, level, Intervals(level - 4, level + 4, level - 8, level + 8))
        write_forecasts(folder / FORECAST, [served], None)
        (folder / VERDICT).write_text(json.dumps({"serves": {"run": None, "method": "autoregressive"}}))
        (folder / DATASET).write_bytes(self.dataset().read_bytes())
        config = {"seed": 0, "data": str(self.data), "group_size": 1, "horizon": 6, "store": "runs"}
        write_manifest(folder, "retrain", config, {}, {"run": run})

    def scores(self):
        at = np.array([float(line.split(",")[0]) for line in self.data.read_text().splitlines()[1:]])
        y = np.array([float(line.split(",")[1]) for line in self.data.read_text().splitlines()[1:]])
        place = self.sets / DATASET
        place.write_bytes(self.dataset().read_bytes())
        return score_arrivals(self.store, at, y, 1.0, scoring(self.store, self.sets))


@pytest.fixture
def operator(tmp_path) -> Operator:
    found = Operator(tmp_path)
    found.arrives(Y[:200])
    return found


@pytest.fixture
def kept(operator) -> Operator:
    """The same with a run in the store, so that its series is settled."""
    operator.goes_on()
    operator.retrains(RUN, 200)
    return operator


def test_the_first_data_say_what_the_store_is_about(operator):
    found = operator.goes_on(reading={"hold_back": 2}, revise_within="7")
    written = json.loads((Path(operator.store.root) / SERIES).read_text())
    assert (written["unique_id"], written["first"], written["last"], written["points"]) == ("sales", "0", "197", 198)
    assert written["source"] == {"data": str(operator.data), "hold_back": 2}
    assert written["revise_within"] == "7"
    assert written["lowest"] == pytest.approx(Y[:198].min(), abs=1e-6)
    assert (Path(operator.store.root) / VALUES).is_file()
    assert found.told == ["The store is about 'sales' from now on."]


def test_a_first_attempt_may_be_corrected_until_something_is_made_of_it(operator):
    operator.goes_on()
    operator.arrives(5 - Y[:50], value="visits")
    assert operator.goes_on().identity.unique_id == "visits"


def test_what_grows_is_taken_and_known_then(kept):
    kept.arrives(Y[:210])
    found = kept.goes_on()
    assert (found.identity.points, found.told, found.warnings) == (210, [], [])
    kept.arrives(Y[20:215], first=20)
    assert (kept.goes_on().identity.offset, read_identity(kept.store).first) == (20, "20")


def test_the_same_again_writes_nothing(kept):
    before = digest_files(Path(kept.store.root))
    kept.goes_on()
    assert digest_files(Path(kept.store.root)) == before


def test_a_look_notes_nothing_but_what_is_accepted(kept):
    before = read_identity(kept.store)
    kept.keeps = False
    kept.arrives([*Y[:200], *Y[:10]])
    assert kept.goes_on().warnings == []
    assert read_identity(kept.store) == before
    assert "is not needed" in kept.goes_on(accept=("scale",)).told[0]
    kept.arrives(1000 * Y[:200])
    with pytest.raises(NotTheSameSeries):
        kept.goes_on()
    assert "Accepted, as asked" in kept.goes_on(accept=("scale",)).warnings[0]
    assert read_identity(kept.store).accepted[0].words == ("scale",)


def test_a_look_makes_no_store_about_anything(operator):
    operator.keeps = False
    operator.goes_on()
    assert read_identity(operator.store) is None


def test_what_is_refused_changes_nothing_but_a_note(kept):
    known, values = read_identity(kept.store), (Path(kept.store.root) / VALUES).read_bytes()
    kept.arrives(Y[:150])
    with pytest.raises(NotTheSameSeries, match=r"50 later points are known, up to 199.*--accept shrunk") as told:
        kept.goes_on()
    assert "\n" not in str(told.value)
    noted = read_identity(kept.store)
    assert noted.refused.words == ("shrunk",)
    assert noted.model_copy(update={"refused": None}) == known
    assert (Path(kept.store.root) / VALUES).read_bytes() == values
    kept.arrives(Y[:210])
    assert kept.goes_on().identity.refused is None


def test_what_is_accepted_is_gone_on_with_and_noted(kept):
    kept.arrives(Y[:150])
    found = kept.goes_on(accept=("shrunk",))
    assert found.identity.points == 150
    assert found.identity.accepted[0].words == ("shrunk",)
    assert found.identity.begun == "", "the values are the same, and forecasts of them count"
    assert "Accepted, as asked: the data end at 149" in found.warnings[0]
    assert "is not needed" in kept.goes_on(accept=("shrunk",)).told[0]


def test_every_difference_needs_its_word_and_another_covers_all(kept):
    kept.arrives(1000 * Y[:210], value="revenue")
    for words in ((), ("columns",), ("scale",)):
        with pytest.raises(NotTheSameSeries):
            kept.goes_on(accept=words)
    assert kept.goes_on(accept=("columns", "scale")).identity.unique_id == "revenue"
    kept.arrives(np.arange(40.0), first=7, value="other")
    assert kept.goes_on(accept=("another",)).identity.unique_id == "other"


def test_forecasts_of_another_scale_are_neither_scored_nor_counted(kept):
    kept.arrives(Y[:203])
    assert kept.scores().added == 3
    kept.arrives(1000 * Y[:206])
    kept.goes_on("20260103T000000Z", accept=("scale",))
    kept.retrains("20260103T000000Z-bbbbbb", 206)
    assert kept.scores().added == 0
    assert (len(read_ledger(kept.store).scored), len(counted(kept.store))) == (3, 0)
    kept.arrives(1000 * Y[:208])
    assert kept.scores().added == 2
    assert set(counted(kept.store).run) == {"20260103T000000Z-bbbbbb"}


def test_restated_history_is_counted_told_kept_and_its_scores_marked(kept):
    kept.arrives(Y[:204])
    kept.goes_on()
    kept.scores()
    new = Y[:206].copy()
    new[[20, 150, 202]] += 3
    kept.arrives(new)
    found = kept.goes_on("20260105T000000Z")
    (record,) = found.identity.restatements
    assert (record.points, record.known, record.first, record.last, record.blocks) == (3, 204, "20", "202", (0,))
    assert record.before[0] != found.identity.digests[0]
    assert record.typical == pytest.approx(3)
    assert record.marked == 1
    assert "The past was restated: 3 of 204 known values have changed" in found.warnings[0]
    scored = read_ledger(kept.store).scored
    assert scored.at[scored.restated].tolist() == [202]
    assert scored.truth[scored.restated][0] == pytest.approx(Y[202], abs=1e-6), "the score stays what it was"
    kept.scores()
    assert set(read_ledger(kept.store).scored.unique_id) == {"sales"}


def test_forecasts_made_of_what_was_all_restated_since_are_marked(kept):
    kept.arrives(1.2 * Y[:203])
    kept.goes_on("20260105T000000Z")
    kept.retrains("20260105T000000Z-bbbbbb", 203)
    kept.arrives(1.2 * Y[:205])
    kept.scores()
    scored = read_ledger(kept.store).scored
    assert set(scored.run[scored.restated]) == {RUN}
    assert set(scored.run[~scored.restated]) == {"20260105T000000Z-bbbbbb"}


def test_values_within_the_time_of_revision_are_revised_with_their_scores(kept):
    half = np.append(Y[:202], 3.1)
    kept.arrives(half)
    kept.goes_on(revise_within="3")
    kept.scores()
    kept.arrives(Y[:204])
    found = kept.goes_on()
    assert (found.warnings, found.told) == ([], ["1 value was revised within 3."])
    assert kept.scores().revised == 1
    scored = read_ledger(kept.store).scored
    assert scored.truth[scored.at == 202][0] == pytest.approx(Y[202], abs=1e-6)
    assert not scored.restated.any()


def test_rows_that_are_held_back_may_have_been_known(kept):
    assert kept.goes_on(reading={"hold_back": 3}).identity.points == 197


def test_another_file_that_continues_is_said_and_is_the_stores_after_a_retraining_alone(kept):
    before = read_identity(kept.store).source["data"]
    kept.data = kept.data.rename(kept.data.with_name("archive.csv"))
    kept.arrives(Y[:205])
    assert kept.goes_on().told[0].endswith("it continues that one.")
    assert read_identity(kept.store).source["data"] == before
    assert kept.goes_on(moves=True).told[0].endswith("it continues that one, and is the store's from now on.")
    assert read_identity(kept.store).source["data"].endswith("archive.csv")


def test_a_store_from_before_is_about_its_newest_retrainings_data(kept):
    for file in (SERIES, VALUES):
        (Path(kept.store.root) / file).unlink()
    kept.arrives(Y[:150])
    with pytest.raises(NotTheSameSeries, match="--accept shrunk"):
        kept.goes_on()
    (Path(kept.store.root) / SERIES).unlink(missing_ok=True)
    kept.arrives(Y[:205])
    found = kept.goes_on().identity
    assert (found.unique_id, found.task, found.points) == ("sales", {"group_size": 1, "horizon": 6}, 205)


def test_a_horizon_is_noted_as_it_was_said(kept):
    kept.arrives(Y[:205])
    asked = RetrainSettings(data=str(kept.data), store=str(kept.store.root), horizon="14d")
    continue_series(kept.store, kept.dataset(), asked, "20260102T000000Z")
    assert read_identity(kept.store).task["horizon"] == "14 days"


def test_lost_values_are_those_of_the_newest_retraining(kept):
    (Path(kept.store.root) / VALUES).unlink()
    new = Y[:205].copy()
    new[5] += 1
    kept.arrives(new)
    assert kept.goes_on().identity.restatements[0].points == 1


def test_a_name_that_was_given_stays(operator):
    operator.goes_on(unique_id="north")
    operator.retrains(RUN, 200)
    operator.arrives(Y[:205])
    assert operator.goes_on().identity.unique_id == "north"
    assert operator.goes_on(unique_id="south").identity.unique_id == "south"


def test_a_forgotten_file_never_makes_a_store_about_generated_data(kept, tmp_path):
    x = np.arange(200) / 100
    write_series(tmp_path / "x.parquet", Series(x, x * np.sin(x), 0.01), {"source": "generated x·sin(x)"})
    for file in ((), (SERIES, VALUES)):
        for each in file:
            (Path(kept.store.root) / each).unlink()
        with pytest.raises(NotTheSameSeries, match=r"name the store.s file, .*sales.csv, with --data"):
            continue_series(kept.store, tmp_path / "x.parquet", SeriesOfStore(), "20260103T000000Z")
