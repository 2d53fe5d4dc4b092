"""Files as programs and people write them in many countries: each is read right, or the doctor's command reads it.

Each is held by its values, and by the first and the last of its times.
"""

import shlex
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from flows.command_line.command import run_from_command_line
from flows.settings.pipeline import PipelineSettings
from rnn.doctor import diagnose
from rnn.readers.options import Source
from rnn.readers.problems import BadSource
from rnn.readers.read import read_series_file

N = 48
VALUES = [100 + 10 * (k % 7) + k % 3 for k in range(N)]
DAYS = pd.date_range("2024-01-01", periods=N)
MONTHS = pd.date_range("2019-01-01", periods=N, freq="MS")
HOURS = pd.date_range("2024-01-01", periods=N, freq="h")


def table(times: Any, form: Any, header: str = "day,sales", value: str = "{value}", mark: str = ",") -> str:
    """A row for each time, which `form` puts into words, and its value."""
    rows = [f"{form(time)}{mark}{value.format(value=v)}" for time, v in zip(times, VALUES, strict=True)]
    return "\n".join([header, *rows]) + "\n"


def months(names: str, form: str = "{name} {year}") -> str:
    """A row a month, with its name of twelve."""
    return table(MONTHS, lambda month: form.format(name=names.split()[month.month - 1], year=month.year))


def days(names: str, form: str) -> str:
    """A row a day, with its month's name."""
    return table(DAYS, lambda day: form.format(name=names.split()[day.month - 1], day=day.day, year=day.year))


def numbered(form: Callable[[int], str], header: str = "period,sales") -> str:
    """A row for each k from 0, which `form` puts into words."""
    return table(range(N), form, header)


GERMAN = "Januar Februar März April Mai Juni Juli August September Oktober November Dezember"
FRENCH = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"
SPANISH = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"
RUSSIAN = "Январь Февраль Март Апрель Май Июнь Июль Август Сентябрь Октябрь Ноябрь Декабрь"
EVERY_MONTH = "from 2019-01-01 to 2022-12-01, every month (MS)"
EVERY_DAY = "from 2024-01-01 to 2024-02-17, every day"
EVERY_HOUR = "from 2024-01-01 00:00 to 2024-01-02 23:00, every hour"
EVERY_QUARTER = "from 2005-01-01 to 2016-10-01, every quarter (QS-JAN)"
EVERY_WEEK = "from 2023-01-02 to 2023-11-27, every 7D"

