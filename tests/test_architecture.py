"""Who may know of whom: a path says what may be imported.

grading ◄─ analysis: stats ◄─ words ◄─ figure, bundle;  study_data ◄─ services ◄─ web
"""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PURE = ("stats", "words", "figure", "bundle")  # run in a notebook: no Django, no database

# What each folder of analysis may import of the project beside itself: prefixes of modules.
MAY_IMPORT = {
    "stats": ("grading.anatomy", "grading.scale", "thighsite.__version__"),
    "words": ("analysis.stats", "grading.anatomy", "grading.scale"),
    "figure": ("analysis.stats", "analysis.words", "grading.anatomy", "grading.scale"),
    "bundle": ("analysis.stats", "analysis.words", "grading.anatomy", "grading.scale", "grading.csv"),
    "models": ("analysis.stats.question", "grading.models", "grading.services", "grading.trail"),
    "study_data": ("analysis.stats", "analysis.models", "grading.models", "grading.anatomy", "grading.scale"),
    "services": ("analysis.stats", "analysis.words", "analysis.figure", "analysis.bundle", "analysis.models",
                 "analysis.study_data", "grading"),
    "web": ("analysis.stats", "analysis.words", "analysis.figure", "analysis.bundle", "analysis.models",
            "analysis.study_data", "analysis.services", "grading"),
}  # fmt: skip

IMPORT_WITHOUT_DJANGO = """
import sys, importlib

class NoDjango:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("django", "psycopg"):
            raise ImportError(f"{name} is imported")

sys.meta_path.insert(0, NoDjango())
for name in sys.argv[1:]:
    importlib.import_module(name)
"""


@pytest.mark.parametrize("folder", MAY_IMPORT)
def test_a_folder_of_analysis_imports_only_what_lies_below_it(folder):
    allowed = (f"analysis.{folder}", *MAY_IMPORT[folder])

    offenders = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in (ROOT / "analysis" / folder).rglob("*.py")
        for name in imported_names(path)
        if is_of_the_project(name) and not name.startswith(allowed)
    ]

    assert offenders == []


def test_every_folder_of_analysis_has_its_rule():
    django_wants = {"management", "migrations", "templatetags"}
    folders = {path.name for path in (ROOT / "analysis").iterdir() if path.is_dir() and path.name != "__pycache__"}

    assert folders == MAY_IMPORT.keys() | django_wants
    assert {path.name for path in (ROOT / "analysis").glob("*.py")} == {"__init__.py", "apps.py", "urls.py"}


def test_statistics_words_and_figures_import_no_django():
    modules = [module_of(path) for folder in PURE for path in (ROOT / "analysis" / folder).rglob("*.py")]

    done = subprocess.run(
        [sys.executable, "-c", IMPORT_WITHOUT_DJANGO, *modules], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert "analysis.stats.comparison" in modules
    assert done.returncode == 0, done.stderr


def test_analysis_reads_grading_never_the_reverse():
    offenders = [
        path
        for path in (ROOT / "grading").rglob("*.py")
        if any(name.startswith("analysis.") for name in imported_names(path))
    ]

    assert offenders == []


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def is_of_the_project(name: str) -> bool:
    return name.split(".")[0] in ("analysis", "grading", "thighsite", "bench", "tests")


def imported_names(path: Path) -> set[str]:
    """What a file imports, as ``module.name``: a name may be a module of its own."""
    nodes = list(ast.walk(ast.parse(path.read_text())))
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return names | {
        f"{node.module}.{alias.name}"
        for node in nodes
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
    }
