"""Packed slices: low bytes before high bytes, and back to the pixel."""

import gzip

import numpy as np
import pytest

from grading.stacks.manifest import digest
from grading.stacks.packing import pack, unpack
from tests.grading.stacks.manifests import usual_manifest


@pytest.mark.parametrize("dtype", ["<i2", ">i2", "<u2", ">u2", "i1", "u1"])
def test_pixels_come_back_as_they_were_packed(dtype):
    limits = np.iinfo(dtype)
    pixels = np.linspace(limits.min, limits.max, 24).astype(dtype).reshape(4, 6)
    manifest = usual_manifest(bits=limits.bits, signed=limits.min < 0)

    unpacked = unpack(pack(pixels), manifest)

    assert unpacked.shape == (4, 6)
    np.testing.assert_array_equal(unpacked, pixels)


def test_when_a_slice_was_packed_does_not_show():
    assert pack(np.zeros((2, 2), "<u2"))[4:8] == bytes(4)


def test_low_bytes_stand_before_high_bytes_row_by_row():
    pixels = np.array([[0x0102, 0x0304], [0x0506, 0x0708]], dtype="<u2")

    assert gzip.decompress(pack(pixels)) == bytes([2, 4, 6, 8, 1, 3, 5, 7])


def test_pixels_that_lie_otherwise_in_memory_are_packed_alike():
    pixels = np.arange(24, dtype="<u2").reshape(4, 6)

    assert pack(np.asfortranarray(pixels)) == pack(pixels) == pack(pixels.astype(">u2"))


def test_a_slice_of_another_size_is_not_unpacked():
    with pytest.raises(ValueError, match="in place of 48"):
        unpack(pack(np.zeros((4, 5), "<u2")), usual_manifest())


def test_the_digest_is_that_of_all_slices_in_order():
    assert digest([b"one", b"two"]) == digest([b"onetwo"]) != digest([b"two", b"one"])
