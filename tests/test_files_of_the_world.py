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
GERMAN_DAYS = ["Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"]
THAI = ["ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค."]
ARABIC, HINDI = (str.maketrans("0123456789", digits) for digits in ("٠١٢٣٤٥٦٧٨٩", "०१२३४५६७८९"))
FULL_WIDTH = str.maketrans("0123456789/", "０１２３４５６７８９／")
WEEKS = pd.date_range("2023-01-02", periods=N, freq="7D")


def era(year: int) -> str:
    """The year of Reiwa, of which the first has a name of its own."""
    return f"令和{year - 2018 if year > 2019 else '元'}"


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
    "days of eras": (table(DAYS, lambda t: f"令和{t.year - 2018}年{t.month}月{t.day}日", "日付,売上"), EVERY_DAY),
    "months of two eras": (
        table(
            MONTHS, lambda t: f"{'平成31' if t < pd.Timestamp('2019-05-01') else era(t.year)}年{t.month}月", "年月,値"
        ),
        EVERY_MONTH,
    ),
    "days of an era's letter": (table(DAYS, lambda t: f"R{t.year - 2018}.{t.month}.{t.day}", "日付,売上"), EVERY_DAY),
    "days of Taiwan": (table(DAYS, lambda t: f"{t.year - 1911}/{t:%m/%d}", "日期,收盤價"), EVERY_DAY),
    "days of Thailand": (table(DAYS, lambda t: f"{t.day}/{t.month}/{t.year + 543}", "วันที่,ยอดขาย"), EVERY_DAY),
    "leap days of Thailand": (
        table(pd.date_range("2024-01-13", periods=N), lambda t: f"{t.year + 543}-{t:%m-%d}", "วันที่,ยอดขาย"),
        "from 2024-01-13 to 2024-02-29, every day",
    ),
    "months of Thailand": (table(MONTHS, lambda t: f"{THAI[t.month - 1]} {t.year + 543}", "เดือน,ยอดขาย"), EVERY_MONTH),
    "halves of days in Chinese": (
        table(HOURS, lambda t: f"{t:%Y/%m/%d} {'上下'[t.hour // 12]}午 {t:%I:%M:%S}", "時間,負荷"),
        EVERY_HOUR,
    ),
    "halves of days in Korean": (
        table(
            HOURS, lambda t: f"{t.year}. {t.month}. {t.day}. {'오전' if t.hour < 12 else '오후'} {t:%I:%M}", "시간,값"
        ),
        EVERY_HOUR,
    ),
    "halves of days in Japanese": (
        table(HOURS, lambda t: f"{t:%Y/%m/%d} 午{'前後'[t.hour // 12]}{t.hour % 12}:{t:%M}", "時刻,値"),
        EVERY_HOUR,
    ),
    "halves of days with points": (table(HOURS, lambda t: f"{t:%Y-%m-%d %I:%M} {'ap'[t.hour // 12]}.m."), EVERY_HOUR),
    "halves of days without a space": (table(HOURS, lambda t: f"{t:%Y-%m-%d %I:%M%p}"), EVERY_HOUR),
    "hours alone": (table(HOURS, lambda t: f"{t:%Y-%m-%d %H}"), EVERY_HOUR),
    "spans of a power exchange": (
        table(HOURS, lambda t: f"{t:%d.%m.%Y %H:%M} - {t + pd.Timedelta('1h'):%d.%m.%Y %H:%M}", "MTU (CET/CEST),MW"),
        EVERY_HOUR,
    ),
    "weeks of pandas": (
        table(WEEKS, lambda t: f"{t.date()}/{(t + pd.Timedelta('6D')).date()}", "week,sales"),
        EVERY_WEEK,
    ),
    "spans of weeks": (table(WEEKS, lambda t: f"{t.date()} - {(t + pd.Timedelta('6D')).date()}"), EVERY_WEEK),
    "weeks as numbers": (table(WEEKS, lambda t: f"{t:%G%V}", "week,sales"), EVERY_WEEK),
    "weeks as numbers in a period": (table(WEEKS, lambda t: f"{t:%G%V}", "period,sales"), EVERY_WEEK),
    "weeks with a bar in German": (table(WEEKS, lambda t: f"{t:%G/%V}", "Kalenderwoche;Umsatz", mark=";"), EVERY_WEEK),
    "weeks in words": (table(WEEKS, lambda t: f'"Week {int(f"{t:%V}")}, {t:%G}"', "week,sales"), EVERY_WEEK),
    "quarters as numbers": (numbered(lambda k: f"{2005 + k // 4}{k % 4 + 1}", "quarter,sales"), EVERY_QUARTER),
    "weekdays in German": (table(DAYS, lambda t: f"{GERMAN_DAYS[t.day_of_week]}. {t:%d.%m.%Y}"), EVERY_DAY),
    "weekdays in English": (table(DAYS, lambda t: f"{t:%a %d.%m.%Y}"), EVERY_DAY),
    "times of a mail": (table(HOURS, lambda t: f'"{t:%a, %d %b %Y %H:%M:%S} +0000"'), EVERY_HOUR),
    "weekdays in Japanese": (
        table(DAYS, lambda t: f"{t:%Y/%m/%d}({'月火水木金土日'[t.day_of_week]})", "日付,売上"),
        EVERY_DAY,
    ),
    "times of logs": (table(HOURS, lambda t: f'"{t:%Y-%m-%d %H:%M:%S},000"'), EVERY_HOUR),
    "times of a web server": (table(HOURS, lambda t: f"[{t:%d/%b/%Y:%H:%M:%S} +0000]"), EVERY_HOUR),
    "times of Java": (table(HOURS, lambda t: f"{t:%Y-%m-%dT%H:%M:%S}+00:00[Europe/London]"), EVERY_HOUR),
    "times of a browser": (table(HOURS, lambda t: f"{t:%a %b %d %Y %H:%M:%S} GMT+0000 (UTC)"), EVERY_HOUR),
    "marks of direction": (table(DAYS, lambda t: f"\u200e{t.month}\u200e/{t.day}\u200e/{t.year}"), EVERY_DAY),
    "Arabic digits": (table(DAYS, lambda t: f"{t.date()}", "التاريخ,المبيعات").translate(ARABIC), EVERY_DAY),
    "Hindi digits": (table(DAYS, lambda t: f"{t.date()}", "दिनांक,बिक्री").translate(HINDI), EVERY_DAY),
    "full-width digits": (table(DAYS, lambda t: f"{t:%Y/%m/%d}", "日付,売上").translate(FULL_WIDTH), EVERY_DAY),
    "spans in two columns": (
        table(HOURS, lambda t: f"{t},{t + pd.Timedelta('1h')}", "Datum von,Datum bis,kWh"),
        EVERY_HOUR,
    ),
}

