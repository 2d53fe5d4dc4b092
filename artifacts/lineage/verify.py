"""Verify a run: every file's digest against the manifest, and its trainings repeated and compared byte for byte."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from artifacts.files.models import FINAL, FITS, HISTORY, INITIAL
from artifacts.files.parquet import read_table
from artifacts.files.series import DATASET
from artifacts.files.sweep import OUTCOMES
from artifacts.lineage.explain import elsewhere
from artifacts.lineage.explain_text import otherwise_here
from artifacts.lineage.repeat import CannotRepeat, is_same, models_of, run_trials_again, train_again
from artifacts.store.digests import digest_files
from artifacts.store.runs import Run
from artifacts.store.wrong_files import wrong_files
from rnn import npz
from rnn.arrays import AnyArray
from rnn.errors import Diverged


@dataclass(frozen=True)
class Verification:
    """The result: sentences in the order of the checks, the last one the conclusion, and whether all was equal."""

    sentences: list[str]
    equal: bool


def verify(run: Run, tell: Callable[[str], None] = lambda doing: None) -> Verification:
    """Check a run's files and repeat its trainings; `tell` is called before each step that takes a while.

    It ends early when a file differs from the manifest: then there is nothing to train from or to compare with. Raises
    CannotRepeat, CorruptModel, KernelMissing.
    """
    wrong = list(wrong_files(run))
    if wrong:
        more = f"; {len(wrong) - 1} more are not either" if len(wrong) > 1 else ""
        return Verification([f"Different: {wrong[0]}{more}."], False)
    with TemporaryDirectory() as folder:
        trainings = list(_trained_again(run, Path(folder), tell))
    sentences = [f"All {len(run.digests)} files are what the manifest says.", *(sentence for sentence, _ in trainings)]
    equal = all(same for _, same in trainings)
    otherwise = otherwise_here(elsewhere(run))
    if otherwise:
        sentences.append(otherwise if equal else f"{otherwise} That is the usual reason for a difference.")
    return Verification([*sentences, "Equal." if equal else "Different."], equal)


def _trained_again(run: Run, folder: Path, tell: Callable[[str], None]) -> Iterator[tuple[str, bool]]:
    """A sentence on each training, and whether its result is the same."""
    models = models_of(run)
    if models and DATASET not in run.digests:
        raise CannotRepeat(f"{run.name} cannot be trained again: it keeps no {DATASET}; its files are as they were")
    if models:
        dataset = run.fetch(DATASET, folder)
        for name in models:
            tell(f"training {name} again")
            yield _model(run, name, dataset, folder)
    elif OUTCOMES in run.digests:
        tell("training the best setting again")
        yield _best_setting(run, run.fetch(OUTCOMES, folder))
    else:
        yield f"What it computed is not computed again: only another run of '{run.flow}' can tell.", True


def _model(run: Run, name: str, dataset: Path, folder: Path) -> tuple[str, bool]:
    again = folder / "again" / name
    again.mkdir(parents=True)
    try:
        train_again(run, name, dataset, again)
    except Diverged as error:
        return f"{name}: {error}, and did not when the run was made.", False
    under = f"models/{name}/"
    recorded = {file.removeprefix(under): digest for file, digest in run.digests.items() if file.startswith(under)}
    made = digest_files(again)
    unknown = next((file for file in made if file not in recorded), None)
    if unknown:
        return f"{name}: the manifest does not know {under}{unknown}, which training leaves.", False
    if all(recorded[file] == digest for file, digest in made.items()):
        return f"{name}: trained again, every byte of its {len(made)} files is the same.", True
    then = [run.fetch(under + file, folder / "then") for file in made]
    try:
        return f"{name}: {first_difference(then[0].parent, again)}.", False
    except (OSError, ValueError, LookupError, TypeError) as error:
        return f"{name}: its files cannot be compared ({' '.join(str(error).split())}).", False


def first_difference(then: Path, now: Path) -> str:
    """The first difference of two folders of one recipe's model in the order of training: the epoch and the array."""
    if (then / INITIAL).exists() and (array := _array(then / INITIAL, now / INITIAL)):
        return f"it differs before the first epoch, in {array}"
    epoch = min(filter(None, (_epoch(then / file, now / file) for file in (HISTORY, FITS))), default=None)
    array = _array(then / FINAL, now / FINAL)
    if epoch:
        return f"it differs from {epoch[1]} {epoch[0]} on" + (f", and in {array}" if array else "")
    if array:
        return f"no epoch's loss differs, but {array} does"
    return "all numbers are the same, but not the bytes of their files: another library has written them"


def _array(then: Path, now: Path) -> str:
    """The first array in which two npz files differ; empty if none."""
    one, other = npz.read(then), npz.read(now)
    for name in dict.fromkeys([*one, *other]):
        if name not in one or name not in other or one[name].shape != other[name].shape:
            return f"array {name!r} of {then.name}, which has another shape"
        differ = ~_same(one[name], other[name])
        if differ.any():
            apart = np.nanmax(np.abs(one[name] - other[name]), initial=0)
            return f"array {name!r} of {then.name} (in {differ.sum()} of {differ.size} numbers, by up to {apart:.2g})"
    return ""


def _epoch(then: Path, now: Path) -> tuple[int, str] | None:
    """The first epoch or iteration whose figures differ, and which of the two the file counts."""
    if not then.exists():
        return None
    one, other = read_table(then)[0], read_table(now)[0]
    counted, (*_, figure) = next(iter(one)), one
    shared = min(len(one[counted]), len(other[counted]))
    alike = _same(one[figure][:shared], other[figure][:shared]) & (one[counted][:shared] == other[counted][:shared])
    if not alike.all():
        return int(one[counted][np.argmin(alike)]), counted
    longer = max(one, other, key=lambda columns: len(columns[counted]))
    return (int(longer[counted][shared]), counted) if len(longer[counted]) > shared else None


def _same(one: AnyArray, other: AnyArray) -> AnyArray:
    """A mask of the places where two arrays are equal to the last bit; NaN equals NaN."""
    return np.asarray((one == other) & (np.signbit(one) == np.signbit(other)) | np.isnan(one) & np.isnan(other))


def _best_setting(run: Run, outcomes: Path) -> tuple[str, bool]:
    then, now = run_trials_again(run, outcomes)
    for one, other in zip(then, now, strict=True):
        if not is_same(one, other):
            figures = f"training error {one.fit_rmse!r} then, {other.fit_rmse!r} now"
            return f"the best setting differs with seed {one.trial.seed}: {figures}.", False
    alike = f"The best setting's {len(then)} trials were trained again: every figure is the same."
    return f"{alike} The other settings were not trained again.", True
