import shlex
from pathlib import Path

import numpy as np
import pytest

from flows.doctor import DoctorSettings
from flows.settings.pipeline import PipelineSettings
from rnn.doctor import diagnose
from rnn.experiment import HorizonTooLong
from rnn.readers.options import Source
from rnn.readers.problems import BadSource
from rnn.readers.read import read_series_file


@pytest.fixture
def write(tmp_path):
    def written(rows: list[str]) -> Source:
        (tmp_path / "my file.csv").write_text("\n".join(["day;the value", *rows]))
        return Source(data=str(tmp_path / "my file.csv"))

    return written


def days(count: int, season: int = 1) -> list[str]:
    first = np.datetime64("2024-01-01")
    return [f"{first + k};{k % season + 0.1 * (k % 2):.1f}" for k in range(count)]


def settings_of(command: str) -> PipelineSettings:
    """The settings that a command line stands for."""
    said: dict[str, list[str]] = {"data": (values := [])}
    for word in shlex.split(command)[2:]:
        if word.startswith("--"):
            said[word[2:].replace("-", "_")] = values = []
        else:
            values.append(word)
    return PipelineSettings(**{name: v if name == "repair" else v[0] for name, v in said.items()})


def test_a_good_file_gets_settings_for_its_season_and_a_command_that_works(write):
    found = diagnose(write(days(400, 7)))
    assert found.usable
    assert any("season of 7 points" in line for line in found.lines)
    assert any(line.startswith("Group size 7") for line in found.lines)
    settings = settings_of(found.lines[-1])
    assert (settings.group_size, settings.horizon, settings.value_column) == (7, "7", "the value")
    assert len(read_series_file(settings.source, settings.points_needed)[0]) == 400


def test_all_that_is_wrong_is_told_and_the_command_mends_it(write):
    rows = days(200)
    rows[5], rows[6] = rows[6], rows[5]
    rows[20] = rows[19]
    rows[40] = rows[40].split(";")[0] + ";"
    del rows[60:63]
    found = diagnose(write(rows))
    assert sum(line.startswith("Wrong: ") for line in found.lines) == 4
    assert found.usable
    settings = settings_of(found.lines[-1])
    assert settings.repair == ("sort", "duplicates")
    assert settings.fill_gaps == 3
    assert len(read_series_file(settings.source)[0]) == 200


def test_what_no_setting_mends_is_not_usable(write):
    rows = days(200)
    rows[7] = rows[7] + "x"
    found = diagnose(write(rows))
    assert not found.usable
    assert any("line 9" in line for line in found.lines)
    assert "python" not in found.lines[-1]


def test_a_short_series_gets_small_groups_or_is_too_short(write):
    found = diagnose(write(days(60)))
    assert found.usable
    assert settings_of(found.lines[-1]).group_size == 1
    found = diagnose(write(days(15)))
    assert found.usable
    assert settings_of(found.lines[-1]).horizon == "3"
    found = diagnose(write(days(6)))
    assert not found.usable
    assert "Too few points: 6" in found.lines[-1]


def test_what_is_said_of_seasons_and_bounds_is_in_the_command(write):
    source = write(days(200)).model_copy(update={"season": (7, 28), "lower": -1e6})
    command = diagnose(source).lines[-1]
    assert "--season 7 28" in command
    assert "--lower=-1000000.0" in command


def test_what_cannot_be_read_at_all_is_one_line(tmp_path):
    with pytest.raises(BadSource, match="no such file"):
        diagnose(Source(data=str(tmp_path / "absent")))


def test_most_of_a_series_is_never_invented(write):
    rows = days(400)
    kept = [row for k, row in enumerate(rows) if k < 200 or k % 3 == 0]
    found = diagnose(write(kept))
    assert not found.usable
    assert any("filling would invent 133 of 400 points" in line for line in found.lines)
    assert not any("--fill-gaps" in line for line in found.lines)
    asked = write(kept).model_copy(update={"fill_gaps": 2})
    told = diagnose(asked)
    assert told.usable
    assert any("133 of 400 points are invented" in line for line in told.lines)


def test_points_between_semicolons_may_group_digits(write):
    rows = [f"{row.partition(';')[0]};1.{100 + k}" for k, row in enumerate(days(200))]
    assert any("1.100" in line and "--thousands ." in line for line in diagnose(write(rows)).lines)
    for before, behind in (("", " €"), ("(", ")")):  # what stands around a number makes it no surer
        dressed = [f"{day};{before}{number}{behind}" for day, _, number in (row.partition(";") for row in rows)]
        assert any("1.100" in line and "--thousands ." in line for line in diagnose(write(dressed)).lines)


def test_what_is_never_below_zero_is_said_to_stay_so(write):
    counts = write([row.partition(";")[0] + f";{k % 9}" for k, row in enumerate(days(200))])
    said = "All counts are 0 or more"
    assert any(line.startswith(said) and "whole numbers" in line for line in diagnose(counts).lines)
    assert not any(line.startswith(said) for line in diagnose(counts.model_copy(update={"lower": -5.0})).lines)


def test_a_task_that_is_asked_for_is_looked_at_too(write):
    source = write(days(400, 7))
    found = diagnose(source, DoctorSettings(**source.model_dump(), horizon="10d"))
    assert "Horizon 10 days: 10 points, rounded up to 2 groups of 7, 14 points." in found.lines
    assert settings_of(found.lines[-1]).horizon == "14"
    with pytest.raises(HorizonTooLong, match="--horizon 401 points is more than the 400 points that are known"):
        diagnose(source, DoctorSettings(**source.model_dump(), horizon="401"))


def test_a_long_path_is_in_the_command_as_it_is(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / ("x" * 220)).write_text("\n".join(["day,v", *(row.replace(";", ",") for row in days(60))]))
    assert f"wavecast run {'x' * 220} " in diagnose(Source(data="x" * 220)).lines[-1]


def test_the_command_keeps_what_is_known_ahead(write):
    pytest.importorskip("holidays")
    rows = [f"{row};{k % 5}" for k, row in enumerate(days(60))] + [
        f"{np.datetime64('2024-03-01') + k};;1" for k in range(9)
    ]
    source = write(rows)
    path = Path(source.data or "")
    path.write_text(path.read_text().replace("the value", "the value;price"))
    asked = source.model_copy(update={"known_ahead": ("price",), "holidays": "DE", "hold_back": 2})
    told = diagnose(asked)
    assert told.usable
    assert "--hold-back 2 --known price --holidays DE" in told.lines[-1]