READ |= {
    "amounts in yuan": (table(DAYS, lambda t: f"{t.date()}", "日期,金额", "{value}元"), "numbers with '元'"),
    "rows that are counted": (
        "id,day,sales\n" + "".join(f"{k},{day.date()},{VALUES[k]}\n" for k, day in enumerate(DAYS)),
        "numbers that differ, and are no count of rows",
    ),
    "prices beside a volume": (
        table(DAYS, lambda t: f'{t.date()},"$1,{t.day:03d}.50"', "Date,Close/Last,Volume"),
        "plain numbers; 'Close/Last' has signs or marks in them",
    ),
    "prices of a stock exchange": (table(DAYS, lambda t: f"{t:%Y%m%d}", "<DATE>,<CLOSE>"), EVERY_DAY),
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


def with_some(other: str) -> list[str]:
    """The rows of a month each, of which three have another value."""
    values = [other if k in (9, 20, 21) else str(value) for k, value in enumerate(VALUES)]
    return [f"{month:%Y-%m},{value}\n" for month, value in zip(MONTHS, values, strict=True)]


def influx() -> str:
    """A table with annotations, as InfluxDB exports it."""
    head = (
        "#group,false,false,true,true,false,false\n#datatype,string,long,time,time,time,double\n#default,_result,,,,,\n"
    )
    rows = [f",,0,2019-01-01,2022-12-01,{t:%Y-%m-%d},{v}\n" for t, v in zip(MONTHS, VALUES, strict=True)]
    return head + ",result,table,_start,_stop,_time,_value\n" + "".join(rows)


CURED = {
    # name: the file, words of the reason, and words of the command
    "marks of a logger": ("".join(["month,load\n", *with_some("-9999")]), "3 values are -9999", "--missing=-9999"),
    "marks of an agency": ("".join(["month,load\n", *with_some("9999.9")]), "3 values are 9999.9", "--missing 9999.9"),
    "words for a missing value": (
        "".join(["month,load\n", *with_some("unavailable")]),
        "'unavailable' is no number, and 2 more like it",
        "--missing unavailable",
    ),
    "annotations of InfluxDB": (
        influx(),
        "line 4 does: give --skip-rows 3",
        "--time-column _time --value-column _value",
    ),
    "Excel in Chinese": (
        table(MONTHS, lambda t: f"{t:%Y-%m}", "日期,销量"),
        "it reads '日期,销量' in gbk",
        "--encoding gbk",
    ),
    "years of two digits that end": (
        table(pd.date_range(end="2022-12-01", periods=N), lambda t: f"{t:%d-%m-%y}"),
        "give --time-format %d-%m-%y if",
        "--time-format %d-%m-%y",
    ),
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
    (tmp_path / "it.csv").write_text(text, encoding="gbk" if "gbk" in command else "utf-8")
    diagnosis = diagnose(Source(data=str(tmp_path / "it.csv")))
    assert diagnosis.usable, diagnosis.lines
    assert reason in "\n".join(diagnosis.lines[:-1]), diagnosis.lines
    assert command in diagnosis.lines[-1]
    caught: list[PipelineSettings] = []
    run_from_command_line(caught.append, PipelineSettings, shlex.split(diagnosis.lines[-1])[2:])
    series, calendar, _ = read_series_file(caught[0].source)
    marked = np.isin(np.arange(N), (9, 20, 21) if "--missing" in command else ())
    np.testing.assert_array_equal(series.observed, np.where(marked, np.nan, VALUES))
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
    (tmp_path / "it.csv").write_text("Category: all\n\n" + table(DAYS, lambda t: f"{t.date()},{t.day}", "Week,a,b"))
    diagnosis = diagnose(Source(data=str(tmp_path / "it.csv")))
    assert not diagnosis.usable
    told = "\n".join(diagnosis.lines)
    assert "give --skip-rows 2" in told
    assert "name one with --value-column" in told
    with pytest.raises(BadSource, match="--skip-rows 2"):
        read_series_file(Source(data=str(tmp_path / "it.csv")))


ACROSS = [str(year) for year in range(1990, 2020)]

REFUSED = {
    # name: the file, and words of the reason and of the cure
    "a mark for a missing value": ("".join(["month,load\n", *with_some("-999")]), ["--missing=-999", "--missing none"]),
    "less than one search": ("".join(["month,load\n", *with_some("<1")]), ["'<1' is no number", "--missing '<1'"]),
    "columns with points and commas": (
        table(DAYS, lambda t: f"{t.date()};{t.day}.5", "day;temp;sales", "{value},25", mark=";"),
        ["'sales' with a decimal comma", "'temp' with a decimal point", "--value-column", "--decimal"],
    ),
    "years across in Eurostat": (
        "unit,geo\\TIME\t" + " \t".join(ACROSS) + "\nEUR,DE\t" + "\t".join(ACROSS) + "\n",
        ["line 1 has times side by side, such as '1990'", "turn the table"],
    ),
    "years across at the World Bank": (
        '"Source","WDI",\n\n"Country","Code",' + ",".join(f'"{year}"' for year in ACROSS) + ',\n"Chad","TCD",5,6\n',
        ["line 3 has times side by side"],
    ),
    "months across in China": (
        "指标," + ",".join(f"{t.year}年{t.month}月" for t in MONTHS) + "\n销量," + ",".join(map(str, VALUES)) + "\n",
        ["such as '2019年1月'"],
    ),
    "merged cells": (
        "store,day,sales\n" + "".join(f"{'AB'[k // 9] * (k % 9 == 0)},2024-01-0{k % 9 + 1},{k}\n" for k in range(18)),
        ["column 'store' is filled only where it changes", "fill it down to every row"],
    ),
    "milliseconds that a spreadsheet rounded": (
        table(HOURS, lambda t: f"{t.value / 1e6:.5E}", "timestamp,value"),
        ["a spreadsheet has rounded '1.70407E+12'", "export the file anew"],
    ),
    "decimal commas without quotes": (
        table(DAYS, lambda t: f"{t.date()}", value="{value},5"),
        ["line 2: 3 cells where the header has 2", "if it has the decimals, put semicolons between the columns"],
    ),
    "some decimal commas without quotes": (
        table(DAYS, lambda t: f"{t.date()}").replace("2\n", "2,5\n"),
        ["3 cells where the header has 2", "if it has the decimals, put semicolons between the columns"],
    ),
    "no values at all": (
        table(DAYS, lambda t: f"{t.date()}", value=""),
        ["the first rows of 'sales' have no values", "give a file with some"],
    ),
    "truth": (
        table(DAYS, lambda t: f"{t.date()}", value="TRUE").replace("05,TRUE", "05,FALSE"),
        ["write 1 and 0 for them"],
    ),
    "full-width commas": (table(DAYS, lambda t: f"{t.date()}", "日期，销量", mark="，"), ["full-width commas"]),
    "ten thousands": (
        table(DAYS, lambda t: f"{t.date()}", "日期,销量", "{value}万"),
        ["without letters that multiply"],
    ),
    "lengths of time": (table(DAYS, lambda t: f"{t.date()}", value="PT{value}M"), ["'PT100M'", "lengths of time"]),
    "times since a beginning": (numbered(lambda k: f"{k // 60:02d}:{k % 60:02d}:00"), ["lengths of time"]),
    "a list of SAP": (
        "-----\n" + table(DAYS, lambda t: f"|{t:%d.%m.%Y}", "|Datum|Menge|\n-----", "{value},000|", mark="|"),
        ["line 2 does: give --skip-rows 1"],
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_a_doubt_or_no_table_is_one_line_with_the_cure(name, tmp_path):
    text, words = REFUSED[name]
    (tmp_path / "it.csv").write_text(text)
    with pytest.raises(BadSource) as refusal:
        read_series_file(Source(data=str(tmp_path / "it.csv")))
    line = str(refusal.value)
    assert "\n" not in line
    assert all(word in line for word in words), line


def test_a_value_that_only_looks_like_a_mark_is_kept_where_the_user_says_so(tmp_path):
    (tmp_path / "it.csv").write_text("".join(["month,load\n", *with_some("-999")]))
    series, _, _ = read_series_file(Source(data=str(tmp_path / "it.csv"), missing=("none",)))
    assert series.y[9] == -999


@pytest.mark.parametrize(("column", "first"), [("temp", 1.5), ("sales", 100.25)])
def test_decimals_are_those_of_the_column_that_is_named(column, first, tmp_path):
    (tmp_path / "it.csv").write_text(REFUSED["columns with points and commas"][0])
    series, _, summary = read_series_file(Source(data=str(tmp_path / "it.csv"), value_column=column))
    assert series.y[0] == first
    assert ("decimal commas" in summary.kind) == (column == "sales")
    by_mark, _, _ = read_series_file(Source(data=str(tmp_path / "it.csv"), decimal="," if column == "sales" else "."))
    assert by_mark.y.tolist() == series.y.tolist()


def test_a_file_is_what_its_bytes_say_whatever_it_is_called(tmp_path):
    pd.DataFrame({"day": DAYS, "sales": VALUES}).to_parquet(tmp_path / "it.csv", index=False)
    series, _, summary = read_series_file(Source(data=str(tmp_path / "it.csv")))
    assert series.y.tolist() == VALUES
    assert summary.kind == "Parquet"
