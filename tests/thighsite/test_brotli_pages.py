"""Pages come in Brotli to browsers that take it, in gzip to others, and never in one length."""

import gzip
from contextlib import closing

import brotli
import pytest
from django.templatetags.static import static

PAGE = "/accounts/login/"
WORDS = "Username"


def get(client, accepted: str):
    return client.get(PAGE, headers={"accept-encoding": accepted})


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("accepted", "encoding", "decompress"),
    [
        ("gzip, deflate, br", "br", brotli.decompress),
        ("br;q=1.0, gzip", "br", brotli.decompress),
        ("gzip, deflate", "gzip", gzip.decompress),
        ("brotli", None, bytes),
        ("br;q=0, gzip", "gzip", gzip.decompress),
        ("BR ; Q=0.5, gzip;q=0", "br", brotli.decompress),
        ("gzip;q=0, br;q=0.0, identity", None, bytes),
        ("gzip;q=much", None, bytes),
        ("", None, bytes),
    ],
)
def test_page_comes_as_its_browser_takes_it(client, accepted, encoding, decompress):
    response = get(client, accepted)

    assert response.headers.get("Content-Encoding") == encoding
    assert WORDS in decompress(response.content).decode()
    assert "Accept-Encoding" in response.headers["Vary"]


@pytest.mark.django_db
def test_length_tells_nothing(client):
    lengths = {len(get(client, "br").content) for _ in range(20)}

    assert max(lengths) - min(lengths) > 20


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("accepted", "encoding"), [("gzip;q=1, br;q=0", "gzip"), ("gzip;q=0, br", "br"), ("gzip;q=0, br;q=0", None)]
)
def test_static_file_is_packed_as_its_browser_takes_it(client, accepted, encoding):
    with closing(client.get(static("grading/page.js"), headers={"accept-encoding": accepted})) as response:
        assert response.headers.get("Content-Encoding") == encoding
