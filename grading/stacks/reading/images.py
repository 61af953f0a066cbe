"""One DICOM file → its images, or why they are left out."""

import struct
from hashlib import sha256

from pydicom.dataset import Dataset
from pydicom.uid import EnhancedMRImageStorage, LegacyConvertedEnhancedMRImageStorage, MRImageStorage

from grading.stacks.reading.frame import Frame, PixelData, PixelFormat, Timing
from grading.stacks.reading.functional_groups import plain_headers
from grading.stacks.reading.header import DAMAGED, PIXEL_DATA, Header, read_with_frames
from grading.stacks.reading.limits import MAX_FRAMES, MAX_SIDE
from grading.stacks.reading.place import grid_of, position_of, thickness_of
from grading.stacks.reading.syntaxes import COMPRESSED, NATIVE
from grading.stacks.reading.values import element, number, raw, uid, whole, words
from grading.stacks.reading.windows import windows_of
from grading.stacks.refusal import LeftOut, Refused

_MULTI_FRAME = (EnhancedMRImageStorage, LegacyConvertedEnhancedMRImageStorage)
_CAPTURES = "1.2.840.10008.5.1.4.1.1.7"  # of these kinds there are several, which begin so
_ITEM_HEADER, _ITEM, _END = struct.Struct("<II"), 0xE000FFFE, 0xE0DDFFFE
_MOST_RESCALED = 1e6
_TABLE = "ModalityLUTSequence"
_GREY = ("MONOCHROME1", "MONOCHROME2")

_CAPTURE = "Screenshots and other secondary captures, which may show text. Export the series as it was scanned."
_NO_MR = "No MR images: reports, say, or images of another modality. Upload MR series."
_TEXT = "Images in which, as they say themselves, text is burned in. Export the series without it."
_LOCALIZER = "Localizers, which nobody grades. This is as it should be."
_COLOUR = "Colour images. Export the series in shades of grey, as it was scanned."
_MAP = "Images of floating point numbers, such as maps. Export the series as it was scanned."
_BITS = "Images of an unusual number of bits. Export the series as it was scanned, with 8 or 16 bits for each pixel."
_SIDE = f"Images without rows or columns, or with more than {MAX_SIDE:,}. Export the series as it was scanned."
_FRAMES = f"Files of more than {MAX_FRAMES:,} images. Export each series by itself."
_FEWER = "Files that hold other pixels, or another number of images, than they say. Export the series again."
_VALUES = "Images whose values are given by a table, or by numbers that cannot be. Export the series as it was scanned."
_SYNTAX = (
    "Images that are compressed in a way that cannot be read here, such as JPEG Lossless. Export the series "
    "uncompressed (Explicit VR Little Endian), or as JPEG 2000, JPEG-LS or RLE."
)


def images_of(data: bytes, piece: int, header: Header) -> list[Frame]:
    """List the images of a file that can be shown. LeftOut where they cannot, with the reason."""
    _judge_kind(header.dataset)
    if header.syntax not in (*NATIVE, *COMPRESSED):
        raise LeftOut(_SYNTAX)
    count = _count(header.dataset)
    if uid(header.dataset, "SOPClassUID") in _MULTI_FRAME:
        header = read_with_frames(data, header)
        plain = plain_headers(header.dataset)
    else:
        plain = [header.dataset]
    if len(plain) != count:
        raise LeftOut(_FEWER)
    _judge_pixels(header)
    _judge_length(data, header, count)
    pixels = PixelData(syntax=header.syntax, encapsulated=header.is_encapsulated, start=header.pixel_start, count=count)
    content = _content(data, header)
    return [_frame(header.dataset, one, pixels, content, (piece, number)) for number, one in enumerate(plain)]


def _content(data: bytes, header: Header) -> bytes:
    end = len(data) if header.is_encapsulated else header.pixel_start + header.pixel_length
    return sha256(memoryview(data)[header.pixel_start : end]).digest()


def _judge_kind(dataset: Dataset) -> None:
    kind, types = uid(dataset, "SOPClassUID"), words(dataset, "ImageType")
    if kind.startswith(_CAPTURES) or "ConversionType" in dataset:
        raise LeftOut(_CAPTURE)
    if kind not in (MRImageStorage, *_MULTI_FRAME):
        raise LeftOut(_NO_MR)
    if "YES" in words(dataset, "BurnedInAnnotation"):
        raise LeftOut(_TEXT)
    if "LOCALIZER" in types:
        raise LeftOut(_LOCALIZER)


