"""The rules of the house (CONTRIBUTING.md), held by reading its sources."""

import ast
from collections.abc import Iterable, Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

MAY_KNOW = {"flows": {"tasks", "artifacts", "rnn"}, "tasks": {"artifacts", "rnn"}, "artifacts": {"rnn"}, "rnn": set()}
"""Who may import whom, besides itself."""

FLOORS = {
    "rnn": [
        {"arrays", "calendar", "errors", "forecast", "forecaster", "frames", "horizon", "intervals", "kept_results",
         "known_inputs", "metrics", "npz", "origins", "random_streams", "recipes", "robustness", "scaling",
         "seasonality", "series", "written_as"},
        {"datasets", "elman", "ensemble", "readers"},
        {"experiment", "inspection"},
        {"evaluation"},
        {"lifecycle"},
        {"task_choice"},
        {"doctor"},
    ],
    "artifacts": [
        {"files", "plots"}, {"store", "web"}, {"lifecycle"}, {"reports", "lineage"}, {"gallery"}, {"service"},
    ],
    "tasks": [
        {"support"},
        {
            "data", "train", "pipeline", "sweep", "evaluate", "evaluate_suite", "retrain", "replay", "monitor", "feed",
            "sink", "identity", "year",
        },
    ],
}  # fmt: skip
"""The rooms of each package from the ground up: a room may import what stands on floors below its own."""

NO_CODE = {
    "rnn/arrays.py",
    "rnn/ensemble/prior_table.py",
    "rnn/errors.py",
    "rnn/readers/table.py",
    "tasks/support/runner_names.py",
}
"""Types and messages alone; whoever uses them tests them."""

IN_A_FLOW = {
    "flows/year/night.py": "tests/flows/year/test_year.py",
    "flows/promote.py": "tests/flows/test_history.py",
    "flows/rollback.py": "tests/flows/test_history.py",
    "flows/settings/evaluate.py": "tests/flows/test_evaluate.py",
    "flows/settings/retrain.py": "tests/flows/test_retrain.py",
    "flows/settings/serve.py": "tests/flows/test_serve.py",
    "artifacts/lifecycle/contender.py": "tests/flows/test_retrain.py",
    "artifacts/lifecycle/verdict.py": "tests/flows/test_retrain.py",
    "artifacts/reports/serve.py": "tests/flows/test_history.py",
}
"""What a flow's tests cover as one story, from beginning to end."""


def modules() -> dict[str, Path]:
    """Every module of the packages, by its dotted name."""
    paths = [path for package in MAY_KNOW for path in (ROOT / package).rglob("*.py")]
    return {".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in paths}


MODULES = modules()


def imports(source: str, module: str) -> Iterator[str]:
    """The dotted name of all that a source imports, wherever in it: `from a.b import c` gives a.b and a.b.c."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = ".".join(module.split(".")[: -node.level]) if node.level else ""
            name = ".".join(part for part in (above, node.module) if part)
            yield name
            yield from (f"{name}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in {
            "import_module",
            "__import__",
        }:
            yield from (argument.value for argument in node.args[:1] if isinstance(argument, ast.Constant))


def dotted(source: str) -> Iterator[str]:
    """Every dotted expression of a source, such as `np.random.default_rng`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute):
            yield ast.unparse(node)


def upward(source: str, module: str) -> list[str]:
    """The imports of a module that go against the arrows."""
    package = module.partition(".")[0]
    forbidden = set(MAY_KNOW) - MAY_KNOW[package] - {package}
    return [name for name in imports(source, module) if name.split(".")[0] in forbidden]


def global_randomness(source: str) -> list[str]:
    """The uses of randomness that do not come from a generator of one's own."""
    allowed = {"default_rng", "Generator", "SeedSequence"}
    found = [name for name in dotted(source) if name.split(".")[:-1] in (["np", "random"], ["numpy", "random"])]
    named = [name for name in imports(source, "x") if name.startswith("numpy.random.")]
    stdlib = [name for name in imports(source, "x") if name.split(".")[0] == "random"]
    return [name for name in [*found, *named] if name.rpartition(".")[2] not in allowed] + stdlib