READ = {
    # name: the file, and words of its description
    "months in German": (months(GERMAN), EVERY_MONTH),
    "short months in German": (months("Jan Feb Mrz Apr Mai Jun Jul Aug Sep Okt Nov Dez"), EVERY_MONTH),
    "months with points": (months("Jan. Feb. März Apr. Mai Juni Juli Aug. Sept. Okt. Nov. Dez."), EVERY_MONTH),
    "months of a newspaper": (months("Jan. Feb. March April May June July Aug. Sept. Oct. Nov. Dec."), EVERY_MONTH),
    "months in French": (months(FRENCH), EVERY_MONTH),
    "months in Spanish": (months(SPANISH, "{name} de {year}"), EVERY_MONTH),
    "months in Russian": (months(RUSSIAN, "{name} {year} г."), EVERY_MONTH),
    "years before months": (months(GERMAN, "{year} {name}"), EVERY_MONTH),
    "days in German": (days(GERMAN, "{day}. {name} {year}"), EVERY_DAY),
    "days in French": (days(FRENCH, "{day} {name} {year}").replace("\n1 j", "\n1er j"), EVERY_DAY),
    "days in Spanish": (days(SPANISH, "{day} de {name} de {year}"), EVERY_DAY),
    "hours in German": (table(HOURS, lambda t: f"{t.day}. Januar 2024 {t:%H:%M}"), EVERY_HOUR),
    "months in Chinese": (table(MONTHS, lambda t: f"{t.year}年{t.month}月", "日期,销量"), EVERY_MONTH),
    "days in Chinese": (table(DAYS, lambda t: f"{t.year}年{t.month}月{t.day}日", "日期,销量"), EVERY_DAY),
    "days in Chinese with zeros": (table(DAYS, lambda t: f"{t:%Y年%m月%d日}", "日期,销量"), EVERY_DAY),
    "hours in Chinese": (table(HOURS, lambda t: f"{t.year}年{t.month}月{t.day}日 {t:%H:%M}", "时间,负荷"), EVERY_HOUR),
    "hours in words in Chinese": (table(HOURS, lambda t: f"{t.year}年1月{t.day}日{t.hour}时", "时间,负荷"), EVERY_HOUR),
    "quarters in Chinese": (numbered(lambda k: f"{2005 + k // 4}年第{k % 4 + 1}季度", "季度,销量"), EVERY_QUARTER),
    "weeks in Chinese": (numbered(lambda k: f"2023年第{k + 1}周", "周,销量"), EVERY_WEEK),
    "years in Chinese": (numbered(lambda k: f"{1970 + k}年", "年份,销量"), "from 1970-01-01 to 2017-01-01, every year"),
    "compact dates in Chinese": (table(DAYS, lambda t: f"{t:%Y%m%d}", "日期,销量"), EVERY_DAY),
    "years as numbers": (numbered(lambda k: f"{1970 + k}", "Jahr,Umsatz"), "from 1970 to 2017, every 1"),
    "months in Korean": (table(MONTHS, lambda t: f"{t.year}년 {t.month:02d}월", "월,매출"), EVERY_MONTH),
    "days with points in Korean": (table(DAYS, lambda t: f"{t.year}. {t.month}. {t.day}.", "날짜,매출"), EVERY_DAY),
    "days with points in Czech": (table(DAYS, lambda t: f"{t.day}. {t.month}. {t.year}"), EVERY_DAY),
    "days with points in Hungarian": (table(DAYS, lambda t: f"{t:%Y.%m.%d.}"), EVERY_DAY),
    "years of a league": (
        numbered(lambda k: f"{1970 + k}/{(1971 + k) % 100:02d}"),
        "from 1970-01-01 to 2017-01-01, every year",
    ),
    "years of a league in full": (
        numbered(lambda k: f"{1970 + k}-{1971 + k}"),
        "a year that begins in the first of its two",
    ),
    "years of a league with dashes": (numbered(lambda k: f"{1970 + k}-{(1971 + k) % 100:02d}"), "every year (YS-JAN)"),
    "financial years": (numbered(lambda k: f"FY{1970 + k}"), "from 1970-01-01 to 2017-01-01, every year"),
    "financial years of two": (
        numbered(lambda k: f"FY{(1970 + k) % 100:02d}/{(1971 + k) % 100:02d}"),
        "from 1970-01-01 to 2017-01-01",
    ),
    "quarters of a bank": (numbered(lambda k: f"{k % 4 + 1}Q{2005 + k // 4}"), EVERY_QUARTER),
    "quarters in German": (numbered(lambda k: f"{k % 4 + 1}. Quartal {2005 + k // 4}"), EVERY_QUARTER),
    "quarters of the Insee": (numbered(lambda k: f"{2005 + k // 4}-T{k % 4 + 1}"), EVERY_QUARTER),
    "halves of years": (numbered(lambda k: f"{1990 + k // 2}H{k % 2 + 1}"), "from 1990-01-01 to 2013-07-01, every 6MS"),
    "months of the IMF": (table(MONTHS, lambda t: f"{t.year}M{t.month:02d}"), EVERY_MONTH),
    "weeks in German": (numbered(lambda k: f"KW {k + 1:02d}/2023", "Woche,Umsatz"), EVERY_WEEK),
    "weeks with a space": (numbered(lambda k: f"2023 W{k + 1}"), EVERY_WEEK),
    "days of the year": (table(DAYS, lambda t: f"{t:%Y-%j}"), EVERY_DAY),
    "days beside the day of the export": (
        table(DAYS, lambda t: f"2025-11-26,{t.date()}", "LAST UPDATE,TIME_PERIOD,OBS_VALUE"),
        EVERY_DAY,
    ),
    "spans in two columns": (
        table(HOURS, lambda t: f"{t},{t + pd.Timedelta('1h')}", "Datum von,Datum bis,kWh"),
        EVERY_HOUR,
    ),
}


@pytest.mark.parametrize("name", READ)
def test_a_file_is_read_as_it_is_meant(name, tmp_path):
    text, words = READ[name]
    (tmp_path / "it.csv").write_text(text)
    series, _, summary = read_series_file(Source(data=str(tmp_path / "it.csv")))
    assert series.y.tolist() == VALUES
    assert words in " ".join(summary.sentences())
    assert summary.repairs == {}


