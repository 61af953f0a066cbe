"""The header of one DICOM file, as far as it is asked for: never the values of others, such as private elements."""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

from pydicom import config
from pydicom.dataset import Dataset
from pydicom.filereader import read_dataset
from pydicom.tag import BaseTag, Tag
from pydicom.uid import (
    ExplicitVRBigEndian,
    ImplicitVRLittleEndian,
    MediaStorageDirectoryStorage,
)

from grading.stacks.reading.syntaxes import DEFLATED
from grading.stacks.reading.values import uid
from grading.stacks.refusal import LeftOut, Refused

PIXEL_DATA = 0x7FE00010
_FIRST_PIXELS = 0x7FE00008  # of floating point numbers; nothing behind them is read
_FUNCTIONAL_GROUPS = 0x52009229
_MAGIC = slice(128, 132)
_OF_MACOS = b"\x00\x05\x16\x07"
_UNDEFINED = 0xFFFFFFFF

# All that is looked at. Of it only numbers go on; the texts tell patients, series and kinds of image apart, no more.
WHO = ("PatientID", "PatientName", "PatientBirthDate", "StudyInstanceUID")
_ASKED_FOR = [
    *WHO,
    "SOPClassUID", "SOPInstanceUID", "SeriesInstanceUID", "FrameOfReferenceUID", "ImageType", "ConversionType",
    "BurnedInAnnotation", "NumberOfFrames", "Rows", "Columns", "SamplesPerPixel", "PhotometricInterpretation",
    "BitsAllocated", "BitsStored", "HighBit", "PixelRepresentation", "PixelPaddingValue", "LossyImageCompression",
    "PixelSpacing", "ImagePositionPatient", "ImageOrientationPatient", "SliceThickness",
    "RescaleSlope", "RescaleIntercept", "ModalityLUTSequence", "WindowCenter", "WindowWidth", "VOILUTFunction",
    "RepetitionTime", "EchoTime", "EchoNumbers", "InversionTime", "ScanOptions", "DiffusionBValue",
    "SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence",
]  # fmt: skip

NO_DICOM = "No DICOM images, such as texts and programs that an export brings along. This is as it should be."
_INDEX = "An index of a DICOM disc (DICOMDIR), which is not needed. This is as it should be."
_NO_BEGINNING = (
    "DICOM without the beginning that its files have (128 bytes and DICM). Export the series from the PACS as DICOM "
    "files."
)
_DEFLATED = (
    "The upload holds deflated DICOM, which could unpack to any size. Export the series uncompressed "
    "(Explicit VR Little Endian)."
)
_NO_SYNTAX = (
    "The upload holds DICOM that does not say how its pixels are stored (no transfer syntax). Export the series from "
    "the PACS again."
)
DAMAGED = (
    "A DICOM file of the upload is damaged or cut off. Copy or export the series again: without that file a slice "
    "would be missing."
)


_TAGS: list[BaseTag | int] = [Tag(keyword) for keyword in _ASKED_FOR]
Stop = Callable[[BaseTag, str | None, int], bool]


@dataclass(frozen=True)
class Header:
    """What is asked for of one file's header, its transfer syntax, and where in it the pixels are, and what of.

    ``pixel_tag`` is 0 where there are none; ``pixel_length`` is the declared one, that of fragments is not defined.
    """

    dataset: Dataset
    syntax: str
    start: int  # of the elements behind those of the transfer syntax
    pixel_tag: int
    pixel_length: int
    pixel_start: int

    @property
    def is_encapsulated(self) -> bool:
        """Whether the pixels stand in fragments, as compressed ones do."""
        return self.pixel_length == _UNDEFINED


def prepare() -> None:
    """Have pydicom take values as they are, without a word: what it says quotes them."""
    config.settings.reading_validation_mode = config.IGNORE


def read_header(data: bytes) -> Header:
    """Read a file's header up to what could be long: functional groups, pixels.

    LeftOut for what is no DICOM image; Refused for what is damaged, or could unpack to any size.
    """
    return _read(data, *_syntax(data), lambda tag: tag in (_FUNCTIONAL_GROUPS, _FUNCTIONAL_GROUPS + 1))


def read_with_frames(data: bytes, header: Header) -> Header:
    """Read a header again with the functional groups of its frames, once it is known how many there are."""
    return _read(data, header.syntax, header.start, lambda tag: False)


def _read(data: bytes, syntax: str, start: int, stops: Callable[[int], bool]) -> Header:
    pixels = [(0, 0, 0)]
    file = BytesIO(data)
    file.seek(start)

    def stop(tag: BaseTag, vr: str | None, length: int) -> bool:
        if tag >= _FIRST_PIXELS:
            pixels[0] = (int(tag), length, file.tell())
        return tag >= _FIRST_PIXELS or stops(tag)

    # Not dcmread, which unpacks what calls itself deflated, whatever comes of it
    implicit, little_endian = syntax == ImplicitVRLittleEndian, syntax != ExplicitVRBigEndian
    dataset = _elements(file, implicit, little_endian, stop, _TAGS)
    return Header(dataset, syntax, start, *pixels[0])


def _syntax(data: bytes) -> tuple[str, int]:
    """Read the transfer syntax alone, and where the elements behind it begin."""
    if data[_MAGIC] != b"DICM":
        raise LeftOut(_NO_BEGINNING if _begins_with_an_element(data) else NO_DICOM)
    file = BytesIO(data)
    file.seek(_MAGIC.stop)
    meta = _elements(file, False, True, lambda tag, vr, length: tag.group != 2)
    kind, syntax = uid(meta, "MediaStorageSOPClassUID"), uid(meta, "TransferSyntaxUID")
    if kind == MediaStorageDirectoryStorage:
        raise LeftOut(_INDEX)
    if syntax == DEFLATED:
        raise Refused(_DEFLATED)
    if not syntax:
        raise Refused(_NO_SYNTAX)
    return syntax, file.tell()


def _elements(
    file: BytesIO, implicit: bool, little_endian: bool, stop: Stop, tags: list[BaseTag | int] | None = None
) -> Dataset:
    try:
        return read_dataset(file, implicit, little_endian, stop_when=stop, specific_tags=tags)
    except MemoryError:
        raise
    except Exception as error:  # whatever a damaged file makes of the reader
        raise Refused(DAMAGED) from error


def _begins_with_an_element(data: bytes) -> bool:
    """Say whether it is DICOM's elements that a file begins with, in place of the preamble."""
    if len(data) < 8 or data.startswith(_OF_MACOS):
        return False
    group, element = struct.unpack("<HH", data[:4])
    return group in (0x0002, 0x0008) and element < 0x0100 and (data[4:6].isalpha() or data[6:8] == b"\0\0")