def _judge_pixels(header: Header) -> None:
    dataset = header.dataset
    if not header.pixel_tag:
        raise Refused(DAMAGED)
    if header.pixel_tag != PIXEL_DATA:
        raise LeftOut(_MAP)
    if whole(dataset, "SamplesPerPixel") != 1 or not set(words(dataset, "PhotometricInterpretation")) & {*_GREY}:
        raise LeftOut(_COLOUR)
    sides = whole(dataset, "Rows"), whole(dataset, "Columns")
    if not all(side and 0 < side <= MAX_SIDE for side in sides):
        raise LeftOut(_SIDE)
    allocated, stored, high = (whole(dataset, keyword) for keyword in ("BitsAllocated", "BitsStored", "HighBit"))
    if allocated not in (8, 16) or stored is None or high is None or not 0 <= stored - 1 <= high < allocated:
        raise LeftOut(_BITS)
    if whole(dataset, "PixelRepresentation") not in (0, 1):
        raise LeftOut(_BITS)


def _count(dataset: Dataset) -> int:
    """Count the images that a file says it has."""
    count = whole(dataset, "NumberOfFrames") if element(dataset, "NumberOfFrames") is not None else 1
    if count is None or count < 1:
        raise LeftOut(_FEWER)
    if count > MAX_FRAMES:
        raise LeftOut(_FRAMES)
    return count


def _judge_length(data: bytes, header: Header, count: int) -> None:
    """Hold the pixels to what the header says of them. Refused where they are cut off."""
    dataset = header.dataset
    if header.is_encapsulated:
        if header.syntax in NATIVE:
            raise LeftOut(_FEWER)
        if not _is_whole(data, header.pixel_start):
            raise Refused(DAMAGED)
        return
    sides = int(dataset.Rows) * int(dataset.Columns)
    if header.syntax not in NATIVE or header.pixel_length < sides * count * int(dataset.BitsAllocated) // 8:
        raise LeftOut(_FEWER)
    if header.pixel_start + header.pixel_length > len(data):
        raise Refused(DAMAGED)


def _is_whole(data: bytes, at: int) -> bool:
    """Walk through the fragments of compressed pixels to the mark of their end."""
    while at + _ITEM_HEADER.size <= len(data):
        tag, length = _ITEM_HEADER.unpack_from(data, at)
        at += _ITEM_HEADER.size
        if tag == _END:
            return True
        if tag != _ITEM:
            return False
        at += length
    return False


def _frame(whole_file: Dataset, one: Dataset, pixels: PixelData, content: bytes, place: tuple[int, int]) -> Frame:
    """Gather what is known of one image; ``one`` is its own header, which is the file's where that has one image."""
    piece, index = place
    pixel_format = _pixel_format(whole_file, one)
    return Frame(
        piece=piece,
        number=index,
        series=_series(whole_file, one),
        reference=raw(whole_file, "FrameOfReferenceUID"),
        image=raw(whole_file, "SOPInstanceUID"),
        content=content,
        grid=grid_of(whole_file, one),
        position=position_of(one),
        thickness=thickness_of(one),
        format=pixel_format,
        pixels=pixels,
        windows=windows_of(one, pixel_format),
        timing=_timing(whole_file, one),
        lossy="01" in words(whole_file, "LossyImageCompression"),
        computed="SECONDARY" in words(whole_file, "ImageType"),
    )


def _series(whole_file: Dataset, one: Dataset) -> tuple:
    """Tell stacks apart that one series holds: echoes, magnitude and phase, diffusion weightings, groups of slices."""
    return (
        raw(whole_file, "SeriesInstanceUID"),
        words(one, "FrameType") or words(whole_file, "ImageType"),
        _first(one, "EffectiveEchoTime", "EchoTime"),
        number(one, "EchoNumbers"),
        number(one, "DiffusionBValue"),
        words(one, "StackID"),
    )


def _pixel_format(whole_file: Dataset, one: Dataset) -> PixelFormat:
    slope, intercept = (
        default if keyword not in one else number(one, keyword)
        for keyword, default in (("RescaleSlope", 1.0), ("RescaleIntercept", 0.0))
    )
    if not slope or intercept is None or max(abs(slope), abs(intercept)) > _MOST_RESCALED or _TABLE in whole_file:
        raise LeftOut(_VALUES)
    return PixelFormat(
        allocated=int(whole_file.BitsAllocated),
        stored=int(whole_file.BitsStored),
        high_bit=int(whole_file.HighBit),
        signed=int(whole_file.PixelRepresentation) == 1,
        inverted="MONOCHROME1" in words(whole_file, "PhotometricInterpretation"),
        slope=slope,
        intercept=intercept,
        padding=whole(whole_file, "PixelPaddingValue"),
    )


def _timing(whole_file: Dataset, one: Dataset) -> Timing:
    return Timing(
        repetition=_first(one, "RepetitionTime"),
        echo=_first(one, "EffectiveEchoTime", "EchoTime"),
        inversion=_first(one, "InversionTimes", "InversionTime"),
        fat_suppressed=bool({"FS", "SFS"} & {*words(whole_file, "ScanOptions")})
        or any("FAT" in word for word in words(one, "SpectrallySelectedSuppression")),
    )


def _first(dataset: Dataset, *keywords: str) -> float | None:
    """Read the first of some elements that has a number."""
    return next((found for keyword in keywords if (found := number(dataset, keyword)) is not None), None)
