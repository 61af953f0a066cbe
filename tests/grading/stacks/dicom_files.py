"""Writes DICOM for the tests: slices of a made-up scanner, as usual or as strange as a test wants them."""

import io
import zipfile
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import (
    EnhancedMRImageStorage,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    MRImageStorage,
    generate_uid,
)

AXIAL = (1, 0, 0, 0, 1, 0)
ROWS, COLUMNS = 48, 64


def pixels_for(number: int, dtype: str = "<u2", rows: int = ROWS, columns: int = COLUMNS) -> NDArray[Any]:
    """Make pixels that no other slice has, over a range of about 1,000 values."""
    return ((np.arange(rows * columns) * 5 + number * 100) % 1000).reshape(rows, columns).astype(dtype)


def make_slice(number: int = 0, *, pixels: NDArray[Any] | None = None, **changed: Any) -> Dataset:
    """Make one axial slice of a STIR series of thighs, 6.6 mm below the one before. None removes an element."""
    pixels = pixels_for(number) if pixels is None else pixels
    dataset = Dataset()
    values: dict[str, Any] = {
        "SpecificCharacterSet": "ISO_IR 192",
        "SOPClassUID": MRImageStorage,
        "SOPInstanceUID": f"1.2.3.4.{number + 1}",
        "StudyInstanceUID": "1.2.3",
        "SeriesInstanceUID": "1.2.3.4",
        "FrameOfReferenceUID": "1.2.3.5",
        "PatientID": "MRN-4711",
        "PatientName": "Invented^Name",
        "PatientBirthDate": "19700102",
        "Modality": "MR",
        "ImageType": ["ORIGINAL", "PRIMARY", "M", "ND"],
        "RepetitionTime": 4000,
        "EchoTime": 45,
        "InversionTime": 160,
        "InstanceNumber": number + 1,
        "ImagePositionPatient": [-150, -100, -6.6 * number],
        "ImageOrientationPatient": [*AXIAL],
        "PixelSpacing": [0.8, 0.8],
        "SliceThickness": 6,
        "Rows": pixels.shape[0],
        "Columns": pixels.shape[1],
        "SamplesPerPixel": 1,
        "PhotometricInterpretation": "MONOCHROME2",
        "BitsAllocated": pixels.dtype.itemsize * 8,
        "BitsStored": pixels.dtype.itemsize * 8,
        "HighBit": pixels.dtype.itemsize * 8 - 1,
        "PixelRepresentation": int(pixels.dtype.kind == "i"),
        "PixelData": pixels.tobytes(),
    }
    for keyword, value in (values | changed).items():
        if value is not None:
            setattr(dataset, keyword, value)
    if "PixelData" in dataset:
        dataset["PixelData"].VR = "OW" if dataset.get("BitsAllocated") == 16 else "OB"
    return dataset


def make_series(count: int = 3, **changed: Any) -> list[Dataset]:
    """Make the slices of one series; ``changed`` is that of every slice."""
    return [make_slice(number, **changed) for number in range(count)]


def make_enhanced(count: int = 3, *, frames: list[dict[str, Any]] | None = None, **changed: Any) -> Dataset:
    """Make a series as one multi-frame file. ``frames`` changes position, orientation, echo or stack of each."""
    dataset = make_slice(0, SOPClassUID=EnhancedMRImageStorage, NumberOfFrames=count, **changed)
    pixels = np.stack([pixels_for(number) for number in range(count)])
    dataset.PixelData = pixels.tobytes()
    dataset["PixelData"].VR = "OW"
    for keyword in ("ImagePositionPatient", "ImageOrientationPatient", "PixelSpacing", "SliceThickness"):
        delattr(dataset, keyword)
    for keyword in ("RepetitionTime", "EchoTime", "InversionTime"):
        delattr(dataset, keyword)
    dataset.SharedFunctionalGroupsSequence = Sequence([_shared_groups()])
    own = [_frame_groups(number, (frames or [{}] * count)[number]) for number in range(count)]
    dataset.PerFrameFunctionalGroupsSequence = Sequence(own)
    return dataset


def _shared_groups() -> Dataset:
    groups = Dataset()
    groups.PixelMeasuresSequence = _item(PixelSpacing=[0.8, 0.8], SliceThickness=6)
    groups.MRTimingAndRelatedParametersSequence = _item(RepetitionTime=4000)
    groups.MRModifierSequence = _item(InversionRecovery="YES", InversionTimes=160.0)
    groups.PixelValueTransformationSequence = _item(RescaleSlope=2, RescaleIntercept=-10, RescaleType="US")
    groups.FrameVOILUTSequence = _item(WindowCenter=800, WindowWidth=1600)
    return groups


def _frame_groups(number: int, changed: dict[str, Any]) -> Dataset:
    values = {"position": [-150, -100, -6.6 * number], "orientation": [*AXIAL], "echo": 45.0, "stack": "1"} | changed
    groups = Dataset()
    groups.PlanePositionSequence = _item(ImagePositionPatient=values["position"])
    groups.PlaneOrientationSequence = _item(ImageOrientationPatient=values["orientation"])
    groups.MREchoSequence = _item(EffectiveEchoTime=values["echo"])
    groups.FrameContentSequence = _item(StackID=values["stack"], InStackPositionNumber=number + 1)
    return groups


def _item(**values: Any) -> Sequence:
    item = Dataset()
    for keyword, value in values.items():
        setattr(item, keyword, value)
    return Sequence([item])


def as_file(
    dataset: Dataset,
    syntax: str = ExplicitVRLittleEndian,
    *,
    compress: str | None = None,
    claimed: str | None = None,
) -> bytes:
    """Write a data set as the bytes of a DICOM file.

    Args:
        compress: the transfer syntax to compress its pixels by.
        claimed: what the file says of itself instead.
    """
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    meta.MediaStorageSOPInstanceUID = dataset.get("SOPInstanceUID") or generate_uid()
    meta.TransferSyntaxUID = syntax
    dataset.file_meta = meta
    if compress:
        dataset.compress(compress, generate_instance_uid=False)
    if claimed:
        dataset.file_meta.TransferSyntaxUID = claimed
    written = io.BytesIO()
    implicit, little_endian = syntax == ImplicitVRLittleEndian, syntax != ExplicitVRBigEndian
    dataset.save_as(written, implicit_vr=implicit, little_endian=little_endian, enforce_file_format=True)
    return written.getvalue()


def as_files(datasets: list[Dataset], **how: Any) -> list[bytes]:
    return [as_file(dataset, **how) for dataset in datasets]


def as_zip(files: list[bytes] | dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Pack files as a zip archive, under names that are given or counted."""
    named = files if isinstance(files, dict) else {f"scan/IM{number:04}": file for number, file in enumerate(files)}
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", method) as archive:
        for name, file in named.items():
            archive.writestr(name, file)
    return written.getvalue()
