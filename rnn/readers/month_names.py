"""Names of months in other languages than English, put into English, in which formats of times are read.

The names are those of Unicode's CLDR 48, as Babel 2.19 has them, with a few that people write beside them. Babel itself
would be 36 MB for these sixty lines, and a parser that guesses dates would read what is no date. Croatian is left out:
its listopad is October, and that of Polish and Czech is November.
"""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

ENGLISH = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

_NAMES = (
    "january|jan february|feb march|mar april|apr may june|jun july|jul august|aug september|sept|sep "
    "october|oct november|nov december|dec",  # English
    "januar|jan|jänner|jän februar|feb märz|mär|mrz april|apr mai juni|jun juli|jul august|aug "
    "september|sept|sep oktober|okt november|nov dezember|dez",  # German
    "janvier|janv|jan février|févr|fév|fev mars avril|avr mai juin juillet|juil août septembre|sept "
    "octobre|oct novembre|nov décembre|déc",  # French
    "enero|ene febrero|feb marzo|mar abril|abr mayo|may junio|jun julio|jul agosto|ago "
    "septiembre|sept|sep|setiembre octubre|oct noviembre|nov diciembre|dic",  # Spanish
    "gennaio|gen febbraio|feb marzo|mar aprile|apr maggio|mag giugno|giu luglio|lug agosto|ago "
    "settembre|set ottobre|ott novembre|nov dicembre|dic",  # Italian
    "janeiro|jan fevereiro|fev março|mar abril|abr maio|mai junho|jun julho|jul agosto|ago setembro|set "
    "outubro|out novembro|nov dezembro|dez",  # Portuguese
    "januari|jan februari|feb maart|mrt april|apr mei juni|jun juli|jul augustus|aug september|sep "
    "oktober|okt november|nov december|dec",  # Dutch
    "januari|jan februari|feb mars april|apr maj juni juli augusti|aug september|sep oktober|okt "
    "november|nov december|dec",  # Swedish
    "januar|jan februar|feb marts|mar april|apr maj juni|jun juli|jul august|aug september|sep "
    "oktober|okt november|nov december|dec",  # Danish
    "januar|jan februar|feb mars|mar april|apr mai juni|jun juli|jul august|aug september|sep oktober|okt "
    "november|nov desember|des",  # Norwegian Bokmål
    "tammikuuta|tammikuu|tammi helmikuuta|helmikuu|helmi maaliskuuta|maaliskuu|maalis "
    "huhtikuuta|huhtikuu|huhti toukokuuta|toukokuu|touko kesäkuuta|kesäkuu|kesä heinäkuuta|heinäkuu|heinä "
    "elokuuta|elokuu|elo syyskuuta|syyskuu|syys lokakuuta|lokakuu|loka marraskuuta|marraskuu|marras "
    "joulukuuta|joulukuu|joulu",  # Finnish
    "stycznia|styczeń|sty lutego|luty|lut marca|marzec|mar kwietnia|kwiecień|kwi maja|maj "
    "czerwca|czerwiec|cze lipca|lipiec|lip sierpnia|sierpień|sie września|wrzesień|wrz "
    "października|październik|paź listopada|listopad|lis grudnia|grudzień|gru",  # Polish
    "ledna|leden|led února|únor|úno března|březen|bře dubna|duben|dub května|květen|kvě června|červen|čvn "
    "července|červenec|čvc srpna|srpen|srp září|zář října|říjen|říj listopadu|listopad|lis "
    "prosince|prosinec|pro",  # Czech
    "januára|január|jan februára|február|feb marca|marec|mar apríla|apríl|apr mája|máj júna|jún júla|júl "
    "augusta|august|aug septembra|september|sep októbra|október|okt novembra|november|nov "
    "decembra|december|dec",  # Slovak
    "január|jan február|febr március|márc április|ápr május|máj június|jún július|júl augusztus|aug "
    "szeptember|szept október|okt november|nov december|dec",  # Hungarian
    "ianuarie|ian februarie|feb martie|mar aprilie|apr mai iunie|iun iulie|iul august|aug septembrie|sept "
    "octombrie|oct noiembrie|nov decembrie|dec",  # Romanian
    "января|январь|янв февраля|февраль|февр марта|март|мар апреля|апрель|апр мая|май июня|июнь|июн "
    "июля|июль|июл августа|август|авг сентября|сентябрь|сент октября|октябрь|окт ноября|ноябрь|нояб "
    "декабря|декабрь|дек",  # Russian
    "січня|січень|січ лютого|лютий|лют березня|березень|бер квітня|квітень|квіт травня|травень|трав "
    "червня|червень|черв липня|липень|лип серпня|серпень|серп вересня|вересень|вер жовтня|жовтень|жовт "
    "листопада|листопад|лист грудня|грудень|груд",  # Ukrainian
    "ocak|oca şubat|şub mart|mar nisan|nis mayıs|may haziran|haz temmuz|tem ağustos|ağu eylül|eyl "
    "ekim|eki kasım|kas aralık|ara",  # Turkish
    "ιανουαρίου|ιανουάριοσ|ιαν φεβρουαρίου|φεβρουάριοσ|φεβ μαρτίου|μάρτιοσ|μαρ|μάρ απριλίου|απρίλιοσ|απρ "
    "μαΐου|μάιοσ|μαΐ|μάι ιουνίου|ιούνιοσ|ιουν|ιούν ιουλίου|ιούλιοσ|ιουλ|ιούλ αυγούστου|αύγουστοσ|αυγ|αύγ "
    "σεπτεμβρίου|σεπτέμβριοσ|σεπ οκτωβρίου|οκτώβριοσ|οκτ νοεμβρίου|νοέμβριοσ|νοε|νοέ "
    "δεκεμβρίου|δεκέμβριοσ|δεκ",  # Greek
    "januari|jan februari|feb maret|mar april|apr mei juni|jun juli|jul agustus|agu september|sep "
    "oktober|okt november|nov desember|des",  # Indonesian
    "gener|gen febrer|febr març abril|abr maig juny juliol|jul agost|ag setembre|set octubre|oct "
    "novembre|nov desembre|des",  # Catalan
    "januar|jan februar|feb marec|mar april|apr maj junij|jun julij|jul avgust|avg september|sep "
    "oktober|okt november|nov december|dec",  # Slovenian
    "януари|яну февруари|фев март април|апр май юни юли август|авг септември|сеп октомври|окт ноември|ное "
    "декември|дек",  # Bulgarian
    "jaanuar|jaan veebruar|veebr märts aprill|apr mai juuni juuli august|aug september|sept oktoober|okt "
    "november|nov detsember|dets",  # Estonian
    "janvāris|janv februāris|febr marts aprīlis|apr maijs jūnijs|jūn jūlijs|jūl augusts|aug "
    "septembris|sept oktobris|okt novembris|nov decembris|dec",  # Latvian
    "sausio|sausis|saus vasario|vasaris|vas kovo|kovas|kov balandžio|balandis|bal gegužės|gegužė|geg "
    "birželio|birželis|birž liepos|liepa|liep rugpjūčio|rugpjūtis|rugp rugsėjo|rugsėjis|rugs "
    "spalio|spalis|spal lapkričio|lapkritis|lapkr gruodžio|gruodis|gruod",  # Lithuanian
)
"""Languages, each with the names of its twelve months; what stands between bars is the same month."""

