"""Whatever a page points to is there: pages, headings, files, names in the code."""

import re
from urllib.parse import unquote

import pytest

from tests.docs.pages import GUIDES, PAGES, ROOT, anchors, code_spans, name_of, targets

ELSEWHERE = ("https://", "http://", "mailto:")
AT_THE_TOP = {path.name for path in ROOT.iterdir()}
PACKAGES = ("analysis", "bench", "grading", "tests", "thighsite")
FOLDERS = (*PACKAGES, "docs", "static", "templates")
FILES = {path.name for folder in FOLDERS for path in (ROOT / folder).rglob("*")} | AT_THE_TOP
PATH = re.compile(r"[\w.-]+(/[\w.-]+)*/?")
DOTTED = re.compile(rf"(?:{'|'.join(PACKAGES)})(?:\.\w+)+")
FILE = re.compile(r"[\w.-]+\.(?:py|R|md|toml|yml|yaml|lock|js|css|html)|Dockerfile|LICENSE")
MADE = {".venv", ".data", ".env"}  # not in the repository


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_leads_to_a_file_and_to_a_heading_of_it(page):
    broken = []
    for target in targets(page, "link_open"):
        path, _, anchor = target.partition("#")
        file = (page.parent / unquote(path)).resolve() if path else page
        if target.startswith(ELSEWHERE):
            continue
        if not file.is_file() or (anchor and anchor not in anchors(file)):
            broken.append(target)

    assert broken == []


@pytest.mark.parametrize("page", GUIDES, ids=name_of)
def test_every_path_between_backticks_exists(page):
    assert [span for span in code_spans(page) if is_path(span) and not (ROOT / span).exists()] == []
    assert [span for span in code_spans(page) if FILE.fullmatch(span) and span not in FILES] == []


@pytest.mark.parametrize("page", GUIDES, ids=name_of)
def test_every_name_of_a_module_or_of_what_it_holds_exists(page):
    names = [span for span in code_spans(page) if DOTTED.fullmatch(span) and not FILE.fullmatch(span)]

    assert [name for name in names if not is_in_the_code(name)] == []


def test_every_page_is_linked_from_another():
    linked = {
        (page.parent / unquote(target.partition("#")[0])).resolve()
        for page in PAGES
        for target in targets(page, "link_open")
        if not target.startswith(ELSEWHERE)
    }

    assert [name_of(page) for page in PAGES if page not in linked and page.name != "README.md"] == []


def is_path(span: str) -> bool:
    """Tell a path of the repository from other words in code: it begins with something that lies at the top."""
    return "/" in span and bool(PATH.fullmatch(span)) and span.split("/")[0] in AT_THE_TOP - MADE


def is_in_the_code(dotted: str) -> bool:
    """Find a module by its dotted name, or the file of the longest module that has the next name in it."""
    parts = dotted.split(".")
    for length in range(len(parts), 0, -1):
        module = ROOT.joinpath(*parts[:length])
        if not (module.is_dir() or module.with_suffix(".py").is_file()):
            continue
        file = module / "__init__.py" if module.is_dir() else module.with_suffix(".py")
        return length == len(parts) or (file.is_file() and re.search(rf"\b{parts[length]}\b", file.read_text()))
    return False
