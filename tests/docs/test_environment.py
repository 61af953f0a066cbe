"""Every environment variable that is read is documented, and every documented one is read."""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.docs.pages import ROOT, table_below
from thighsite.misspelt import NAMES

# Functions that are given a variable's name first.
ASKING = {
    "required",
    "secret",
    "boolean",
    "whole",
    "networks",
    "address",
    "addresses",
    "sender",
    "mail_addresses",
    "getenv",
    "provide",
}
SITE = [*(ROOT / "thighsite").rglob("*.py"), *(ROOT / "grading").rglob("*.py"), *(ROOT / "analysis").rglob("*.py")]
TESTS = set((ROOT / "tests").rglob("*.py")) - {ROOT / "tests" / "test_dev.py"}  # has variables of its own invention
DEVELOPERS = [ROOT / "dev.py", *TESTS, *(ROOT / "bench").rglob("*.py")]
# Other programs', which set or read them by themselves.
NOT_OURS = {"DJANGO_SETTINGS_MODULE", "PROMETHEUS_MULTIPROC_DIR", "PYTHONDONTWRITEBYTECODE"}
NOT_OURS |= {"PYTEST_XDIST_TESTRUNUID", "PYTEST_XDIST_WORKER"}


def test_example_of_settings_has_every_variable_that_the_site_reads_and_no_other():
    template = (ROOT / ".env.example").read_text()
    documented = set(re.findall(r"^(?:# )?([A-Z][A-Z_]+)=", template, re.MULTILINE))
    composed = set(re.findall(r"\$\{([A-Z_]+)", (ROOT / "docker-compose.yml").read_text()))

    assert documented == variables_read(SITE) | composed == NAMES


def test_contributing_has_every_variable_that_only_developers_set():
    rows = table_below(ROOT / "CONTRIBUTING.md", "What the tests read from the environment")
    documented = {name for names, _ in rows for name in re.findall(r"`([A-Z_]+)`", names)}
    known_to_the_site = variables_read(SITE)

    assert documented - known_to_the_site == variables_read(DEVELOPERS) - known_to_the_site


def variables_read(files: Iterable[Path]) -> set[str]:
    return {name for path in files for name in _read(ast.parse(path.read_text()))} - NOT_OURS


def _read(tree: ast.AST) -> Iterator[str]:
    """Find the names of variables in ``environ.get(…)``, ``environ[…]`` and the functions that read one."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and _asks(node.func):
            name = node.args[0]
        elif isinstance(node, ast.Subscript) and _is_environ(node.value) and isinstance(node.ctx, ast.Load):
            name = node.slice
        else:
            continue
        if isinstance(name, ast.Constant) and isinstance(name.value, str) and name.value.isupper():
            yield name.value


def _asks(function: ast.expr) -> bool:
    if isinstance(function, ast.Attribute):
        return (function.attr == "get" and _is_environ(function.value)) or function.attr in ASKING
    return isinstance(function, ast.Name) and function.id in ASKING


def _is_environ(node: ast.expr) -> bool:
    """Tell ``os.environ`` from the environment of a request, which WSGI calls by the same name."""
    return isinstance(node, ast.Attribute) and node.attr == "environ"
