"""Uploads of DICOM for the tests, read in this process: what the limited one does, without its start."""

import os
import tempfile
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from grading.stacks.manifest import Manifest, digest
from grading.stacks.packing import unpack
from grading.stacks.reading.header import prepare
from grading.stacks.reading.upload import read_upload
from grading.stacks.refusal import Refused
from grading.stacks.spool import Spool


@dataclass
class Stack:
    """One stack of an upload, unpacked."""

    manifest: Manifest
    sequence: str | None
    because: str
    notes: list[str]
    pixels: list[NDArray[Any]]


@dataclass
class Uploaded:
    """All that was read of an upload."""

    stacks: list[Stack]
    left_out: dict[str, int]

    @property
    def stack(self) -> Stack:
        (only,) = self.stacks
        return only


def read_files(*files: bytes) -> Uploaded:
    """Read files as an upload. Refused as the site would."""
    prepare()
    with Spool() as spool, tempfile.TemporaryFile() as output:
        for file in files:
            spool.add([file])
        answer = read_upload(spool.fileno(), spool.spans, output)
        stacks = [_unpacked(stack, output.fileno()) for stack in answer["stacks"]]
    return Uploaded(stacks, {counted["reason"]: counted["count"] for counted in answer["left_out"]})


def refusal_of(*files: bytes) -> str:
    """Read files that are refused, and give the reason."""
    with pytest.raises(Refused) as refused:
        read_files(*files)
    return refused.value.reason


def _unpacked(stack: dict[str, Any], output: int) -> Stack:
    manifest = Manifest.from_json(stack["manifest"])
    packed = [os.pread(output, length, start) for start, length in stack["where"]]
    assert digest(packed) == manifest.sha256
    pixels = [np.array(unpack(one, manifest)) for one in packed]
    return Stack(manifest, stack["suggested_sequence"], stack["suggested_because"], stack["notes"], pixels)
