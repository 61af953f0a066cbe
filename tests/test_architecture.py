"""Who may know of whom: the statistics know no Django, and grading knows nothing of analysis."""

import ast
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# The web files of analysis; everything else in it is statistics, and runs in a notebook.
WEB = {
    "answers",
    "apps",
    "choices",
    "forms",
    "frame",
    "live",
    "lock_form",
    "locking",
    "looks",
    "report",
    "roster",
    "urls",
}
WEB_FOLDERS = {"management", "migrations", "models", "templatetags", "views"}


def pure_modules() -> list[str]:
    paths = [path.relative_to(ROOT).with_suffix("") for path in (ROOT / "analysis").rglob("*.py")]
    pure = [path for path in paths if path.parts[1] not in WEB | WEB_FOLDERS and path.name != "__init__"]
    return sorted(".".join(path.parts) for path in pure)


PURE = pure_modules()

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


def test_statistics_import_no_django():
    done = subprocess.run(
        [sys.executable, "-c", IMPORT_WITHOUT_DJANGO, *PURE], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert "analysis.comparison" in PURE
    assert done.returncode == 0, done.stderr


def test_analysis_reads_grading_never_the_reverse():
    offenders = [path for path in (ROOT / "grading").rglob("*.py") if "analysis" in imported_packages(path)]

    assert offenders == []


def test_only_the_web_files_of_analysis_import_models():
    offenders = [name for name in PURE if "grading.models" in imported_modules(ROOT / f"{name.replace('.', '/')}.py")]

    assert offenders == []


def imported_packages(path: Path) -> set[str]:
    return {name.split(".")[0] for name in imported_modules(path)}


def imported_modules(path: Path) -> set[str]:
    nodes = list(ast.walk(ast.parse(path.read_text())))
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return names | {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module}