def large_dataclasses(sources: Iterable[str]) -> set[str]:
    """The names of dataclasses with more than five fields."""
    classes = [node for source in sources for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ClassDef)]
    return {
        one.name for one in classes
        if any("dataclass" in ast.unparse(decorator) for decorator in one.decorator_list)
        and sum(isinstance(line, ast.AnnAssign) for line in one.body) > 5
    }  # fmt: skip


def built_by_place(source: str, names: set[str]) -> list[str]:
    """The calls of these classes that pass fields by their place."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return [ast.unparse(call) for call in calls if call.args and ast.unparse(call.func) in names]


def pickles(source: str) -> list[str]:
    """The uses of pickle and its kin."""
    kin = {"pickle", "cloudpickle", "dill", "joblib", "shelve", "marshal"}
    found = [name for name in imports(source, "x") if name.split(".")[0] in kin]
    found += [name for name in dotted(source) if name.rpartition(".")[2] in {"to_pickle", "read_pickle"}]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            found += [ast.unparse(node) for keyword in node.keywords if keyword.arg == "allow_pickle"
                      and not (isinstance(keyword.value, ast.Constant) and keyword.value.value is False)]  # fmt: skip
    return found


def test_the_house_has_its_four_rooms():
    assert {name.split(".")[0] for name in MODULES} == set(MAY_KNOW)
    assert len(MODULES) > 30


@pytest.mark.parametrize("module", MODULES)
def test_a_module_knows_only_the_rooms_below_it(module):
    assert upward(MODULES[module].read_text(), module) == []


@pytest.mark.parametrize("module", [module for module in MODULES if module.split(".")[0] in {"rnn", "artifacts"}])
def test_the_library_and_the_artifacts_know_nothing_of_prefect(module):
    assert [name for name in imports(MODULES[module].read_text(), module) if name.split(".")[0] == "prefect"] == []


@pytest.mark.parametrize("module", [module for module in MODULES if module.split(".")[0] == "rnn"])
def test_the_library_knows_nothing_of_tables_pictures_and_pages(module):
    """Tables but where a user's file is read, and pandas where calendars and DataFrames are."""
    reads = module.startswith("rnn.readers") or module in {"rnn.calendar", "rnn.frames"}
    tables = set() if reads else {"pandas", "pyarrow", "fsspec", "pandera"}
    kin = {"matplotlib", "jinja2", "rich", "cyclopts"} | tables
    assert not {name.split(".")[0] for name in imports(MODULES[module].read_text(), module)} & kin


def test_no_modules_import_each_other_in_a_circle():
    graph = {
        module: {name for name in imports(path.read_text(), module) if name in MODULES and name not in {module, "rnn"}}
        for module, path in MODULES.items()
        if module != "rnn"  # its face, which hands names on
    }
    assert sum(map(len, graph.values())) > 50
    TopologicalSorter(graph).prepare()


LARGE = large_dataclasses(path.read_text() for path in MODULES.values())


@pytest.mark.parametrize("module", [module for module in MODULES if module.split(".")[0] in {"artifacts", "tasks"}])
def test_a_dataclass_of_more_than_five_fields_is_built_with_keywords(module):
    assert "Report" in LARGE
    assert built_by_place(MODULES[module].read_text(), LARGE) == []


@pytest.mark.parametrize("module", MODULES)
def test_nothing_is_pickled(module):
    assert pickles(MODULES[module].read_text()) == []


@pytest.mark.parametrize("module", MODULES)
def test_every_numpy_file_is_read_without_pickle(module):
    calls = [node for node in ast.walk(ast.parse(MODULES[module].read_text())) if isinstance(node, ast.Call)]
    loads = [call for call in calls if ast.unparse(call.func) in {"np.load", "numpy.load"}]
    assert all("allow_pickle" in {keyword.arg for keyword in call.keywords} for call in loads)


@pytest.mark.parametrize("module", MODULES)
def test_randomness_comes_from_a_generator_alone(module):
    assert global_randomness(MODULES[module].read_text()) == []


def mirror(path: Path) -> Path:
    """Where the tests of a module are: its own mirror, or of a step those of its flow.

    Steps show what they do only on a Prefect server, so tasks/<flow>.py is tested by tests/flows/test_<flow>.py, and
    what all flows share by the main job's.
    """
    own = ROOT / "tests" / path.parent / f"test_{path.name}"
    if path.parts[0] != "tasks" or own.exists():
        return own
    flow = ROOT / "tests/flows" / own.name
    return flow if flow.exists() else ROOT / "tests/flows/test_pipeline.py"


