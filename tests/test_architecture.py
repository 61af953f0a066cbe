"""Who may know of whom: a path says what may be imported.

grading: models ◄─ trail, services ◄─ csv, integrity, forms ◄─ views
grading ◄─ analysis: stats ◄─ words ◄─ figure, bundle;  study_data ◄─ services ◄─ web
"""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = ROOT / "analysis" / "bundle" / "scripts"  # which run where a bundle is unpacked, beside each other
BESIDE = {path.stem for path in SCRIPTS.glob("*.py")}
# What runs in a notebook, without Django or a database, and the libraries of each beside Python's own.
PURE: dict[str, set[str]] = {
    "analysis/stats": {"numpy", "pandas", "scipy", "statsmodels"},
    "analysis/words": set(),
    "analysis/figure": {"plotly", "reportlab"},
    "analysis/bundle": {"numpy", "pandas", "scipy", "statsmodels"},  # of the program that goes into the bundle
    "grading/codes": {"confusable_homoglyphs"},
    "grading/sheets": {"python_calamine"},
    "grading/demo/phantom": {"numpy"},
    "grading/stacks": {"numpy", "pydicom"},
}

# What each folder of an app may import of the project beside itself: prefixes of modules.
ANALYSIS = {
    "stats": ("grading.anatomy", "grading.scale", "thighsite.__version__"),
    "words": ("analysis.stats", "grading.anatomy", "grading.scale"),
    "figure": ("analysis.stats", "analysis.words", "grading.anatomy", "grading.scale"),
    "bundle": ("analysis.stats", "analysis.words", "grading.anatomy", "grading.scale", "grading.csv"),
    "models": ("analysis.stats.question", "grading.models"),
    "study_data": ("analysis.stats", "analysis.models", "grading.models", "grading.anatomy", "grading.scale",
                   "thighsite.postgres.replica", "thighsite.postgres.snapshot"),
    "services": ("analysis.stats", "analysis.words", "analysis.figure", "analysis.bundle", "analysis.models",
                 "analysis.study_data", "grading", "thighsite.clock", "thighsite.jobs", "thighsite.proofs"),
    "web": ("analysis.stats", "analysis.words", "analysis.figure", "analysis.bundle", "analysis.models",
            "analysis.study_data", "analysis.services", "grading", "thighsite.jobs"),
}  # fmt: skip
# Of grading: no Django, nothing below.
GROUND = ("grading.ages", "grading.anatomy", "grading.archive_link", "grading.blind_code", "grading.codes",
          "grading.comments", "grading.limits", "grading.roles", "grading.scale", "grading.vocabulary",
          "grading.words", "grading.zip_directory")  # fmt: skip
GRADING = {
    "codes": (),
    "sheets": GROUND,
    "stacks": GROUND,
    "models": (*GROUND, "grading.stacks", "thighsite.limiting"),
    "trail": (*GROUND, "grading.models"),
    "services": (*GROUND, "grading.models", "grading.slice_store", "grading.stacks", "thighsite.acting",
                 "thighsite.clock", "thighsite.limiting", "thighsite.sign_in.one_time_links"),
    "admin": (*GROUND, "grading.models", "grading.services", "grading.forms", "thighsite.acting",
              "thighsite.sign_in.sessions"),
    "csv": (*GROUND, "grading.sheets", "grading.models", "grading.services", "grading.trail", "thighsite.acting",
            "thighsite.clock", "thighsite.limiting", "thighsite.postgres.replica"),
    "formats": (*GROUND, "grading.sheets", "grading.models", "grading.csv", "grading.structured_reports",
                "thighsite.__version__", "thighsite.postgres.snapshot"),
    "integrity": (*GROUND, "grading.models", "grading.slice_store", "grading.trail", "thighsite.acting",
                  "thighsite.postgres"),
    "forms": (*GROUND, "grading.models", "grading.services", "grading.trail", "grading.charter_page",
              "thighsite.limiting"),
    "demo": (*GROUND, "grading.stacks", "grading.models", "grading.services", "grading.csv", "thighsite.jobs"),
    "structured_reports": (*GROUND, "grading.sheets", "grading.csv", "grading.models", "thighsite.__version__"),
    "uploads": (*GROUND, "grading.sheets", "grading.stacks", "grading.models", "grading.services.stacks", "grading.csv",
                "grading.slice_store", "thighsite.clock", "thighsite.jobs"),
    "views": (*GROUND, "grading.sheets", "grading.models", "grading.services", "grading.csv", "grading.uploads",
              "grading.trail", "grading.forms", "grading.formats", "grading.access", "grading.guessing",
              "grading.progress", "grading.progress_matrix", "grading.reader_calibration", "grading.reader_cases",
              "grading.reader_stacks", "grading.reader_view", "grading.adjudicator_cases", "grading.adjudication_page",
              "grading.calibration_page", "grading.charter_page", "grading.query_page",
              "grading.query_rules", "grading.reader_archive", "grading.reader_queries", "grading.slice_store",
              "grading.stacks", "grading.steps", "grading.structured_reports", "grading.together", "grading.worklist",
              "thighsite"),
}  # fmt: skip
FOLDERS = [("analysis", folder) for folder in ANALYSIS] + [("grading", folder) for folder in GRADING]

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


