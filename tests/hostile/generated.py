"""Requests as nobody's browser sends them: what a form wants, then spoilt."""

import gzip
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_from_bytes

from hypothesis import strategies as st

from tests.hostile.forms import Form

BOUNDARY = "b0undary"
LONG = "x" * 100_000
NASTY = [
    "", " ", "\x00", "a\x00b", "\ud800", "\udfff\ud800", "‮drowssap", "﻿", "￿", "𝕬" * 70, "e\u0301", "ﬃ", "\r\n\t",
    "\x1b[31m", "'; DROP TABLE grading_grade; --", '"><script>alert(1)</script>', "{{ 7*7 }}{% debug %}", "${7*7}",
    "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "%s%n%(x)s", "../../etc/passwd", "//evil.example", "javascript:1",
    "NaN", "Infinity", "-0", "1e400", "9" * 400, "9" * 5000, str(2**31), str(2**63), str(-(2**63) - 1), "0x10", "1_000",
    "٣", "②", "true", "null", "undefined", "[]", "{}", "0000-00-00", "9999-12-31", "10000-01-01T00:00:00Z",
    "2024-02-30T25:61:61+99:99", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59", "x" * 151, "ß" * 300, LONG,
]  # fmt: skip
texts = st.sampled_from(NASTY) | st.text(max_size=40) | st.text(st.characters(codec=None), max_size=20)
values = texts | st.binary(max_size=40)  # bytes are sent as they are, UTF-8 or not
# Others never reach Django: tests/thighsite/test_encoding.py.
CHARSETS = ["utf-8", "UTF8", '"utf-8"']
HEADERS = st.dictionaries(
    st.sampled_from(
        ["HTTP_USER_AGENT", "HTTP_ACCEPT", "HTTP_COOKIE", "HTTP_X_FORWARDED_FOR", "HTTP_REFERER", "HTTP_RANGE",
         "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_X_REQUESTED_WITH", "HTTP_ACCEPT_LANGUAGE", "HTTP_ORIGIN",
         "HTTP_CONTENT_ENCODING", "HTTP_X_BACKGROUND", "HTTP_ACCEPT_ENCODING"]
    ),
    st.sampled_from(["", "gzip", "application/json", "text/html;q=x", "a/b;q=1e999", "*/*;q=", ";;;", "bytes=0-",
                     "x" * 9000, "\xff\xfe", "theme=<script>; x", 'theme="\\000"', "999.999.999.999",
                     "::ffff:1.2.3.4", "1.2.3.4, x"]),
    max_size=2,
)  # fmt: skip


@dataclass(frozen=True)
class Sent:
    """One request, but for its address."""

    body: bytes
    content_type: str
    query: bytes
    headers: dict[str, str]

    def __repr__(self) -> str:
        parts = {"type": self.content_type, "query": self.query[:200], "headers": str(self.headers)[:300]}
        return f"Sent({parts}, {self.body[:600]!r}, {len(self.body)} bytes)"


@st.composite
def requests(draw: st.DrawFn, form: Form) -> Sent:
    """What the form wants, with some of it spoilt, in one of the ways in which a body can be written."""
    pairs = draw(spoilt(list(form.fields.items())))
    query = b"&".join(_urlencoded(draw(spoilt([("next", "/"), ("page", "1")])))) if draw(st.booleans()) else b""
    how = draw(st.sampled_from([*[_NATURAL[bool(form.json), bool(form.csv)]] * 4, *_WAYS]))
    body, content_type = _WAYS[how](draw, pairs, form)
    if draw(st.integers(0, 9)) == 0:
        content_type = draw(st.sampled_from(["", "text/plain", "application/json", "multipart/form-data", "\xff", ";"]))
    if draw(st.integers(0, 6)) == 0:
        content_type += f"; charset={draw(st.sampled_from(CHARSETS))}"
    if draw(st.integers(0, 12)) == 0:
        body = body[: draw(st.integers(0, min(len(body), 300)))]
    return Sent(body, content_type, query, draw(HEADERS))


@st.composite
def spoilt(draw: st.DrawFn, pairs: list[tuple[str, Any]]) -> list[tuple[Any, Any]]:
    """Up to three things wrong: a value, a name, one field missing, one twice, one too many."""
    pairs = list(pairs)
    for _ in range(draw(st.integers(0, 3))):
        what = draw(st.sampled_from(["value", "value", "value", "missing", "twice", "unknown", "name"]))
        place = draw(st.integers(0, len(pairs) - 1)) if pairs else None
        if place is None or what == "unknown":
            pairs.append((draw(texts), draw(values)))
        elif what == "missing":
            del pairs[place]
        elif what == "twice":
            pairs.insert(draw(st.integers(0, len(pairs))), (pairs[place][0], draw(values)))
        elif what == "name":
            pairs[place] = (draw(texts), pairs[place][1])
        else:
            pairs[place] = (pairs[place][0], draw(values))
    return pairs


