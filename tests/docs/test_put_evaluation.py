import importlib.util
import json
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
spec = importlib.util.spec_from_file_location("put_evaluation", ROOT / "docs" / "put_evaluation.py")
put_evaluation = importlib.util.module_from_spec(spec)
spec.loader.exec_module(put_evaluation)

MANIFEST = {
    "config": {"suite": "m1", "sample": 250, "seed": 0, "methods": ["DOT", "mean of four"]},
    "execution": {"published": "2026-11-26T05:00:00+00:00"},
}


def test_tables_go_between_the_markers_of_their_suite(tmp_path, monkeypatch):
    page = tmp_path / "evaluation.md"
    page.write_text("a\n<!-- result m1 -->\nold\n<!-- end m1 -->\nb\n<!-- result m3 -->\n<!-- end m3 -->\n")
    run = tmp_path / "run"
    (run / "plots").mkdir(parents=True)
    (run / "manifest.json").write_text(json.dumps(MANIFEST))
    (run / "comparison.md").write_text("new\n")
    (run / "plots" / "ranks.png").write_bytes(b"png")
    (tmp_path / "pictures").mkdir()
    monkeypatch.setattr(put_evaluation, "DOCS", tmp_path)
    monkeypatch.setattr(put_evaluation, "PAGE", page)
    monkeypatch.setattr(put_evaluation, "commit", lambda: "abc1234")
    put_evaluation.put(run)
    assert page.read_text() == (
        "a\n<!-- result m1 -->\nMade on 2026-11-26 at commit abc1234, by `wavecast evaluate --suite m1 --sample 250 "
        '--methods "DOT" "mean of four"`.\n\nnew\n<!-- end m1 -->\nb\n<!-- result m3 -->\n<!-- end m3 -->\n'
    )
    assert (tmp_path / "pictures" / "evaluation-m1-ranks.png").read_bytes() == b"png"


def test_a_page_without_a_place_is_refused_in_one_line():
    with pytest.raises(SystemExit, match="no place for suite 'long'"):
        put_evaluation.between("nothing", "long", "text")


def test_the_page_has_a_place_for_every_suite():
    page = (ROOT / "docs" / "evaluation.md").read_text()
    for suite in ("textbook", "m1", "m3", "tourism", "long"):
        assert put_evaluation.between(page, suite, "text")


def test_sentences_wrap_and_tables_do_not():
    words, row = "word " * 40, f"| {'1.00 | ' * 40}"
    kept = f"- {words.strip()}\n\n{row}\n![picture]({'a' * 130}.png)\nshort"
    first, second, *rest = put_evaluation.wrapped(kept).split("\n")
    assert len(first) <= put_evaluation.WIDTH
    assert first.startswith("- word")
    assert second.startswith("  word")
    assert "\n".join([f"{first} {second.strip()}", *rest]) == kept
