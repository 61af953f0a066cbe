"""What is made to harm, damaged, or no series of slices at all: refused, each with what would be right."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from pydicom import uid
from pydicom.datadict import dictionary_VR, tag_for_keyword
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset
from pydicom.encaps import encapsulate, generate_frames
from pydicom.sequence import Sequence

from tests.grading.stacks.dicom_files import (
    as_file,
    as_files,
    as_zip,
    make_enhanced,
    make_slice,
    pixels_for,
)
from tests.grading.stacks.uploads import read_files, refusal_of

GREY = as_file(make_slice())
TURNED = pixels_for(0, rows=64, columns=48)
BEGIN_OF_ELEMENTS = 132
SIGNED = pixels_for(0, "<i2") - 500


def raw_element(tag: int, vr: bytes, length: int, value: bytes = b"") -> bytes:
    """Write an element of explicit VR whose length is as it is said, whatever the value has."""
    return struct.pack("<HH2sHI", tag >> 16, tag & 0xFFFF, vr, 0, length) + value


def with_unknown_kind(file: bytes, beginning: bytes) -> bytes:
    """Say of the empty element with this beginning that its values are of a kind that DICOM does not have."""
    empty = beginning + b"\x00\x00"
    assert empty in file
    return file.replace(empty, beginning[:4] + b"DQ\x00\x00")


def with_sequence_in_place_of(file: bytes, keyword: str) -> bytes:
    """Put a sequence in an element's place, with an item of which an element is of a kind that DICOM does not have."""
    tag = tag_for_keyword(keyword)
    at = file.index(struct.pack("<HH", tag >> 16, tag & 0xFFFF) + dictionary_VR(tag).encode(), BEGIN_OF_ELEMENTS)
    end = at + 8 + struct.unpack("<H", file[at + 6 : at + 8])[0]
    unknown = struct.pack("<HH2sH4s", 0x0010, 0x0010, b"DQ", 4, b"Anna")
    item = struct.pack("<HHI", 0xFFFE, 0xE000, len(unknown)) + unknown
    end_of_items = struct.pack("<HHI", 0xFFFE, 0xE0DD, 0)
    return file[:at] + raw_element(tag, b"SQ", 0xFFFFFFFF, item + end_of_items) + file[end:]


def with_name(name: str) -> bytes:
    return as_zip({name: GREY, "IM1": as_file(make_slice(1))})


def encrypted() -> bytes:
    """A zip archive that says of its file that it is encrypted."""
    archive = bytearray(as_zip([GREY]))
    for beginning, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        archive[archive.index(beginning) + flags] |= 1
    return bytes(archive)


def overlapping() -> bytes:
    """A zip archive whose list names one file's bytes many times."""
    archive = as_zip([bytes(300_000)])
    begin = archive.index(b"PK\x01\x02")
    end = archive.index(b"PK\x05\x06")
    entries = archive[begin:end] * 2_000
    return (
        archive[:begin] + entries + struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 2_000, 2_000, len(entries), begin, 0)
    )


def long_comments() -> bytes:
    """A zip archive of a hundred files, with a comment of 60 KB on each in its list."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for number in range(100):
            info = zipfile.ZipInfo(f"IM{number}")
            info.comment = bytes(60_000)
            archive.writestr(info, GREY)
    return written.getvalue()


def deflated() -> bytes:
    """A deflated data set that would unpack to 1 GB."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    bomb = b"".join(packer.compress(bytes(2**20)) for _ in range(1024)) + packer.flush()
    plain = as_file(make_slice())
    syntax = uid.ExplicitVRLittleEndian.encode()
    deflate = uid.DeflatedExplicitVRLittleEndian.encode()
    at = plain.index(syntax)
    head = bytearray(plain[: at + len(syntax) + len(syntax) % 2])
    head[at - 2 : at] = struct.pack("<H", len(deflate))
    head[at:] = deflate
    return bytes(head) + bomb


def nested_sequences(depth: int) -> bytes:
    """A file with a private sequence in a sequence in a sequence."""
    item = struct.pack("<HHI", 0xFFFE, 0xE000, 0xFFFFFFFF)
    deep = (raw_element(0x00091001, b"SQ", 0xFFFFFFFF) + item) * depth
    at = GREY.index(struct.pack("<HH2s", 0x0010, 0x0010, b"PN"))
    return GREY[:at] + deep + GREY[at:]


def without_syntax() -> bytes:
    at = GREY.index(struct.pack("<HH2s", 0x0002, 0x0010, b"UI"))
    length = 8 + struct.unpack("<H", GREY[at + 6 : at + 8])[0]
    return GREY[:at] + GREY[at + length :]


