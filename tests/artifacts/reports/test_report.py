import base64
import dataclasses
import re
import shutil
from html.parser import HTMLParser
from itertools import pairwise

from artifacts.reports.pipeline import error_table, fit_table, report, sentences
from artifacts.reports.pipeline_pictures import pictures
from artifacts.reports.report import _plain, markdown, write_html
from artifacts.store.manifest import origin

CONFIG = {"store": "runs", "seed": 0}
HOSTILE = "</pre><script>alert(1)</script><img src=x onerror='alert(1)'>\"&"
PLACE = "/runs/20260301T000000Z-abcdef"


def unknown(run):
    """The same run when what follows is not known yet."""
    return dataclasses.replace(run, truth=None, scores={})


class Page(HTMLParser):
    """What a browser would make of a page: the tags with their attributes, and the text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag not in {"meta", "img", "link", "br", "hr", "input"}:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data

    def of(self, tag: str) -> list[dict]:
        return [attributes for name, attributes in self.tags if name == tag]


def test_a_setting_without_a_value_says_so():
    assert [_plain(value) for value in ((), [], None, ("sort", "duplicates"), False)] == [
        "none", "none", "none", "sort, duplicates", "no",
    ]  # fmt: skip


def written(found, plots, folder) -> Page:
    """The page of a report, in a folder with its pictures and a file besides."""
    folder.mkdir(exist_ok=True)
    shutil.copytree(plots, folder / "plots", dirs_exist_ok=True)
    (folder / "metrics.json").write_text("{}")
    write_html(folder, found, origin(folder, found.flow, {"seed": 0}, {"article": "exact"}))
    return Page((folder / "report.html").read_text(encoding="utf-8"))


def page(run, plots, tmp_path, config=CONFIG) -> Page:
    return written(report(run, config), plots, tmp_path)


# The HTML page.


def test_the_page_is_well_formed_and_for_people(run, plots, tmp_path):
    html = page(run, plots, tmp_path)
    assert html.open == []
    assert html.of("html") == [{"lang": "en"}]
    assert {"charset": "utf-8"} in html.of("meta")
    assert all(image["alt"] for image in html.of("img"))


def test_the_page_has_charts_for_pictures_where_it_brings_them(run, plots, tmp_path):
    html = page(run, plots, tmp_path)
    assert html.of("svg")
    assert not html.of("img")
    assert len([tag for tag in html.of("input") if tag.get("type") == "range"]) == len(run.trained)


def test_a_page_without_charts_holds_every_picture_within_it(run, plots, tmp_path):
    html = written(dataclasses.replace(report(run, CONFIG), sections=()), plots, tmp_path)
    sources = [image["src"] for image in html.of("img")]
    assert [base64.b64decode(re.sub("data:image/(png|gif);base64,", "", source)) for source in sources] == [
        (plots / picture.name).read_bytes() for picture in pictures(run)
    ]


def test_the_pages_need_nothing_from_elsewhere(run, plots, tmp_path):
    page(run, plots, tmp_path)
    for name in ("report.html", "anatomy.html"):
        text = (tmp_path / name).read_text(encoding="utf-8")
        html = Page(text)
        references = [value for _, tag in html.tags for name, value in tag.items() if name in {"src", "href", "srcset"}]
        assert not [each for each in references if re.match(r"(?!data:)\w+:|//", each)]
        assert not {"iframe", "object", "base"} & {name for name, _ in html.tags}
        assert not re.search(r"url\(|@import|https?://", text)


def test_every_file_is_linked_with_its_digest(run, plots, tmp_path):
    html = page(run, plots, tmp_path)
    files = origin(tmp_path, "pipeline", {"seed": 0}, {})["files"]
    links = {tag["href"] for tag in html.of("a")}
    for name, digest in files.items():
        if not name.endswith(".html"):
            assert name in links
            assert digest in html.text


def test_the_page_says_how_to_make_the_run_again(run, plots, tmp_path):
    assert "wavecast run --seed 4711" in page(run, plots, tmp_path, {"store": "x", "seed": 4711}).text


def test_the_pages_are_small(run, plots, tmp_path):
    page(run, plots, tmp_path)
    assert all((tmp_path / name).stat().st_size < 3_000_000 for name in ("report.html", "anatomy.html"))


def test_the_page_tells_sentences_errors_fits_and_settings(run, plots, tmp_path):
    text = page(run, plots, tmp_path, {"store": "my/runs", "seed": 4711}).text
    for sentence in sentences(run.scores, run.recipes):
        assert sentence in text
    for row in [*error_table(run.scores), *fit_table(run)]:
        assert all(value in text for value in row.values())
    assert "my/runs" in text
    assert "4711" in text


def test_hostile_words_stay_words(run, plots, tmp_path):
    method = HOSTILE.replace("</pre>", "")
    hostile = dataclasses.replace(run, scores={**run.scores, method: run.scores["persistence"]})
    plain = page(run, plots, tmp_path)
    html = page(hostile, plots, tmp_path, {"store": HOSTILE, HOSTILE: [HOSTILE]})
    assert method in html.text
    assert {name for name, _ in html.tags} == {name for name, _ in plain.tags}
    assert len(html.of("img")) == len(plain.of("img"))
    assert not any(name.startswith("on") for _, attributes in html.tags for name in attributes)


def test_a_hostile_recipe_name_does_not_leave_an_attribute(run, plots, tmp_path):
    name = '"><script>alert(1)</script>'
    renamed = {old: name if old == "article" else old for old in run.models}
    hostile = dataclasses.replace(
        run,
        recipes={renamed[old]: recipe for old, recipe in run.recipes.items()},
        models={renamed[old]: model for old, model in run.models.items()},
        scores={renamed.get(old, old): score for old, score in run.scores.items()},
        fits={renamed[old]: error for old, error in run.fits.items()},
        forecasts=[dataclasses.replace(f, method=renamed.get(f.method, f.method)) for f in run.forecasts],
    )
    folder = tmp_path / "hostile"
    for picture in pictures(hostile):
        (folder / picture.name).parent.mkdir(parents=True, exist_ok=True)
        (folder / picture.name).write_bytes(b"png")
    plain, html = page(run, plots, tmp_path / "plain"), page(hostile, folder, tmp_path / "run")
    assert len(html.of("script")) == len(plain.of("script"))
    assert not any(attribute.startswith("on") for _, attributes in html.tags for attribute in attributes)
    assert name in html.text


def test_the_same_run_gives_the_same_pages(run, plots, tmp_path):
    for folder in ("one", "other"):
        page(run, plots, tmp_path / folder)
    for name in ("report.html", "anatomy.html"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "other" / name).read_bytes()


def test_without_the_truth_the_page_and_the_markdown_have_no_errors(run, plots, tmp_path):
    html = page(unknown(run), plots, tmp_path)
    assert len(html.of("table")) == 4  # the values of forecast and loss, the fits, the files
    assert "How far off it is" not in html.text
    assert len(tables(markdown(plots, report(unknown(run), CONFIG), PLACE))) == 1


# The Markdown for Prefect.


def tables(text: str) -> list[list[list[str]]]:
    """The tables of a Markdown text, each as its rows of cells."""
    found = re.findall(r"(?:^\|.*\|[ ]*\n)+", text + "\n", re.MULTILINE)
    return [[[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()] for table in found]


def test_the_markdowns_tables_are_tables(run, plots):
    text = markdown(plots, report(run, CONFIG), PLACE)
    errors, fits = tables(text)
    for table, rows in ((errors, error_table(run.scores)), (fits, fit_table(run))):
        assert table[0] == list(rows[0])
        assert all(cell == "---" for cell in table[1])
        assert table[2:] == [list(row.values()) for row in rows]
        assert {len(line) for line in table} == {len(rows[0])}
    assert text.count("|") == sum(len(line) + 1 for table in (errors, fits) for line in table)
    for line, after in pairwise(text.splitlines()):
        assert not after.startswith("|") or line.startswith("|") or not line.strip()


def test_the_markdown_holds_every_picture_within_it_and_says_where_the_run_is(run, plots):
    text = markdown(plots, report(run, CONFIG), PLACE)
    found = re.findall(r"^!\[([^\]\n]*)\]\(data:image/(?:png|gif);base64,([A-Za-z0-9+/=]+)\)$", text, re.MULTILINE)
    assert [(alt, base64.b64decode(data)) for alt, data in found] == [
        (picture.alt, (plots / picture.name).read_bytes()) for picture in pictures(run)
    ]
    assert PLACE in text
    for sentence in sentences(run.scores, run.recipes):
        assert sentence in text


def test_the_markdown_shows_signs_as_they_are_and_no_entities(run, plots):
    assert not re.search(r"&(?:#\d+|[a-z]+);", markdown(plots, report(run, CONFIG), PLACE))


def test_of_a_run_on_a_file_the_settings_of_generated_data_are_not_listed(run, plots, tmp_path):
    given = {**CONFIG, "points": 600, "step": 0.01, "noise": 0.01, "grid": "text", "horizon": 20}
    generated = re.findall(r"<dt>(\w+)</dt>", _html(run, plots, tmp_path / "generated", given))
    assert set(given) <= set(generated)
    listed = re.findall(r"<dt>(\w+)</dt>", _html(run, plots, tmp_path / "file", {**given, "data": "sales.csv"}))
    assert {"horizon", "data"} <= set(listed)
    assert not {"points", "step", "noise", "grid"} & set(listed)


def _html(run, plots, folder, config) -> str:
    page(run, plots, folder, config)
    return (folder / "report.html").read_text(encoding="utf-8")