@pytest.mark.parametrize(("app", "folder"), FOLDERS)
def test_a_folder_imports_only_what_lies_below_it(app, folder):
    allowed = (f"{app}.{folder}", *{"analysis": ANALYSIS, "grading": GRADING}[app][folder])

    offenders = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in (ROOT / app / folder).rglob("*.py")
        for name in imported_names(path)
        if is_of_the_project(name) and not f"{name}.".startswith(tuple(f"{module}." for module in allowed))
    ]

    assert offenders == []


def test_every_folder_has_its_rule():
    django_wants = {"management", "migrations", "templatetags"}

    assert folders_of("analysis") - django_wants == ANALYSIS.keys()
    assert folders_of("grading") - django_wants == GRADING.keys()
    assert {path.name for path in (ROOT / "analysis").glob("*.py")} == {"__init__.py", "apps.py", "urls.py"}


@pytest.mark.parametrize("app", ["analysis", "grading"])
def test_parts_of_an_app_import_each_other_in_no_circle(app):
    """A part is a folder of an app, or a module beside the folders."""
    below: dict[str, set[str]] = {}
    for path in (ROOT / app).rglob("*.py"):
        part = part_of(app, module_of(path))
        others = {part_of(app, name) for name in imported_names(path) if name.startswith(f"{app}.")}
        below.setdefault(part, set()).update(others - {part})

    with_circles = dict(below)
    while done := [part for part, others in with_circles.items() if not others & with_circles.keys()]:
        for part in done:
            del with_circles[part]

    assert with_circles == {}


def test_statistics_words_figures_and_the_ground_of_grading_import_no_django():
    paths = (path for folder in PURE for path in (ROOT / folder).rglob("*.py") if path.parent != SCRIPTS)
    modules = [*map(module_of, paths), *GROUND]

    done = subprocess.run(
        [sys.executable, "-c", IMPORT_WITHOUT_DJANGO, *modules], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert "analysis.stats.comparison" in modules
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("folder", PURE)
def test_pure_folder_uses_no_library_but_its_own(folder):
    """Of what is imported only when a function is called, too, which importing the modules does not show."""
    offenders = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in (ROOT / folder).rglob("*.py")
        for name in imported_names(path)
        if not is_of_the_project(name) and name.split(".")[0] not in PURE[folder] | sys.stdlib_module_names | BESIDE
    ]

    assert offenders == []


def test_analysis_reads_grading_never_the_reverse():
    offenders = [
        path
        for path in (ROOT / "grading").rglob("*.py")
        if any(name.startswith("analysis.") for name in imported_names(path))
    ]

    assert offenders == []


def folders_of(app: str) -> set[str]:
    """The folders of an app with a module in them; one that a move has left empty is none."""
    return {path.name for path in (ROOT / app).iterdir() if any(path.rglob("*.py"))}


def part_of(app: str, module: str) -> str:
    return module.removeprefix(app).lstrip(".").partition(".")[0]


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


def test_what_is_stored_takes_its_time_from_postgresql():
    """The clock of a machine may be wrong. It tells alone how old a file is, and which year it is."""
    by_own_clock = {
        str(path.relative_to(ROOT))
        for folder in ("grading/services", "grading/csv", "grading/uploads", "analysis/services")
        for path in (ROOT / folder).rglob("*.py")
        if "timezone.now()" in (text := path.read_text()) or "datetime.now(" in text
    }

    assert by_own_clock == {
        "grading/services/stacks.py",
        "grading/csv/imports/grade_rows.py",
        "grading/csv/imports/participant_rows.py",
    }