def with_floats() -> bytes:
    dataset = make_slice(PixelData=None, BitsAllocated=32, BitsStored=None, HighBit=None, PixelRepresentation=None)
    dataset.FloatPixelData = bytes(4 * 48 * 64)
    return as_file(dataset)


def with_table() -> bytes:
    table = Dataset()
    table.LUTDescriptor, table.ModalityLUTType, table.LUTData = [2, 0, 16], "US", bytes(4)
    return as_file(make_slice(ModalityLUTSequence=Sequence([table])))


def of_kind(syntax: str) -> bytes:
    """A file that says that its pixels are compressed in some way."""
    return as_file(make_slice(), compress=uid.RLELossless, claimed=syntax)


def with_pixels_of(other: Dataset, syntax: str = uid.JPEG2000Lossless, **changed: Any) -> bytes:
    """A file whose compressed pixels are those of another one."""
    dataset = make_slice(**changed)
    for each in (other, dataset):
        as_file(each, compress=syntax)
    dataset.PixelData = other.PixelData
    return as_file(dataset, syntax)


def with_element(tag: int, vr: str, value: Any) -> bytes:
    """A file one element of which is of another kind than it should be."""
    dataset = make_slice()
    dataset[tag] = DataElement(tag, vr, value)
    return as_file(dataset)


