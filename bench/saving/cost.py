"""What one save costs: processor time of the web process, queries, and the page it is entered on."""

import gzip
import re
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from urllib.parse import urljoin

import brotli

from bench.saving.client import Reader
from bench.served_site import Site

BLOCK = 300  # requests: long enough for the kernel's clock ticks of 10 ms
DECOMPRESS = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}


@dataclass(frozen=True)
class Cost:
    """Milliseconds of the web process's processor per request, and the ratios to one-row views beside them."""

    nothing: float
    one_row: float
    save: float
    ratio: float


def processor_cost(site: Site, blocks: int) -> Cost:
    """Blocks of each kind take turns, so that whatever else the machine does meets all of them."""
    reader = site.readers[0]
    kinds = (reader.nothing, reader.one_row, reader.save)
    for ask in kinds:
        _block(site, ask)
    found = [[_block(site, ask) for ask in kinds] for _ in range(blocks)]
    nothing, one_row, save = (median(column) for column in zip(*found, strict=True))
    return Cost(nothing, one_row, save, median(save / one_row for _, one_row, save in found))


def _block(site: Site, ask: Callable[[], None]) -> float:
    before = site.web_seconds()
    for _ in range(BLOCK):
        ask()
    return (site.web_seconds() - before) / BLOCK * 1000


def queries_of_a_save(reader: Reader) -> list[str]:
    """The statements of one save, transaction control left out: the dearer of a first grade and a changed one."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(headers={"host": "localhost"})
    client.cookies["sessionid"] = reader.session
    found = []
    for version, score in enumerate((1, 2)):
        body = {"muscle": "SA", "side": "both", "score": score, "seen_version": version}
        with CaptureQueriesContext(connection) as captured:
            answer = client.post(f"/reads/{reader.reads[-1]}/grades/", body, content_type="application/json")
        assert answer.status_code == 200, answer.content
        control = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
        found.append([query["sql"] for query in captured if not query["sql"].startswith(control)])
    return max(found, key=len)


def page_weight(site: Site) -> dict[str, tuple[int, int]]:
    """Of everything that a first visit of the grading page brings: (bytes of the body, of the head) over the wire."""
    reader = site.readers[-1]
    page = f"{site.url}/reads/{reader.reads[0]}/"
    html, sizes = _fetched(page, reader)
    found, waiting = {"page": sizes}, _links(page, html)
    while waiting:
        url = waiting.pop()
        name = re.sub(r"\.[0-9a-f]{12}(?=\.)", "", url.rpartition("/")[2])
        if name not in found:
            text, found[name] = _fetched(url, reader)
            waiting += [urljoin(url, to) for to in re.findall(r"""(?:from|import|url\()\s*["']?(\.[^"')]+)""", text)]
    return found


def _links(page: str, html: str) -> list[str]:
    return [urljoin(page, to) for to in re.findall(r'<(?:link|script)[^>]* (?:href|src)="(?!data:)([^"]+)"', html)]


def _fetched(url: str, reader: Reader) -> tuple[str, tuple[int, int]]:
    headers = {"Cookie": f"sessionid={reader.session}", "Accept-Encoding": "gzip, br"}
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as answer:
        body = answer.read()
        text = DECOMPRESS[answer.headers.get("Content-Encoding")](body)
        return text.decode(), (len(body), len(str(answer.headers)))
