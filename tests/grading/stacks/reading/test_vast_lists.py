"""An archive whose list of files is vast is refused before it is in memory, whichever record says how long it is."""

import struct
import tempfile
import tracemalloc

import pytest

from grading.stacks.reading.archive import open_archive
from grading.stacks.refusal import Refused

GB = 2**30
LIST = 3 * GB  # of nothing, which takes no room on a disk
END = struct.Struct("<4s4H2IH")
ZIP64 = struct.pack("<4sQ2H2I4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, 5, 5, LIST, 0) + struct.pack(
    "<4sIQI", b"PK\x06\x07", 0, LIST, 1
)


@pytest.mark.parametrize(
    "records",
    [
        END.pack(b"PK\x05\x06", 0, 0, 5, 5, LIST, 0, 0),
        ZIP64 + END.pack(b"PK\x05\x06", 0, 0, 5, 5, 0xFFFFFFFF, 0, 0),
    ],
    ids=["zip", "zip64"],
)
def test_refused_before_it_is_in_memory(records):
    with tempfile.TemporaryFile() as file:
        file.truncate(LIST)
        file.seek(LIST)
        file.write(records)
        tracemalloc.start()
        with pytest.raises(Refused) as refused:
            open_archive(file, 200_000)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()

    assert "a list of them that is far longer" in refused.value.reason
    assert peak < 2**20