def as_bytes(value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")


def _urlencoded(pairs: list[tuple[Any, Any]]) -> list[bytes]:
    return [b"=".join(quote_from_bytes(as_bytes(part)).encode() for part in pair) for pair in pairs]


def _as_form(draw: st.DrawFn, pairs: list, form: Form) -> tuple[bytes, str]:
    body = b"&".join(_urlencoded(pairs))
    raw = draw(
        st.sampled_from([b""] * 6 + [b"&&&=&=", b"%", b"&\xff\xfe=\xc3", b"&a" * 1500, b"&x=" + b"y" * 3_000_000])
    )
    return body + raw, "application/x-www-form-urlencoded"


HEADERS_OF_A_PART = [
    b"\r\nContent-Transfer-Encoding: base64",
    b"\r\nContent-Type: \xff",
    b"\r\nX: " + b"h" * 9000,
    b"\r\nContent-Type: text/plain; charset=base64",
]


def _as_multipart(draw: st.DrawFn, pairs: list, form: Form) -> tuple[bytes, str]:
    parts = [(b'form-data; name="' + as_bytes(name) + b'"', as_bytes(value)) for name, value in pairs]
    if form.csv or draw(st.integers(0, 3)) == 0:
        name = draw(st.sampled_from([b"f.csv"] * 5 + [b"", b"../../x", b"\xff\x00", b"n" * 5000]))
        file = draw(csv_files(form.csv or ("a", "b")))
        parts += [(b'form-data; name="file"; filename="' + name + b'"', file)] * draw(
            st.sampled_from([1, 1, 1, 1, 0, 2, 120])
        )
    end = draw(st.sampled_from([b"--\r\n"] * 6 + [b"", b"--", b"\r\n\r\n\x00"]))
    extra = draw(st.sampled_from([b""] * 6 + HEADERS_OF_A_PART))
    mark = f"--{BOUNDARY}".encode()
    body = b"".join(
        mark + b"\r\nContent-Disposition: " + head + extra + b"\r\n\r\n" + content + b"\r\n" for head, content in parts
    )
    boundary = draw(st.sampled_from([BOUNDARY] * 6 + ["", "other", "x" * 300, "\xff"]))
    return body + mark + end, f"multipart/form-data; boundary={boundary}"


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts | st.sampled_from([2**70, -1, 1e308, "VL", "both"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=5,
)
NO_JSON = [
    b"",
    b"{",
    b"[" * 100_000,
    b'{"a":' * 50_000,
    b"nul",
    b"\xff\xfe{\x00}\x00",
    b"\xef\xbb\xbf{}",
    b"1" * 5000,
    b'"\\ud800"',
]


def _as_json(draw: st.DrawFn, pairs: list, form: Form) -> tuple[bytes, str]:
    if draw(st.integers(0, 5)) == 0:
        return draw(st.sampled_from(NO_JSON)), "application/json"
    sent = {_said(name): _said(value) for name, value in pairs}
    if sent and draw(st.booleans()):
        sent[draw(st.sampled_from(sorted(sent)))] = draw(anything)
    return json.dumps(sent if draw(st.integers(0, 9)) else draw(anything)).encode(), "application/json"


def _said(value: Any) -> Any:
    return value.decode("latin-1") if isinstance(value, bytes) else value


def _as_noise(draw: st.DrawFn, pairs: list, form: Form) -> tuple[bytes, str]:
    types = [
        "application/octet-stream",
        "application/x-www-form-urlencoded",
        f"multipart/form-data; boundary={BOUNDARY}",
    ]
    return draw(st.binary(max_size=300)), draw(st.sampled_from(types))


_WAYS = {"form": _as_form, "multipart": _as_multipart, "json": _as_json, "noise": _as_noise}
_NATURAL = {(False, False): "form", (False, True): "multipart", (True, False): "json"}

CELLS = ["P1", "P2", "M1", "anna", "IMNM", "DM", "STIR", "T1W", "edema", "fat", "VL", "VM", "both", "left", "0",
         "1", "3", "true", "2024", "signed_off", "draft", "assigned", "2024-01-01T10:00:00Z"]  # fmt: skip
RIGHT = {
    "participant": "P1", "mri": "M1", "reader": "anna", "sequence": "STIR", "feature": "edema", "muscle": "ADD",
    "score": "1", "side": "both", "occasion": "1", "group": "IMNM", "sex": "f", "age_years": "60", "scan_year": "2020",
    "status": "draft",
}  # fmt: skip


@st.composite
def csv_files(draw: st.DrawFn, columns: tuple[str, ...]) -> bytes:
    """Rows that would do, with cells spoilt; then the file itself: separators, quotes, line ends, encodings."""
    names = [name for name in columns if name in RIGHT or draw(st.booleans())]
    if draw(st.integers(0, 7)) == 0:
        names = draw(st.lists(st.sampled_from(columns) | texts, max_size=8))
    cells = st.sampled_from(CELLS) | texts
    rows = [
        [draw(cells) if draw(st.integers(0, 9)) == 0 else RIGHT.get(name, "") for name in names]
        for _ in range(draw(st.integers(0, 4)))
    ]
    separator = draw(st.sampled_from([b","] * 6 + [b";", b"\t", b"|"]))
    quote = draw(st.sampled_from([b"", b"", b"", b'"', b"'"]))
    lines = [separator.join(quote + as_bytes(cell) + quote for cell in row) for row in [names, *rows]]
    ends = st.sampled_from([b"\n"] * 6 + [b"\r\n", b"\r", b"\n\n", b"\x0b", b"\x85"])
    file = b"".join(line + draw(ends) for line in lines)
    return _wrapped(draw, file)


def _wrapped(draw: st.DrawFn, file: bytes) -> bytes:
    how = draw(st.sampled_from(["as it is"] * 8 + ["bom", "utf-16", "open quote", "gzip", "zip", "cut", "noise"]))
    place = draw(st.integers(0, len(file)))
    return {
        "as it is": lambda: file,
        "bom": lambda: b"\xef\xbb\xbf" * draw(st.integers(1, 2)) + file,
        "utf-16": lambda: file.decode("utf-8", "replace").encode("utf-16"),
        "open quote": lambda: file[:place] + b'"' + file[place:],
        "gzip": lambda: gzip.compress(b"0" * 1_000_000),
        "zip": lambda: b"PK\x03\x04" + file,
        "cut": lambda: file[:place],
        "noise": lambda: file[:place] + draw(st.binary(min_size=1, max_size=9)) + file[place:],
    }[how]()
