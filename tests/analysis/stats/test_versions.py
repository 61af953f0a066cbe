"""A stored result is not reused once the statistics' code has changed, and outlives a change of anything else."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from analysis.stats.versions import program

ROOT = Path(__file__).resolve().parents[3]
PROGRAM = "from analysis.stats.versions import program; print(program(), end='')"


@pytest.fixture(scope="module")
def tree(tmp_path_factory) -> Path:
    """A copy of the packages, to change files in."""
    copy = tmp_path_factory.mktemp("tree")
    for package in ("analysis", "grading", "thighsite"):
        shutil.copytree(ROOT / package, copy / package, ignore=shutil.ignore_patterns("__pycache__"))
    return copy


def program_of(tree: Path) -> str:
    command = [sys.executable, "-c", PROGRAM]
    return subprocess.run(command, cwd=tree, capture_output=True, text=True, check=True).stdout


@pytest.fixture
def changed(tree):
    """Adds a comment to a file of the copy, or makes the file, and takes it back afterwards."""
    taken_back = []

    def change(name: str) -> None:
        path = tree / name
        text = path.read_text() if path.exists() else None
        taken_back.append((path, text))
        path.write_text(f"{text or ''}# changed\n")

    yield change
    for path, text in taken_back:
        if text is None:
            path.unlink()
        else:
            path.write_text(text)


def test_the_program_is_named_by_what_it_is_and_not_by_where_it_lies(tree):
    assert len(program()) == 64
    assert program_of(tree) == program()


@pytest.mark.parametrize(
    "name",
    [
        "analysis/stats/comparison.py",
        "analysis/stats/mixed_model/reml.py",
        "analysis/stats/frame/analysis_sets.py",
        "analysis/stats/a_new_file.py",
        "grading/anatomy.py",
        "grading/scale.py",
    ],
)
def test_what_numbers_depend_on_is_of_the_program(tree, changed, name):
    changed(name)

    assert program_of(tree) != program()


@pytest.mark.parametrize(
    "name",
    [
        "analysis/words/notation.py",
        "analysis/figure/boxplots.py",
        "analysis/web/views/comparison.py",
        "analysis/services/results.py",
        "analysis/models/look.py",
        "grading/views/__init__.py",
    ],
)
def test_what_numbers_do_not_depend_on_is_not(tree, changed, name):
    changed(name)

    assert program_of(tree) == program()