def with_other_bytes() -> bytes:
    archive = bytearray(as_zip([GREY]))
    archive[len(archive) // 2] ^= 0xFF
    return bytes(archive)


def cut_fragments() -> bytes:
    written = as_file(make_slice(), compress=uid.JPEG2000Lossless)
    return written[:-12]


def with_stream(changed: Callable[[bytes], bytes]) -> bytes:
    """A file with a JPEG 2000 image that was changed within a whole frame."""
    dataset = make_slice()
    as_file(dataset, compress=uid.JPEG2000Lossless)
    stream = next(generate_frames(dataset.PixelData, number_of_frames=1))
    dataset.PixelData = encapsulate([changed(stream)])
    return as_file(dataset, uid.JPEG2000Lossless)


def with_empty_half(stream: bytes) -> bytes:
    """An image that is twice as high as its only tile, as one is of whose tiles some were lost."""
    begin = stream.index(b"\xff\x51")
    width, height = struct.unpack_from(">2I", stream, begin + 6)
    return stream[: begin + 22] + struct.pack(">2I", width, height // 2) + stream[begin + 30 :]


def with_other_packets(stream: bytes) -> bytes:
    middle = len(stream) * 3 // 4
    return stream[:middle] + b"\xff\xb5" * 4 + stream[middle + 8 :]


def multi_frame(count: int) -> bytes:
    """A multi-frame file that says that it has so many images, and has three."""
    dataset = make_enhanced(3)
    dataset.NumberOfFrames = count
    return as_file(dataset)


@pytest.mark.parametrize(
    ("name", "files", "said"),
    [
        ("nothing", lambda: [], "holds no files"),
        ("an empty file", lambda: [b""], "holds no DICOM"),
        ("no DICOM", lambda: [b"a text", b"\x89PNG and so on"], "holds no DICOM"),
        ("an archive without files", lambda: [as_zip([])], "holds no files"),
        ("a zip archive that is cut off", lambda: [as_zip([GREY])[:-30]], "archive is damaged"),
        (
            "a zip archive with other bytes",
            lambda: [with_other_bytes()],
            "damaged",
        ),
        ("a zip archive with a password", lambda: [encrypted()], "password"),
        ("files that overlap", lambda: [overlapping()], "damaged"),
        ("a list of comments", lambda: [long_comments()], "far longer than files need"),
        ("another method", lambda: [as_zip([GREY], zipfile.ZIP_LZMA)], "unusual way"),
        ("an archive in an archive", lambda: [as_zip([as_zip([GREY])])], "another archive"),
        ("7z", lambda: [b"7z\xbc\xaf\x27\x1c" + bytes(600)], "something else than zip"),
        ("gzip", lambda: [b"\x1f\x8b\x08" + bytes(600)], "something else than zip"),
        ("tar", lambda: [bytes(257) + b"ustar" + bytes(600)], "something else than zip"),
        ("path upwards", lambda: [with_name("../../etc/cron.d/scan")], "outside of its own folder"),
        ("path upwards, of Windows", lambda: [with_name("scan\\..\\..\\scan")], "outside of its own folder"),
        ("absolute path", lambda: [with_name("/etc/scan")], "outside of its own folder"),
        ("path of a drive", lambda: [with_name("C:\\scan")], "outside of its own folder"),
        ("a path of many folders", lambda: [with_name("a/" * 30_000 + "IM0")], "long or deep paths"),
        ("a file without a name", lambda: [with_name("@IM").replace(b"@IM", b"\0IM")], "damaged"),
        ("a long path", lambda: [with_name("a" * 60_000)], "long or deep paths"),
        ("deflated", lambda: [deflated()], "Explicit VR Little Endian"),
        ("no transfer syntax", lambda: [without_syntax()], "no transfer syntax"),
        ("no preamble", lambda: [GREY[132:]], "DICOM without the beginning"),
        ("cut off in the pixels", lambda: [GREY[:-100]], "cut off"),
        ("cut off in the header", lambda: [GREY[:500]], "cut off"),
        ("cut off in compressed pixels", lambda: [cut_fragments()], "cut off"),
        ("one of several cut off", lambda: [GREY, as_file(make_slice(1))[:-100]], "cut off"),
        ("a tile that is missing", lambda: [with_stream(with_empty_half)], "image of the upload is damaged"),
        ("bytes that no packet has", lambda: [with_stream(with_other_packets)], "image of the upload is damaged"),
        ("deep sequences", lambda: [nested_sequences(20_000)], "damaged"),
        ("JPEG Lossless", lambda: [of_kind(uid.JPEGLosslessSV1)], "JPEG 2000, JPEG-LS or RLE"),
        ("compression that nobody knows", lambda: [of_kind("1.2.3.4")], "JPEG 2000, JPEG-LS or RLE"),
        (
            "secondary capture",
            lambda: [as_file(make_slice(SOPClassUID=uid.SecondaryCaptureImageStorage))],
            "Screenshots",
        ),
        ("capture under another name", lambda: [as_file(make_slice(ConversionType="SI"))], "Screenshots"),
        ("CT", lambda: [as_file(make_slice(SOPClassUID=uid.CTImageStorage))], "No MR images"),
        ("text that is burned in", lambda: [as_file(make_slice(BurnedInAnnotation="YES"))], "burned in"),
        ("colour", lambda: [as_file(make_slice(SamplesPerPixel=3, PhotometricInterpretation="RGB"))], "Colour"),
        ("palette", lambda: [as_file(make_slice(PhotometricInterpretation="PALETTE COLOR"))], "Colour"),
        ("floating point", lambda: [with_floats()], "floating point"),
        ("1 bit", lambda: [as_file(make_slice(BitsAllocated=1, BitsStored=1, HighBit=0))], "8 or 16 bits"),
        ("32 bits", lambda: [as_file(make_slice(pixels=pixels_for(0, "<u4")))], "8 or 16 bits"),
        ("high bit beyond", lambda: [as_file(make_slice(HighBit=16))], "8 or 16 bits"),
        ("more bits than high bit", lambda: [as_file(make_slice(BitsStored=13, HighBit=11))], "8 or 16 bits"),
        ("fewer bits than none", lambda: [with_element(0x00280101, "SS", -5)], "8 or 16 bits"),
        ("bits in words", lambda: [with_element(0x00280100, "LO", "16.0")], "8 or 16 bits"),
        ("rows in words", lambda: [with_element(0x00280010, "LO", "48.0")], "without rows"),
        ("turned, JPEG 2000", lambda: [with_pixels_of(make_slice(pixels=TURNED))], "another size"),
        ("turned, JPEG-LS", lambda: [with_pixels_of(make_slice(pixels=TURNED), uid.JPEGLSLossless)], "another size"),
        ("a sign of which nothing is said", lambda: [with_pixels_of(make_slice(pixels=SIGNED))], "other values"),
        ("16 bits for 8", lambda: [with_pixels_of(make_slice(), pixels=pixels_for(0, "u1"))], "other values"),
        ("forged rows", lambda: [as_file(make_slice(Rows=2000))], "other pixels"),
        ("forged columns", lambda: [as_file(make_slice(Columns=60_000))], "more than 2,048"),
        ("no rows", lambda: [as_file(make_slice(Rows=0))], "without rows"),
        ("forged count of images", lambda: [as_file(make_slice(NumberOfFrames=2))], "number of images"),
        ("100,000 images, forged", lambda: [as_file(make_slice(NumberOfFrames=100_000))], "more than 2,000 images"),
        ("100,000 images in one file", lambda: [multi_frame(100_000)], "more than 2,000 images"),
        ("one image too many", lambda: [multi_frame(4)], "number of images"),
        ("one image too few", lambda: [multi_frame(2)], "number of images"),
        ("fewer than one image", lambda: [multi_frame(0)], "number of images"),
        ("values by a table", lambda: [with_table()], "given by a table"),
        ("a slope of 0", lambda: [as_file(make_slice(RescaleSlope=0))], "numbers that cannot be"),
        ("a slope that is vast", lambda: [as_file(make_slice(RescaleSlope="1e300"))], "numbers that cannot be"),
        ("no spacing", lambda: [as_file(make_slice(PixelSpacing=None))], "where in the patient"),
        ("spacing 0", lambda: [as_file(make_slice(PixelSpacing=[0, 0]))], "where in the patient"),
        ("spacing NaN", lambda: [as_file(make_slice(PixelSpacing=["NaN", "NaN"]))], "where in the patient"),
        ("no position", lambda: [as_file(make_slice(ImagePositionPatient=None))], "where in the patient"),
        (
            "position without end",
            lambda: [as_file(make_slice(ImagePositionPatient=["inf", 0, 0]))],
            "where in the patient",
        ),
        (
            "position far away",
            lambda: [as_file(make_slice(ImagePositionPatient=[19700102, 0, 0]))],
            "where in the patient",
        ),
        ("no orientation", lambda: [as_file(make_slice(ImageOrientationPatient=[0] * 6))], "where in the patient"),
        (
            "askew",
            lambda: [as_file(make_slice(ImageOrientationPatient=[1, 0, 0, 0.5, 0.87, 0]))],
            "where in the patient",
        ),
        (
            "half an orientation",
            lambda: [as_file(make_slice(ImageOrientationPatient=[1, 0, 0]))],
            "where in the patient",
        ),
        (
            "501 slices",
            lambda: as_files([make_slice(n, pixels=pixels_for(n, "u1", 4, 4)) for n in range(501)]),
            "500 slices",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 40 else "",
)
@pytest.mark.filterwarnings("ignore::UserWarning:pydicom")
def test_refused_with_what_would_be_right(name, files, said):
    reason = refusal_of(*files())

    assert said in reason
    assert reason.endswith(".")
    assert "4711" not in reason
    assert "Invented" not in reason


def test_every_reason_is_counted():
    files = [as_file(make_slice(BurnedInAnnotation="YES")), as_file(make_slice(ConversionType="SI")), b"a text", b"b"]

    reason = refusal_of(*files)

    assert reason.startswith("The upload holds no slices that can be shown. 2 × No DICOM images")
    assert "1 × Screenshots" in reason


def test_private_elements_and_sequences_of_any_length_are_passed_over():
    dataset = make_slice()
    block = dataset.private_block(0x0029, "SCANNER", create=True)
    block.add_new(0x10, "OB", bytes(8 * 2**20))
    block.add_new(0x11, "SQ", Sequence([make_slice(5)]))

    assert read_files(as_file(dataset)).stack.manifest.slices == 1


def test_a_value_that_is_no_number_is_no_value():
    file = GREY.replace(b"DS\x04\x006.0 ", b"DS\x04\x00six ")
    assert file != GREY

    assert read_files(file).stack.manifest.thickness is None


def test_an_empty_element_of_an_unknown_kind_is_an_empty_element():
    nameless = with_unknown_kind(as_file(make_slice(PatientName="")), b"\x10\x00\x10\x00PN")
    countless = with_unknown_kind(as_file(make_slice(NumberOfFrames="")), b"\x28\x00\x08\x00IS")
    frames = as_file(make_enhanced(2, frames=[{"position": []}] * 2))

    assert read_files(nameless).stack.manifest.slices == 1
    assert "number of images" in refusal_of(countless)
    assert "where in the patient" in refusal_of(with_unknown_kind(frames, b"\x20\x00\x32\x00DS"))


@pytest.mark.parametrize("keyword", ["ImageType", "PatientID", "StudyInstanceUID", "SOPInstanceUID", "ScanOptions"])
def test_sequence_in_place_of_words_has_no_word(keyword):
    """Nothing is made of what it holds, which may be of a kind that DICOM does not have."""
    file = as_file(make_slice(ScanOptions="FS"))

    assert read_files(with_sequence_in_place_of(file, keyword)).stack.manifest.slices == 1


@pytest.mark.parametrize(
    ("keyword", "reason"),
    [
        ("SOPClassUID", "No MR images"),
        ("PhotometricInterpretation", "Colour images"),
        ("Rows", "without rows or columns"),
        ("RescaleSlope", "values"),
        ("ImagePositionPatient", "where in the patient"),
    ],
)
def test_sequence_in_place_of_what_is_needed_leaves_the_file_out_with_the_reason(keyword, reason):
    file = as_file(make_slice(RescaleSlope=1, RescaleIntercept=0))

    assert reason in refusal_of(with_sequence_in_place_of(file, keyword))


def test_more_files_than_an_examination_has_are_refused():
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as written:
        for number in range(5_001):
            written.writestr(str(number), b"")

    assert "more than 5,000 files" in refusal_of(archive.getvalue())
    assert "more than 5,000 files" in refusal_of(*[b"x"] * 5_001)
