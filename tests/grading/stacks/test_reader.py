"""The process that reads an upload: what comes out of it, what it may cost, and what becomes of one that crashes."""

import io
import json
import logging
import os
import struct
import subprocess
import sys
import zipfile

import numpy as np
import pytest
from pydicom import uid

from grading.stacks import reader, spool
from grading.stacks.manifest import digest
from grading.stacks.packing import unpack
from grading.stacks.reader import read
from grading.stacks.reading.limits import CPU_SECONDS_TO_END, MEMORY_BYTES
from grading.stacks.refusal import Refused
from tests.grading.stacks.dicom_files import as_file, as_files, as_zip, make_series, make_slice, pixels_for

MB = 2**20
LONG = pytest.mark.skipif(not os.environ.get("THIGHSITE_FULL"), reason="Takes a minute: --full.")
GREY = as_file(make_slice())
_IN_FRONT_OF_NAME = GREY.index(struct.pack("<HH2s", 0x0010, 0x0010, b"PN"))


# Prints why a file is refused, and what its reading took of memory, in bytes, and of a processor, in seconds.
REFUSED = """
import json, resource, sys
import django
django.setup()
from grading.stacks.reader import read
from grading.stacks.refusal import Refused
try:
    read([open(sys.argv[1], "rb")])
except Refused as refused:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(json.dumps([refused.reason, used.ru_maxrss * 1024, used.ru_utime + used.ru_stime]))
"""


def refusal_of(*files: bytes) -> str:
    with pytest.raises(Refused) as refused:
        read([io.BytesIO(file) for file in files])
    return refused.value.reason


def test_a_zip_archive_is_read_into_stacks():
    with read([io.BytesIO(as_zip(as_files(make_series(3))))]) as upload:
        (stack,) = upload.stacks
        slices = list(stack.slices())

        assert (stack.suggested_sequence, stack.notes, list(upload.left_out)) == ("STIR", (), [])
        assert digest(slices) == stack.manifest.sha256
        for number, packed in enumerate(slices):
            assert stack.slice(number) == packed
            np.testing.assert_array_equal(unpack(packed, stack.manifest), pixels_for(number))


def test_files_and_archives_of_one_upload_are_read_together():
    first, *others = as_files(make_series(3))

    with read([io.BytesIO(first), io.BytesIO(as_zip(others)), io.BytesIO(b"a text")]) as upload:
        assert upload.stacks[0].manifest.slices == 3
        assert [counted.count for counted in upload.left_out] == [1]


def test_a_refusal_is_a_sentence():
    assert refusal_of(b"a text").startswith("The upload holds no DICOM.")


def test_more_than_a_spool_takes_is_refused(monkeypatch):
    monkeypatch.setattr(spool, "MAX_BYTES", 1000)

    assert "larger than" in refusal_of(bytes(1001))


def with_sequence(items: bytes) -> bytes:
    """A file with a private sequence of these items, zipped: small as it comes, and large as it is read."""
    begin, end = struct.pack("<HH2sHI", 0x0009, 0x1001, b"SQ", 0, 0xFFFFFFFF), struct.pack("<HHI", 0xFFFE, 0xE0DD, 0)
    return as_zip([GREY[:_IN_FRONT_OF_NAME] + begin + items + end + GREY[_IN_FRONT_OF_NAME:]])


def many_elements() -> bytes:
    """Items of 20 million elements, for each of which a reader of Python makes an object."""
    elements = b"".join(struct.pack("<HH2sH", 0x0009, 0x1000 + number, b"LO", 0) for number in range(50_000))
    item = struct.pack("<HHI", 0xFFFE, 0xE000, 0xFFFFFFFF) + elements + struct.pack("<HHI", 0xFFFE, 0xE00D, 0)
    return with_sequence(item * 400)


def many_items() -> bytes:
    return with_sequence(struct.pack("<HHI", 0xFFFE, 0xE000, 0) * 30_000_000)