@pytest.mark.parametrize("module", [module for module, path in MODULES.items() if path.name != "__init__.py"])
def test_a_module_has_its_mirror_in_the_tests(module):
    path = MODULES[module].relative_to(ROOT)
    if path.as_posix() not in NO_CODE:
        assert (ROOT / IN_A_FLOW[path.as_posix()] if path.as_posix() in IN_A_FLOW else mirror(path)).is_file()


def test_the_exceptions_are_still_needed():
    for path in [*IN_A_FLOW, *NO_CODE]:
        assert (ROOT / path).is_file(), path
        assert not (ROOT / "tests" / Path(path).parent / f"test_{Path(path).name}").exists(), path


def room(module: str) -> tuple[str, str]:
    """A module's package, and the room in it: the sub-package, or the module that stands at the package's top."""
    package, _, rest = module.partition(".")
    return package, rest.partition(".")[0]


def floor(module: str) -> int | None:
    """The floor that a module's room stands on, or None where the package has no floors."""
    package, name = room(module)
    return next((k for k, rooms in enumerate(FLOORS.get(package, ())) if name in rooms), None)


def test_every_room_stands_on_one_floor():
    rooms = {room(module) for module in MODULES if "." in module and room(module)[0] in FLOORS}
    placed = [(package, name) for package, floors in FLOORS.items() for names in floors for name in names]
    assert sorted(placed) == sorted(rooms)


@pytest.mark.parametrize("module", [module for module in MODULES if floor(module) is not None])
def test_a_room_knows_only_the_floors_below_it(module):
    """Rooms of one floor know nothing of each other, but for the ground, which is one room."""
    package, _ = room(module)
    seen = [
        name for name in imports(MODULES[module].read_text(), module) if name in MODULES and room(name)[0] == package
    ]
    others = [name for name in seen if room(name) != room(module) and floor(name) is not None]
    assert [name for name in others if floor(name) >= floor(module) > 0 or floor(name) > floor(module)] == []


def test_no_folder_of_tests_is_a_package_but_the_first():
    assert list((ROOT / "tests").rglob("__init__.py")) == [ROOT / "tests" / "__init__.py"]


# The rules themselves catch what they are to catch.


@pytest.mark.parametrize(
    ("source", "module"),
    [
        ("import tasks.support.step", "artifacts.store.cache"), ("from flows import settings", "tasks.train"),
        ("def f():\n    from artifacts.store.cache import Cache", "rnn.series"),
        ("from ..tasks import train", "rnn.series"),
        ("import importlib\nimportlib.import_module('flows.settings.base')", "artifacts.store.store"),
    ],
)  # fmt: skip
def test_an_arrow_upward_is_found(source, module):
    assert upward(source, module)


@pytest.mark.parametrize(
    "source",
    ["import pickle", "from pickle import loads", "np.load(f, allow_pickle=True)", "np.load(f, allow_pickle=flag)",
     "frame.to_pickle(path)", "def f():\n    import joblib"],
)  # fmt: skip
def test_a_pickle_is_found(source):
    assert pickles(source)


def test_a_large_dataclass_built_by_place_is_found():
    source = "@dataclass(frozen=True)\nclass A:\n" + "".join(f"    {name}: int\n" for name in "abcdef")
    assert large_dataclasses([source]) == {"A"}
    assert built_by_place("A(1, b=2)", {"A"})
    assert not built_by_place("A(a=1, b=2); B(1)", {"A"})


@pytest.mark.parametrize(
    "source",
    ["np.random.seed(0)", "x = np.random.uniform(0, 1)", "numpy.random.rand()", "from numpy.random import normal",
     "import random", "from random import random", "np.random.RandomState(0)"],
)  # fmt: skip
def test_global_randomness_is_found(source):
    assert global_randomness(source)


@pytest.mark.parametrize("source", ["np.random.default_rng(0).random()", "def f(rng: np.random.Generator): ..."])
def test_a_generator_of_ones_own_is_fine(source):
    assert global_randomness(source) == []
