"""Whatever bytes a file has: it is read, or refused in words, and nothing else happens."""

import os
import random

import pytest
from pydicom import uid

from grading.stacks.refusal import Refused
from tests.grading.stacks.dicom_files import as_file, as_zip, make_enhanced, make_slice, pixels_for
from tests.grading.stacks.uploads import read_files

TRIES = 20_000 if os.environ.get("THIGHSITE_FULL") else 200
BEGIN, HEADER = 132, 1500  # bytes of a file in which much can be wrong
SMALL = pixels_for(0, "<u2", 32, 32)

FILES = {
    "explicit": lambda: as_file(make_slice(pixels=SMALL, WindowCenter=5, WindowWidth=90)),
    "implicit": lambda: as_file(make_slice(pixels=SMALL), uid.ImplicitVRLittleEndian),
    "RLE": lambda: as_file(make_slice(pixels=SMALL), compress=uid.RLELossless),
    "JPEG-LS": lambda: as_file(make_slice(pixels=SMALL), compress=uid.JPEGLSLossless),
    "multi-frame": lambda: as_file(make_enhanced(2)),
    "archive": lambda: as_zip([as_file(make_slice(pixels=SMALL))]),
}


def harmed(file: bytes, drawn: random.Random) -> bytes:
    """Change, remove and add some bytes of a file, most of them in its header."""
    changed = bytearray(file)
    for _ in range(drawn.choice((1, 1, 2, 4))):
        end = min(len(changed), HEADER) if drawn.random() < 0.8 else len(changed)
        at = drawn.randrange(BEGIN, end)
        what = drawn.random()
        if what < 0.7:
            changed[at] = drawn.randrange(256)
        elif what < 0.8:
            del changed[at : min(at + drawn.randrange(1, 40), len(changed) - BEGIN - 1)]
        elif what < 0.9:
            changed[at:at] = drawn.randbytes(drawn.randrange(1, 20))
        else:
            changed[at : at + 4] = b"\xff\xff\xff\xff"
    return bytes(changed)


@pytest.mark.filterwarnings(
    "ignore"
)  # of pydicom, about what is wrong with the files; the reading's own process hears none
@pytest.mark.parametrize("kind", FILES)
def test_a_file_with_other_bytes_is_read_or_refused(kind):
    drawn, file = random.Random(kind), FILES[kind]()
    reasons = []

    for _ in range(TRIES):
        try:
            read_files(harmed(file, drawn))
        except Refused as refused:
            reasons.append(refused.reason)

    assert reasons
    assert all(reason.endswith(".") for reason in reasons)
