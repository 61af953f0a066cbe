"""What a start of the program imports: every command and every process of the site waits for it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
DJANGO = {"django", "asgiref", "sqlparse", "typing_extensions", "dj_database_url", "psycopg", "psycopg_binary"}
DJANGO |= {"allauth", "whitenoise", "thighsite", "grading", "analysis"}
FRAMES = {"numpy", "pandas", "dateutil", "six"}
PASSKEYS = {"fido2", "cryptography"}

# What a command had imported when it ended, without the modules of compiled ones.
IMPORTED = """
import contextlib, io, runpy, sys
sys.argv = ["manage.py", *sys.argv[1:]]
with contextlib.suppress(SystemExit), contextlib.redirect_stdout(io.StringIO()):
    runpy.run_path("manage.py", run_name="__main__")
packages = {name.partition(".")[0] for name in sys.modules} - sys.stdlib_module_names - {"cython_runtime"}
print(*(name for name in packages if not name.startswith("_")))
"""
LOOKS_FOR_GARBAGE = IMPORTED.partition("packages =")[0] + "import gc; print(gc.isenabled(), *gc.get_threshold())"
COMPARED = """
import sys
from analysis.stats.comparison import compare
from analysis.stats.frame.cut import cut_data
from tests.analysis.stats.comparison_frames import cohort
compare(cut_data(cohort(6), reference="IMNM", compared="DM"))
print(*{"django", "plotly", "scipy.stats", "scipy.optimize", "statsmodels"} & set(sys.modules))
"""
FOUND = """
import sys
import django
django.setup()
from thighsite.jobs import engine
from thighsite.jobs.kinds import find_kind
assert find_kind("import-file")
print(*{"numpy", "pandas"} & set(sys.modules))
"""


def said(program: str, *arguments: str, **variables: str) -> set[str]:
    command = [sys.executable, "-c", program, *arguments]
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "thighsite.settings"} | variables  # not those of the tests
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    return {*done.stdout.split()}


@pytest.mark.parametrize(
    ("command", "allowed"),
    [("--help", DJANGO), ("compare --help", DJANGO | FRAMES), ("check", DJANGO | FRAMES | PASSKEYS)],
)
def test_command_imports_no_more_than_it_uses(command, allowed):
    """`check` imports every page of the site: but neither scipy nor statsmodels nor plotly."""
    assert said(IMPORTED, *command.split()) <= allowed


def test_client_of_buckets_is_imported_by_whom_needs_a_scan():
    assert said(IMPORTED, "check", SCANS_BUCKET="scans") <= DJANGO | FRAMES | PASSKEYS


def test_comparison_imports_neither_distributions_nor_optimisers_nor_statsmodels():
    assert said(COMPARED) == set()


def test_once_the_site_is_imported_python_looks_for_garbage_as_often_as_ever():
    """Less often, and forms and files that were sent would fill the memory of a web process."""
    assert said(LOOKS_FOR_GARBAGE, "check") == said("import gc; print(gc.isenabled(), *gc.get_threshold())")


def test_worker_imports_for_a_file_nothing_that_computes():
    assert said(FOUND) == set()
