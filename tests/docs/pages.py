"""The documentation as tests read it: pages, and what stands in each."""

import re
from functools import cache
from itertools import pairwise
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
GUIDES = [page for page in PAGES if page.name != "CHANGELOG.md"]  # what was true once may stand in the changelog


def name_of(path: Path) -> str:
    """Name a page as a test's report shows it: its path in the repository."""
    return path.relative_to(ROOT).as_posix()


@cache
def tokens_of(page: Path) -> list[Token]:
    """Read a page as Markdown, with inline tokens behind the block that holds them."""
    tokens = MarkdownIt("commonmark").enable("table").parse(page.read_text())
    return [each for token in tokens for each in (token, *(token.children or ()))]


def code_spans(page: Path) -> list[str]:
    """List what stands between backticks within a page's text."""
    return [token.content for token in tokens_of(page) if token.type == "code_inline"]


def code_lines(page: Path) -> list[str]:
    """List the lines of a page's code blocks."""
    blocks = (token.content for token in tokens_of(page) if token.type in ("fence", "code_block"))
    return [line.strip() for block in blocks for line in block.splitlines()]


def targets(page: Path, kind: str) -> list[str]:
    """List where a page's links (``link_open``, ``href``) or pictures (``image``, ``src``) lead."""
    attribute = {"link_open": "href", "image": "src"}[kind]
    return [str(token.attrs[attribute]) for token in tokens_of(page) if token.type == kind]


def anchors(page: Path) -> set[str]:
    """List the anchors of a page's headings, as GitHub makes them."""
    tokens, found = tokens_of(page), {}
    for heading, inline in pairwise(tokens):
        if heading.type == "heading_open":
            words = re.sub(r"[^\w\- ]", "", inline.content.lower()).replace(" ", "-")
            found[words] = found.get(words, -1) + 1
    return {f"{words}-{number}" if number else words for words, last in found.items() for number in range(last + 1)}


def table_below(page: Path, heading: str) -> list[tuple[str, ...]]:
    """Read the first table below a heading, or below bold words: each row's cells as written, the head left out.

    Raises:
        LookupError: there is no such heading, or no table below it.
    """
    tokens = MarkdownIt("commonmark").enable("table").parse(page.read_text())
    written = re.compile(rf"{re.escape(heading)}$|\*\*{re.escape(heading)}\*\*")
    start = next((place for place, token in enumerate(tokens) if written.match(token.content)), None)
    if start is None:
        raise LookupError(f"{name_of(page)} has no heading {heading!r}.")
    rows: list[list[str]] = []
    for before, token in pairwise(tokens[start:]):
        if token.type == "table_close":
            return [tuple(row) for row in rows]
        if token.type == "tr_open":
            rows.append([])
        if before.type == "td_open":
            rows[-1].append(token.content)
        if token.type == "thead_close":
            rows.clear()
        if token.type == "heading_open":
            break
    raise LookupError(f"{name_of(page)} has no table below {heading!r}.")
