"""Invented identifiers stand wherever DICOM has room for them, and in nothing that reading gives."""

import gzip
import io
import json
import logging
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from typing import Any

import pytest
from pydicom.datadict import DicomDictionary, keyword_for_tag
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import JPEG2000Lossless

from grading.stacks.reader import ReadUpload, read
from grading.stacks.refusal import Refused
from grading.stacks.spool import Spool
from tests.grading.stacks.dicom_files import as_file, as_zip, make_enhanced, make_slice, pixels_for

NAME, NUMBER = "ZAPPELPHILIPP", "8675309"  # as words, and where only digits may stand
BORN = "19350621"
PLANTED = (NAME, NAME.lower(), NUMBER, BORN)

# What each kind of value can hold of an identifier
WORDS = {
    "AE": NAME, "AS": "091Y", "CS": NAME, "DA": BORN, "DS": NUMBER, "DT": f"{BORN}120000", "IS": NUMBER, "LO": NAME,
    "LT": NAME, "PN": f"{NAME}^{NAME}", "SH": NAME, "ST": NAME, "TM": "120000", "UC": NAME, "UI": f"1.2.{NUMBER}",
    "UR": f"https://{NAME}/", "UT": NAME, "FD": float(NUMBER), "FL": float(NUMBER), "SL": int(NUMBER),
    "UL": int(NUMBER), "OB": NAME.encode() + b"!",
}  # fmt: skip
# Without these a file would be another kind of image, or none
NEEDED = {
    "SOPClassUID", "ImageType", "ConversionType", "BurnedInAnnotation", "NumberOfFrames", "SamplesPerPixel",
    "PhotometricInterpretation", "ImagePositionPatient", "ImageOrientationPatient", "PixelSpacing", "RescaleSlope",
    "RescaleIntercept", "VOILUTFunction", "LossyImageCompression", "SpecificCharacterSet", "PixelData",
    "ModalityLUTSequence", "SharedFunctionalGroupsSequence", "PerFrameFunctionalGroupsSequence",
}  # fmt: skip


def planted_everywhere(dataset: Dataset) -> Dataset:
    """Plant identifiers in every element of the dictionary that can hold one, also of sequences and private ones."""
    for keyword, vr in every_keyword():
        if vr == "SQ":
            setattr(dataset, keyword, Sequence([item()]))
        else:
            setattr(dataset, keyword, WORDS[vr])
    block = dataset.private_block(0x0029, NAME, create=True)
    block.add_new(0x10, "LO", NAME)
    block.add_new(0x11, "SQ", Sequence([item()]))
    dataset.add_new(0x60003000, "OW", (NAME + NAME + "!!").encode())  # an overlay
    dataset.add_new(0xFFFCFFFC, "OB", (NAME + "!").encode())  # behind the pixels
    return dataset


def every_keyword() -> Iterator[tuple[str, str]]:
    for tag, (vr, *_) in DicomDictionary.items():
        keyword = keyword_for_tag(tag)
        if keyword and 0x0008 <= tag >> 16 < 0x5400 and vr in {*WORDS, "SQ"} and keyword not in NEEDED:
            yield keyword, vr


def item() -> Dataset:
    inner = Dataset()
    inner.PatientName, inner.PatientID, inner.PatientComments = NAME, NUMBER, NAME
    return inner


def slices() -> list[Dataset]:
    made = []
    for number in range(2):
        pixels = pixels_for(number) | (0xF000 if number else 0x3000)  # above the stored bits
        dataset = planted_everywhere(make_slice(number, pixels=pixels, BitsStored=12, HighBit=11))
        dataset.SOPInstanceUID = f"1.2.{NUMBER}.{number}"
        dataset.preamble = NAME.encode().ljust(128, b"\0")
        made.append(dataset)
    return made


def planted_archive(**how: Any) -> bytes:
    return as_zip({f"{NAME}/{NUMBER}/{NAME}{number}.dcm": as_file(made, **how) for number, made in enumerate(slices())})


def planted_in_frames() -> bytes:
    dataset = planted_everywhere(make_enhanced(2))
    for groups in (*dataset.SharedFunctionalGroupsSequence, *dataset.PerFrameFunctionalGroupsSequence):
        groups.DerivationImageSequence = Sequence([item()])
        groups.FrameVOILUTSequence = Sequence([item()])
        groups.FrameVOILUTSequence[0].WindowCenter = groups.FrameVOILUTSequence[0].WindowWidth = NUMBER
        groups.FrameVOILUTSequence[0].WindowCenterWidthExplanation = NAME
    for groups in dataset.PerFrameFunctionalGroupsSequence:
        groups.FrameContentSequence[0].StackID = NAME
    return as_file(dataset)


def all_of(upload: ReadUpload) -> str:
    """Write down all that reading gave: manifests, sentences, pixels packed and unpacked."""
    written = [json.dumps([[counted.count, counted.reason] for counted in upload.left_out])]
    for stack in upload.stacks:
        written += [json.dumps(stack.manifest.to_json()), str(stack.suggested_sequence), stack.suggested_because]
        written += stack.notes
        written += [part.decode("latin-1") for one in stack.slices() for part in (one, gzip.decompress(one))]
    return "\n".join(written)


def test_identifiers_are_planted_in_thousands_of_elements():
    (dataset, _), file = slices(), planted_in_frames()

    assert len(dataset) > 3_000
    assert all(word.encode() in file for word in (NAME, NUMBER, BORN))


@pytest.mark.parametrize(
    "make",
    [planted_archive, lambda: planted_archive(compress=JPEG2000Lossless), planted_in_frames],
    ids=["archive", "compressed", "multi-frame"],
)
def test_no_identifier_survives(make, caplog, capfd):
    with caplog.at_level(logging.DEBUG), read([io.BytesIO(make())]) as upload:
        written = all_of(upload)

    assert [stack.manifest.slices for stack in upload.stacks] == [2]
    heard = "".join(capfd.readouterr()) + caplog.text
    assert [word for word in PLANTED if word in written or word in heard] == []


@pytest.mark.parametrize("harm", ["cut off", "other bytes", "two patients", "text burned in"])
def test_no_identifier_stands_in_a_refusal(harm, caplog, capfd):
    first, other = slices()
    if harm == "two patients":
        first.PatientID = f"{NUMBER}1"
    if harm == "text burned in":
        first.BurnedInAnnotation = other.BurnedInAnnotation = "YES"
    files = [as_file(dataset) for dataset in (first, other)]
    if harm == "cut off":
        files[0] = files[0][:-50]
    if harm == "other bytes":
        files[0] = files[0].replace(b"US\x02\x00", b"SQ\x02\x00")

    with caplog.at_level(logging.DEBUG), pytest.raises(Refused) as refused:
        read([io.BytesIO(file) for file in files])

    heard = "".join(capfd.readouterr()) + caplog.text + refused.value.reason + str(refused.value)
    assert [word for word in PLANTED if word in heard] == []


def test_the_process_itself_says_no_identifier():
    """Its standard error is thrown away by the site; here it is listened to."""
    with Spool() as spool, tempfile.TemporaryFile() as output:
        spool.add([planted_archive()])
        descriptors = (spool.fileno(), output.fileno())
        done = subprocess.run(
            [sys.executable, "-m", "grading.stacks.reading", *map(str, descriptors)],
            input=json.dumps(spool.spans),
            pass_fds=descriptors,
            capture_output=True,
            text=True,
            check=True,
        )

    assert '"stacks"' in done.stdout
    assert [word for word in PLANTED if word in done.stdout + done.stderr] == []