def quarters_of_an_hour() -> str:
    """Four weeks of them by clocks in Berlin, which are put back in the night to the 27th of October."""
    times = pd.date_range("2024-10-10", periods=28 * 96, freq="15min", tz="Europe/Berlin").tz_localize(None)
    return "Zeit;kWh\n" + "".join(f"{time:%d.%m.%Y %H:%M};{k % 96},5\n" for k, time in enumerate(times))


CURED = {
    # name: the file, words of the reason, and words of the command
    "two digits of a year in German": (
        months("Jan Feb Mrz Apr Mai Jun Jul Aug Sep Okt Nov Dez", "{name}-{year}").replace("-20", "-"),
        "'Jan-19'",
        "--time-format %b-%y",
    ),
    "year and month of a statistical office": (
        "Preise;;\nDeutschland;;\n;;\n"
        + table(MONTHS, lambda t: f"{t.year};{GERMAN.split()[t.month - 1]}", "Jahr;Monat;Index", mark=";")
        + "__________\n(C)opyright\n",
        "column 'Monat' has the month",
        "--time-column Jahr Monat --value-column Index --time-format '%Y %B' --skip-rows 3 --repair extra-rows",
    ),
}


@pytest.mark.parametrize("name", CURED)
def test_the_command_of_the_doctor_reads_it(name, tmp_path):
    text, reason, command = CURED[name]
    (tmp_path / "it.csv").write_text(text)
    diagnosis = diagnose(Source(data=str(tmp_path / "it.csv")))
    assert diagnosis.usable, diagnosis.lines
    assert reason in "\n".join(diagnosis.lines[:-1]), diagnosis.lines
    assert command in diagnosis.lines[-1]
    caught: list[PipelineSettings] = []
    run_from_command_line(caught.append, PipelineSettings, shlex.split(diagnosis.lines[-1])[2:])
    series, calendar, _ = read_series_file(caught[0].source)
    assert series.y.tolist() == VALUES
    assert str(calendar.times(np.array([N - 1.0]))[0])[:10] == "2022-12-01"


def test_clocks_that_are_put_back_are_told_where_steps_are_shorter_than_an_hour(tmp_path):
    (tmp_path / "it.csv").write_text(quarters_of_an_hour())
    diagnosis = diagnose(Source(data=str(tmp_path / "it.csv")))
    assert diagnosis.usable, diagnosis.lines
    assert "--time-zone Europe/Berlin" in diagnosis.lines[-1]
    series, _, summary = read_series_file(Source(data=str(tmp_path / "it.csv"), time_zone="Europe/Berlin"))
    assert series.y.tolist() == [k % 96 + 0.5 for k in range(28 * 96)]
    assert "to 2024-11-06 22:45" in " ".join(summary.sentences())


def test_months_stay_months_and_the_doubt_is_told(tmp_path):
    """2000-01, 2001-02, … are months as they always were; thirteen apart, they are more likely years."""
    (tmp_path / "it.csv").write_text(
        "season,goals\n" + "".join(f"{2000 + k}-{k + 1:02d},{5 + k % 3}\n" for k in range(11))
    )
    diagnosis = diagnose(Source(data=str(tmp_path / "it.csv")))
    assert "11 points from 2000-01-01 to 2010-11-01" in diagnosis.lines[2]
    assert any("give --time-format split_year" in line for line in diagnosis.lines)
    series, calendar, _ = read_series_file(Source(data=str(tmp_path / "it.csv"), time_format="split_year"))
    assert str(calendar.times(np.array([10.0]))[0])[:10] == "2010-01-01"
    assert len(series) == 11


def test_names_of_months_may_be_in_a_format_of_the_user(tmp_path):
    (tmp_path / "it.csv").write_text(days(GERMAN, "{day}. {name} {year}"))
    series, _, _ = read_series_file(Source(data=str(tmp_path / "it.csv"), time_format="%d. %B %Y"))
    assert series.y.tolist() == VALUES


def test_every_known_cause_is_told_also_where_the_last_has_no_cure(tmp_path):
    """Titles can be skipped; which of two columns is meant is the user's to say."""
    (tmp_path / "it.csv").write_text("Category: all\n\n" + table(DAYS, lambda t: f"{t.date()},5", "Week,a,b"))
    diagnosis = diagnose(Source(data=str(tmp_path / "it.csv")))
    assert not diagnosis.usable
    told = "\n".join(diagnosis.lines)
    assert "give --skip-rows 2" in told
    assert "name one with --value-column" in told
    with pytest.raises(BadSource, match="--skip-rows 2"):
        read_series_file(Source(data=str(tmp_path / "it.csv")))
