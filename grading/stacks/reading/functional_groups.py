"""Multi-frame files keep what is of one image in functional groups (PS3.3 C.7.6.16): here they become plain headers."""

from pydicom.dataset import Dataset

from grading.stacks.reading.values import element, item, items

# The sequence that holds an element, in the groups of one frame or in those that all frames share.
_HELD_BY = {
    "ImagePositionPatient": "PlanePositionSequence",
    "ImageOrientationPatient": "PlaneOrientationSequence",
    "PixelSpacing": "PixelMeasuresSequence",
    "SliceThickness": "PixelMeasuresSequence",
    "RescaleSlope": "PixelValueTransformationSequence",
    "RescaleIntercept": "PixelValueTransformationSequence",
    "WindowCenter": "FrameVOILUTSequence",
    "WindowWidth": "FrameVOILUTSequence",
    "VOILUTFunction": "FrameVOILUTSequence",
    "RepetitionTime": "MRTimingAndRelatedParametersSequence",
    "EffectiveEchoTime": "MREchoSequence",
    "InversionTimes": "MRModifierSequence",
    "SpectrallySelectedSuppression": "MRModifierSequence",
    "FrameType": "MRImageFrameTypeSequence",
    "StackID": "FrameContentSequence",
    "DiffusionBValue": "MRDiffusionSequence",
}


def plain_headers(dataset: Dataset) -> list[Dataset]:
    """Make a plain header of each frame of a multi-frame file, of the elements that are looked at."""
    shared = item(dataset, "SharedFunctionalGroupsSequence")
    return [_plain(groups, shared) for groups in items(dataset, "PerFrameFunctionalGroupsSequence")]


def _plain(groups: Dataset, shared: Dataset | None) -> Dataset:
    plain = Dataset()
    for keyword, sequence in _HELD_BY.items():
        held = item(groups, sequence) or item(shared, sequence)
        if held is not None and (found := element(held, keyword)) is not None:
            plain[found.tag] = found
    return plain