def bomb(count: int, size: int) -> bytes:
    """A zip archive of a few MB that unpacks to GB."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for number in range(count):
            archive.writestr(str(number), bytes(size))
    return written.getvalue()


def of_vast_sides(syntax: str) -> bytes:
    """A file whose compressed pixels say of themselves that they are 65,000 × 65,000."""
    file = bytearray(as_file(make_slice(), compress=syntax))
    if syntax == uid.JPEGLSLossless:
        struct.pack_into(">HH", file, file.index(b"\xff\xf7") + 5, 65_000, 65_000)
    else:
        sides = (65_000, 65_000, 0, 0, 65_000, 65_000)  # of the image, and of a tile
        struct.pack_into(">6I", file, file.index(b"\xff\x4f\xff\x51") + 8, *sides)
    return bytes(file)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: bomb(8, 250 * MB), "larger than 1,024 MB"),
        (lambda: bomb(1, 400 * MB), "larger than 320 MB"),
        pytest.param(many_elements, "more memory than one examination needs", marks=LONG),
        pytest.param(many_items, "more memory than one examination needs", marks=LONG),
        (lambda: of_vast_sides(uid.JPEG2000Lossless), "another size"),
        (lambda: of_vast_sides(uid.JPEGLSLossless), "another size"),
    ],
)
def test_what_is_made_to_fill_the_memory_is_refused_within_the_limits(make, said, tmp_path):
    """In a process of its own: a child's peak of memory counts from its parent's, and this one may have grown."""
    (tmp_path / "file").write_bytes(make())

    done = subprocess.run([sys.executable, "-c", REFUSED, tmp_path / "file"], check=True, capture_output=True)

    reason, most, spent = json.loads(done.stdout)
    assert said in reason or "takes longer than a minute" in reason  # where the machine is slow
    assert most < MEMORY_BYTES
    assert spent < CPU_SECONDS_TO_END + 2


def computing(seconds: float, to_end: float, work: str) -> list[str]:
    """Command a reading that computes for ever, and may have so much of a processor."""
    program = f"""
from grading.stacks.reading import limits
limits.CPU_SECONDS, limits.CPU_SECONDS_TO_END = {seconds}, {to_end}
from grading.stacks.reading import __main__ as reading
def compute(*_):
    while True: {work}
reading._read = compute
reading.main(0, 1)
"""
    return [reader.sys.executable, "-c", program]


IN_PYTHON, IN_A_DECODER = "pass", "sum(range(10**12))"  # the second hears no signal before it has ended


@pytest.mark.parametrize(("seconds", "to_end", "work"), [(0.1, 56, IN_PYTHON), (0.1, 2, IN_A_DECODER)])
def test_a_reading_that_computes_too_long_is_ended(monkeypatch, seconds, to_end, work):
    monkeypatch.setattr(reader, "_COMMAND", computing(seconds, to_end, work))

    assert refusal_of(GREY).startswith("Reading the upload takes longer than a minute.")


def test_a_reading_that_waits_for_a_processor_may_take_longer(monkeypatch):
    """Time that others had is not held against it: it is asleep for longer than it may compute."""
    program = computing(0.5, 2, "time.sleep(1); return {'refused': 'It was read.'}")
    monkeypatch.setattr(reader, "_COMMAND", [*program[:2], "import time\n" + program[2]])

    assert refusal_of(GREY) == "It was read."


def test_a_reading_that_never_ends_is_ended(monkeypatch):
    monkeypatch.setattr(reader, "SECONDS_TO_KILL", 0.01)

    assert refusal_of(GREY).startswith("The site was too busy to read the upload within 4 minutes.")


def test_a_reading_that_crashes_harms_nothing_else(monkeypatch, caplog):
    """The process ends as by a fault in a decoder: without a word."""
    monkeypatch.setattr(reader, "_COMMAND", [reader.sys.executable, "-c", "import os; os.abort()"])

    with caplog.at_level(logging.ERROR):
        reason = refusal_of(GREY)

    assert reason.startswith("Reading the upload ended too early.")
    assert [record.getMessage() for record in caplog.records] == ["DICOM could not be read: ended by -6"]
    monkeypatch.undo()
    with read([io.BytesIO(GREY)]) as upload:
        assert len(upload.stacks) == 1


def test_the_reading_is_told_no_secret_of_the_site(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "of-the-site")
    program = "import json, os; print(json.dumps({'refused': ' '.join(os.environ) + '.'}))"
    monkeypatch.setattr(reader, "_COMMAND", [reader.sys.executable, "-c", program])

    told = refusal_of(GREY).rstrip(".").split()

    assert "PATH" in told
    assert not {"SECRET_KEY", "DATABASE_URL", "OWNER_DATABASE_URL"} & {*told}


def test_no_file_with_a_name_is_left_or_made(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    with read([io.BytesIO(GREY)]) as upload:
        assert upload.stacks[0].slice(0)
        assert os.listdir(tmp_path) == []
