"""Verifying runs that the flows really left, and tampered copies of them: exit codes 0, 1 and 2."""

import json
import shutil
from pathlib import Path

import pytest

from artifacts.store.digests import digest_file
from flows.command_line.command import run_from_command_line
from flows.pipeline import pipeline
from flows.settings.pipeline import PipelineSettings
from flows.settings.sweep import SweepSettings
from flows.sweep import sweep
from flows.verify import verify
from rnn import npz
from rnn.recipes import ArticleRecipe, AutoregressiveRecipe, UntunedRecipe

pytestmark = pytest.mark.usefixtures("prefect_server")

SMALL = AutoregressiveRecipe(iterations=5, memories=(6, 24), penalties=(1e-5, 1e-3), members=12)


@pytest.fixture(scope="module")
def made(prefect_server, tmp_path_factory) -> Path:
    """A run of all recipes: its folder."""
    settings = PipelineSettings(
        store=str(tmp_path_factory.mktemp("verified")), seed=5, points=240, step=0.03, horizon=5,
        untuned=UntunedRecipe(epochs=3), article=ArticleRecipe(epochs=3), autoregressive=SMALL,
    )  # fmt: skip
    return Path(pipeline(settings))


@pytest.fixture
def copy(made, tmp_path) -> Path:
    return Path(shutil.copytree(made, tmp_path / made.name))


@pytest.fixture
def verified(capsys):
    """`verified(folder)`: the exit code, standard output and standard error."""

    def run(folder: Path | str, *flags: str) -> tuple[int, str, str]:
        try:
            run_from_command_line(verify, arguments=[str(folder), *flags])
            code = 0
        except SystemExit as ended:
            code = ended.code
        return code, *capsys.readouterr()

    return run


def edit_manifest(folder: Path, *path: str, value) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    part = manifest
    for name in path[:-1]:
        part = part[name]
    part[path[-1]] = value
    (folder / "manifest.json").write_text(json.dumps(manifest))


def test_an_untouched_run_comes_out_the_same(verified, made):
    code, out, error = verified(made)
    assert (code, out.splitlines()[-1]) == (0, "Equal.")
    for name in ("untuned", "article", "autoregressive"):
        assert f"{name}: trained again, every byte" in out
        assert f"training {name} again" in error


def test_it_is_found_by_name_and_as_the_latest(verified, made):
    assert verified("latest", "--store", str(made.parent))[0] == 0


def test_a_changed_byte_is_different(verified, copy):
    (copy / "report.html").write_bytes((copy / "report.html").read_bytes() + b" ")
    code, out, _ = verified(copy)
    assert code == 1
    assert out.splitlines()[-1] == "Different: report.html has other bytes than the manifest says."


def test_a_missing_file_is_different(verified, copy):
    (copy / "plots/forecast.png").unlink()
    code, out, _ = verified(copy)
    assert code == 1
    assert "plots/forecast.png is in the manifest and not in the folder" in out


def test_a_forged_weight_is_different(verified, copy):
    path = copy / "models/untuned/final.npz"
    arrays = npz.read(path)
    arrays["z"][0, 0] += 1e-9
    npz.write(path, arrays)
    edit_manifest(copy, "files", "models/untuned/final.npz", value=digest_file(path))
    code, out, _ = verified(copy)
    assert code == 1
    assert "untuned: no epoch's loss differs, but array 'z' of final.npz (in 1 of" in out
    assert out.splitlines()[-1] == "Different."


def test_another_seed_in_the_manifest_is_different(verified, copy):
    edit_manifest(copy, "seeds", "seed", value=6)
    code, out, _ = verified(copy)
    assert code == 1
    assert "article: it differs before the first epoch, in array 'w'" in out


@pytest.mark.parametrize(
    ("path", "value"),
    [(("format",), 99), (("files",), None), (("config", "article", "lr"), "fast"), (("kernels", "article"), "quantum")],
    ids=str,
)
def test_what_cannot_be_checked_is_one_line_and_exit_code_2(verified, copy, path, value):
    edit_manifest(copy, *path, value=value)
    code, out, error = verified(copy)
    assert (code, out) == (2, "")
    last = error.splitlines()[-1]
    assert last.startswith("wavecast: ")
    assert [line for line in error.splitlines() if not line.endswith("again …")] == [last]


def test_a_folder_that_is_no_run_cannot_be_checked(verified, tmp_path):
    code, out, error = verified(tmp_path)
    assert (code, out, error.count("\n")) == (2, "", 1)


def test_a_sweep_has_its_best_setting_trained_again(verified, tmp_path):
    settings = SweepSettings(
        store=str(tmp_path), over=("lr=0.001,0.02",), seeds=2, points=90, step=0.05, horizon=4,
        article=ArticleRecipe(epochs=3),
    )  # fmt: skip
    code, out, _ = verified(sweep(settings))
    assert code == 0
    assert "best setting's 2 trials were trained again" in out
    assert "other settings were not" in out