_AROUND = (
    (r" ?[гр]\.$", ""),  # "2024 г.", of a year
    (r"(\d)(?:er|º|ª|°|st|nd|rd|th)( |$)", r"\1\2"),
    (r"(?i) (?:del?|of) ", " "),
    (r"(?i) d['’](\p{L})", r" \1"),
    (r"(\d)\. *(\p{L})", r"\1 \2"),
    (r"(\p{L})\.(\d)", r"\1 \2"),
    (r"(\p{L})\.", r"\1"),
    (r"(\d)\.$", r"\1"),
)
"""What stands around days, months and years, such as points, "de" and "1er", and what it becomes."""

_ONE_WORD = r"^(?P<before>[^\p{L}]*)(?P<name>\p{L}+)(?P<after>[^\p{L}]*(?: [AaPp][Mm])?)$"


def _folded(name: str) -> str:
    """A name in small letters without accents, so that fevrier is février."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


MONTHS = {
    _folded(name): month
    for language in _NAMES
    for month, names in enumerate(language.split(" "), 1)
    for name in names.split("|")
}
"""The number of the month, from 1, that each name stands for."""


def in_english(cells: Any, full: bool) -> Any:
    """The cells (rows,) of Arrow text with their month in English, in full or with three letters.

    What stands around the numbers of other languages is left out: "5. März 2024" and "5 de marzo de 2024" become
    "5 March 2024". Null where a cell has other words, or none.
    """
    plain = pc.utf8_trim_whitespace(cells)
    for pattern, instead in _AROUND:
        plain = pc.replace_substring_regex(plain, pattern, instead)
    parts = pc.extract_regex(plain, _ONE_WORD)
    words = pc.dictionary_encode(pc.struct_field(parts, "name"))
    known = [MONTHS.get(_folded(word)) for word in words.dictionary.to_pylist()]
    named = [month and (ENGLISH[month - 1] if full else ENGLISH[month - 1][:3]) for month in known]
    month = pc.take(pa.array(named, pa.string()), words.indices)
    return pc.binary_join_element_wise(pc.struct_field(parts, "before"), month, pc.struct_field(parts, "after"), "")


def name_a_month(cells: Sequence[str]) -> bool:
    """Whether some of the cells have the name of a month in any language, and no other word."""
    english = in_english(pa.array(cells, pa.string()), full=False)
    return bool(english.null_count < len(english))


def english_format(form: str) -> str:
    """A format of strptime for cells that `in_english` has changed, from one for the cells as they were."""
    return re.sub(r"(%[bB])\.", r"\1", re.sub(r"(%[dY])\. ", r"\1 ", form)).replace(" de ", " ")


def speaks_of_months(form: str) -> bool:
    """Whether a format of strptime has the name of a month in it."""
    return "%b" in form or "%B" in form
