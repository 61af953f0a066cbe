"""The process that reads an upload: what comes out of it, what it may cost, and what becomes of one that crashes."""

import io

import numpy as np
import pytest

from grading.stacks.packing import digest, unpack
from grading.stacks.reader import read
from grading.stacks.refusal import Refused
from tests.grading.stacks.dicom_files import as_files, as_zip, make_series, pixels_for

GB = 2**30


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
