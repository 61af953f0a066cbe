"""Every command that a page gives can be given, and every command has a page."""

import re
import shlex
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class
from django.core.management.base import BaseCommand, CommandError

import dev
from tests.docs.pages import GUIDES, ROOT, code_lines, code_spans, name_of, table_below

OURS = {name: app for name, app in get_commands().items() if app.split(".")[0] in ("grading", "analysis", "thighsite")}
REFERENCE = ROOT / "docs" / "reference" / "commands.md"
OPTION = re.compile(r"--[a-z][a-z-]*")


@pytest.mark.parametrize("page", GUIDES, ids=name_of)
def test_every_command_of_the_site_is_understood(page):
    refused = {line: why for line in commands(page) if (why := why_not_understood(line))}

    assert refused == {}


@pytest.mark.parametrize("page", GUIDES, ids=name_of)
def test_every_command_of_dev_py_is_one(page):
    given = [match for line in commands(page) for match in re.findall(r"dev\.py ([a-z]\S*)(.*)", line)]

    assert [name for name, _ in given if name not in dev.COMMANDS] == []
    options = {option for name, rest in given if name in ("test", "lock") for option in OPTION.findall(rest)}
    assert [option for option in options if option not in dev.__doc__] == []


@pytest.mark.parametrize("page", GUIDES, ids=name_of)
def test_every_module_that_a_page_runs_is_one(page):
    modules = [name for line in commands(page) for name in re.findall(r"-m (bench[\w.]*)", line)]

    assert [name for name in modules if name not in benchmarks()] == []


def test_contributing_has_every_command_of_dev_py_and_every_benchmark():
    text = (ROOT / "CONTRIBUTING.md").read_text()

    assert [name for name in benchmarks() if not re.search(rf"\b{name}\b", text)] == []
    # The README has demo; the others make the environment when they need it.
    assert [name for name in dev.COMMANDS if f"dev.py {name}" not in text and name not in ("demo", "install")] == []


def test_the_reference_has_every_command_with_all_its_options():
    rows = {cell.strip("`").split()[0]: cell for cell, _ in table_below(REFERENCE, "The commands")}

    assert rows.keys() == OURS.keys()
    for name, cell in rows.items():
        assert set(OPTION.findall(cell)) == own_options(name), name


def commands(page: Path) -> list[str]:
    """List what a page gives to be typed, or names as a command."""
    lines = [*code_lines(page), *code_spans(page)]
    return [line for line in lines if re.search(r"\b(manage|dev)\.py\b|-m bench", line)]


def benchmarks() -> set[str]:
    """Name the modules of bench that can be run."""
    modules = [path for path in (ROOT / "bench").glob("*.py") if '"__main__"' in path.read_text()]
    return {f"bench.{path.stem}" for path in modules} | {
        f"bench.{path.parent.name}" for path in (ROOT / "bench").glob("*/__main__.py")
    }


def why_not_understood(line: str) -> str:
    """Say what is wrong with a line that calls manage.py, also by ``dev.py run``; nothing for any other."""
    match = re.search(r"(?:manage\.py|dev\.py run)\s+([a-z_]+)(.*)", line)
    if match is None:
        return ""
    name, rest = match.groups()
    if name not in get_commands():
        return "no such command"
    words = shlex.split(rest, comments=True)
    if not words:  # named, not given
        return ""
    parser = command(name).create_parser("manage.py", name)
    parser.allow_abbrev = False  # a page gives an option's whole name
    try:
        parser.parse_args(words)
    except CommandError as error:
        return str(error)
    return ""


def command(name: str) -> BaseCommand:
    return load_command_class(get_commands()[name], name)


def own_options(name: str) -> set[str]:
    """List the options that a command has beside those that Django gives to all of them."""
    if name == "migrate":
        return set()  # they are Django's own
    every = BaseCommand().create_parser("manage.py", name)
    own = command(name).create_parser("manage.py", name)
    return set(own._option_string_actions) - set(every._option_string_actions)
