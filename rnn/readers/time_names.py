"""Names of columns that hold times: in English, and as other languages have them."""

import re
from typing import Any

TIME_NAMES = ("time", "date", "datetime", "timestamp", "day", "week", "month", "quarter", "year", "ds", "t", "x")
"""A column of numbers with one of these names can be the times."""

OTHER_TIME_NAMES = ("ts", "epoch", "unix", "unixtime", "unix_time", "period", "yearmonth", "year_month", "yyyymm")
"""So can one with these, where no column has one of those."""

YEARS = ("year", "jahr", "année", "annee", "año", "ano", "anno", "jaar", "rok", "год", "年", "年份", "年度", "연도")
MONTHS = ("month", "monat", "mois", "mes", "mês", "mese", "maand", "měsíc", "miesiąc", "месяц", "月", "月份", "월")
DAYS = ("day", "tag", "jour", "día", "dia", "giorno", "dag", "den", "dzień", "день", "日", "일")
WEEKS = ("week", "woche", "kw", "kalenderwoche", "semaine", "semana", "settimana", "vecka", "неделя", "周", "週")
QUARTERS = ("quarter", "qtr", "quartal", "trimestre", "kvartal", "квартал", "季度")

LOCAL_TIME_NAMES = (
    *YEARS[1:],
    *MONTHS[1:],
    *DAYS[1:],
    *("datum", "zeit", "zeitpunkt", "zeitstempel", "woche", "quartal", "semaine", "trimestre", "fecha", "semana"),
    *("дата", "время", "неделя", "日期", "时间", "時間", "日時", "日付", "年月", "周", "週", "季度", "날짜", "시간"),
)
"""So can one with these, where no column has any of those."""

_BEGINNINGS = ("from", "start", "begin", "beginning", "von", "beginn", "de", "début", "debut", "desde", "开始")
_ENDS = ("to", "until", "end", "stop", "bis", "ende", "à", "fin", "hasta", "结束")


def speaks_of_time(column: str) -> bool:
    """Whether a column's name says that it holds times."""
    name = column.strip().lower()
    words = re.split(r"[^a-z]+", name)
    known = {*TIME_NAMES[:-2], *OTHER_TIME_NAMES}
    return not known.isdisjoint(words) or (name in LOCAL_TIME_NAMES and name != "tag")


def part_of_date(column: str) -> str:
    """What a column with this name holds of a date: "year", "month", "day", "week", "quarter"; "" where it is none."""
    name = column.strip().lower()
    names = {"year": YEARS, "month": MONTHS, "day": DAYS, "week": WEEKS, "quarter": QUARTERS}
    return next((part for part, known in names.items() if name in known), "")


def two_columns(year: str, month: str, kind_of_month: str) -> dict[str, Any]:
    """The settings with which a year and a month in two columns are read; months are numbers or have names."""
    return {"time_column": (year, month), "time_format": "%Y %m" if kind_of_month == "number" else "%Y %B"}


def beginning_of_two(columns: list[str]) -> str | None:
    """The one of two columns whose name says that spans of time begin there, where the other's says that they end."""
    if len(columns) != 2:
        return None
    begins = [column for column in columns if _has_word(column, _BEGINNINGS)]
    ends = [column for column in columns if _has_word(column, _ENDS)]
    return begins[0] if len(begins) == len(ends) == 1 and begins != ends else None


def _has_word(column: str, words: tuple[str, ...]) -> bool:
    return not set(words).isdisjoint(re.split(r"[\W_]+", column.strip().lower()))
