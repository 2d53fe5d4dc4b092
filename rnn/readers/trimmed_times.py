"""Times with more around them than a date and a clock, in the plain way: eras, halves of days, weekdays, spans.

Only what can be read in one way is: the beginning of a span stands for it, 令和6年 is 2024, 下午3:05 is 15:05. Tried
where the cells as they are fit no other way of writing.
"""

import re

import pyarrow as pa
import pyarrow.compute as pc

MOST = 0.8
"""So large a share of a column's first cells must have something around their dates."""

ERAS = {"明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018, "民國": 1911, "民国": 1911}
"""The year before the first of an era, by its name."""

_LETTERS = {"M": 1867, "T": 1911, "S": 1925, "H": 1988, "R": 2018}
_BUDDHIST = 543
_BUDDHIST_YEAR = re.compile(r"(?<!\d)2[4-6]\d{2}(?!\d)")

_ERA = re.compile(rf"^(?:({'|'.join(ERAS)}) ?|([MTSHR])(?=\d{{1,2}}[./年]\d{{1,2}}))(\d{{1,3}}|元)(?=[年./-])")
_MINGUO = re.compile(r"^(1[0-9]{2})(?=[/.-][01]?\d[/.-][0-3]?\d\b|年)")
_THAI = {
    name: month
    for month, names in enumerate(
        (
            *("ม.ค.|มกราคม", "ก.พ.|กุมภาพันธ์", "มี.ค.|มีนาคม", "เม.ย.|เมษายน", "พ.ค.|พฤษภาคม", "มิ.ย.|มิถุนายน"),
            *("ก.ค.|กรกฎาคม", "ส.ค.|สิงหาคม", "ก.ย.|กันยายน", "ต.ค.|ตุลาคม", "พ.ย.|พฤศจิกายน", "ธ.ค.|ธันวาคม"),
        ),
        1,
    )
    for name in names.split("|")
}
_THAI_DATE = re.compile(rf"^(?:(\d{{1,2}}) )?({'|'.join(map(re.escape, _THAI))}) (?:พ\.ศ\. ?)?(\d{{4}})$")

_WEEKDAYS = frozenset(
    word
    for words in (
        "mo di mi do fr sa so mon die mit don fre sam son montag dienstag mittwoch donnerstag freitag samstag sonntag",
        "tue wed thu fri sat sun monday tuesday wednesday thursday friday saturday sunday mo tu we th su",
        "lun mar mer jeu ven sam dim lundi mardi mercredi jeudi vendredi samedi dimanche",
        "lu ma mi ju vi sá sa do lun mié mie jue vie sáb sab dom lunes martes miércoles jueves viernes sábado domingo",
        "gio lunedì martedì mercoledì giovedì venerdì sabato domenica seg ter qua qui sex",
        "ma di wo do vr za zo maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
        "пн вт ср чт пт сб вс",
    )
    for word in words.split()
)
_AM = "上午|午前|오전|AM|am|a[.] ?m[.]?|A[.] ?M[.]?"
_PM = "下午|午後|오후|PM|pm|p[.] ?m[.]?|P[.] ?M[.]?"
_DATE = r"\d{1,4}[-./]\d{1,2}[-./]\d{1,4}[.]?(?:[T ]\d{1,2}:\d{2}(?::\d{2})?)?"

_RULES = (
    (rf"^({_DATE}) ?(?:-|–|—|~|～|to|bis|until|à|至) ?{_DATE}$", r"\1"),  # a span stands for its beginning
    (r"^(\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2})?)?)/\d{4}-\d{2}-\d{2}(?:[T ][0-9:.]+)?$", r"\1"),
    (r"^(.*\d{1,2}:\d{2}(?::\d{2})?) [-–—~] \d{1,2}:\d{2}(?::\d{2})?$", r"\1"),
    (r" ?[(（](?:周|週|星期|礼拜)?[月火水木金土日一二三四五六天][)）]", ""),
    (r" ?(?:星期|周|週)[一二三四五六日天]| ?[月火水木金土日]曜日?| ?[월화수목금토일]요일", ""),
    (r"^(\d{4})[.] ?(\d{1,2})[.] ?(\d{1,2})[.] ", r"\1/\2/\3 "),
    (rf"^(.*\d日?[.]?),? ?(?:{_AM}) ?(\d{{1,2}}[:时時点點시].*)$", r"\1 \2 AM"),
    (rf"^(.*\d日?[.]?),? ?(?:{_PM}) ?(\d{{1,2}}[:时時点點시].*)$", r"\1 \2 PM"),
    (rf"(\d) ?(?:{_AM})$", r"\1 AM"),
    (rf"(\d) ?(?:{_PM})$", r"\1 PM"),
    (r" (\d{1,2})(?:[时時点點시]) ?(AM|PM)$", r" \1:00 \2"),
    (r" (\d{1,2})(?:[时時点點시]) ?(\d{1,2})[分분] ?(AM|PM)$", r" \1:\2 \3"),
    (r"^(\d{4})[年년] ?(\d{1,2})[月월] ?(\d{1,2})[日일] (.*[AP]M)$", r"\1/\2/\3 \4"),
    (r" (\d{1,2}) (AM|PM)$", r" \1:00 \2"),
    (r" 0{1,2}(:.* (?:AM|PM))$", r" 12\1"),  # noon is 午後0:00 in Japan
    (r"^(\d{1,4}[-./]\d{1,2}[-./]\d{1,4}),? +(\d{1,2}:)", r"\1 \2"),
    (r"(:\d{2}),(\d{1,6})$", r"\1.\2"),  # the seconds of logs
    (r"([+-]\d{2}:?\d{2}|Z)\[[A-Za-z_/+-]+\]$", r"\1"),
    ("[−–](\\d{2}:?\\d{2})$", r"-\1"),
    (r"^\[?(\d{2})/([A-Z][a-z]{2})/(\d{4}):(\d{2}:\d{2}:\d{2} [+-]\d{4})\]?$", r"\1 \2 \3 \4"),
    (r"^[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d{2}) (\d{4}) (\d{2}:\d{2}:\d{2}) GMT([+-]\d{4})(?: \(.*\))?$",
     r"\2 \1 \3 \4 \5"),
    (r"^(?:[Ww]eek|[Ww]k|KW) ?(\d{1,2}), ?(\d{4})$", r"W\1 \2"),
)  # fmt: skip


def trimmed(cells: pa.Array) -> pa.Array:
    """The cells (rows,) of Arrow text, each as a date and a clock alone; null stays null, other text as it is."""
    words = pc.dictionary_encode(pc.utf8_trim_whitespace(cells))
    read = pa.array([_without_words(word) for word in words.dictionary.to_pylist()], pa.string())
    for pattern, instead in _RULES:
        read = pc.replace_substring_regex(read, pattern, instead)
    return pc.take(read, words.indices)


def _without_words(cell: str) -> str:
    """One cell without the name of a weekday before its date, and with the year of our calendar."""
    if thai := _THAI_DATE.match(cell):
        day, month, year = thai[1], _THAI[thai[2]], int(thai[3])
        year -= _BUDDHIST if year > 2400 else 0
        return f"{year}-{month:02d}" + (f"-{int(day):02d}" if day else "")
    named = re.match(r"([^\W\d_]{2,10})[.,]{0,2} (?=\d)", cell)
    if named and named[1].casefold() in _WEEKDAYS:
        cell = cell[named.end() :]
    if era := _ERA.match(cell):
        year = (ERAS[era[1]] if era[1] else _LETTERS[era[2]]) + (1 if era[3] == "元" else int(era[3]))
        return f"{year}{cell[era.end() :]}"
    if minguo := _MINGUO.match(cell):
        return f"{ERAS['民國'] + int(minguo[1])}{cell[minguo.end() :]}"
    return cell


def in_our_years(cells: pa.Array) -> pa.Array:
    """The cells (rows,) of Arrow text with Buddhist years of four digits, such as 2567, as ours: 2024."""
    words = pc.dictionary_encode(cells)
    ours = [word and _BUDDHIST_YEAR.sub(lambda year: str(int(year[0]) - _BUDDHIST), word) for word in
            words.dictionary.to_pylist()]  # fmt: skip
    return pc.take(pa.array(ours, pa.string()), words.indices)


def are_buddhist(column: str, cells: list[str]) -> bool:
    """Whether a column with a Thai name has years such as 2567 in all of its first cells."""
    thai = any("\u0e00" <= letter <= "\u0e7f" for letter in column)
    return thai and bool(cells) and all(_BUDDHIST_YEAR.search(cell) for cell in cells)


def are_trimmed(cells: list[str]) -> bool:
    """Whether most cells become another text, so that `trimmed` may help."""
    if not cells:
        return False
    read = trimmed(pa.array(cells, pa.string())).to_pylist()
    changed = sum(one != other.strip() for one, other in zip(read, cells, strict=True))
    return bool(changed >= MOST * len(cells))
