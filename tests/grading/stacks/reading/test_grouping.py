"""Which images make a stack, which do not, and what is said of those; what a coordinator is told beside."""

import pytest

from grading.stacks.refusal import Refused
from tests.grading.stacks.dicom_files import as_file, as_files, as_zip, make_enhanced, make_series, make_slice
from tests.grading.stacks.uploads import read_files, refusal_of

T1W = {
    "SeriesInstanceUID": "1.2.3.9",
    "RepetitionTime": 500,
    "EchoTime": 12,
    "InversionTime": None,
}


def t1w_series(count: int = 3, **changed):
    return [make_slice(number, SOPInstanceUID=f"1.2.3.9.{number + 1}", **T1W | changed) for number in range(count)]


def test_two_series_make_two_stacks_the_edema_sequence_first():
    uploaded = read_files(as_zip(as_files([*t1w_series(4), *make_series(3)])))

    assert [(stack.sequence, stack.manifest.slices) for stack in uploaded.stacks] == [("STIR", 3), ("T1W", 4)]
    assert uploaded.left_out == {}


@pytest.mark.parametrize(
    ("times", "sequence"),
    [
        ({"RepetitionTime": 4000, "EchoTime": 45, "InversionTime": 160}, "STIR"),
        ({"RepetitionTime": 500, "EchoTime": 12, "InversionTime": None}, "T1W"),
        ({"RepetitionTime": 500, "EchoTime": 12, "InversionTime": 0}, "T1W"),
        ({"RepetitionTime": 3500, "EchoTime": 70, "InversionTime": None, "ScanOptions": "FS"}, "T2FS"),
        ({"RepetitionTime": 3500, "EchoTime": 70, "InversionTime": None}, None),
        ({"RepetitionTime": 9000, "EchoTime": 100, "InversionTime": 2500}, None),  # nulls fluid
        ({"RepetitionTime": 500, "EchoTime": 12, "InversionTime": None, "ScanOptions": "FS"}, None),
        ({"RepetitionTime": None, "EchoTime": 12, "InversionTime": None}, None),
        ({"RepetitionTime": None, "EchoTime": None, "InversionTime": None}, None),
        ({"RepetitionTime": 19700102, "EchoTime": 19700102, "InversionTime": 19700102}, None),
    ],
)
def test_a_sequence_is_suggested_by_its_times_alone(times, sequence):
    stack = read_files(as_file(make_slice(**times))).stack

    assert stack.sequence == sequence
    assert "1970" not in stack.because


def test_echoes_of_one_series_are_stacks_of_their_own():
    echoes = [
        make_slice(number, SOPInstanceUID=f"1.2.{echo}.{number}", EchoTime=echo)
        for number in range(3)
        for echo in (15, 60)
    ]

    assert [stack.manifest.slices for stack in read_files(*as_files(echoes)).stacks] == [3, 3]


def test_echoes_of_one_multi_frame_file_are_stacks_of_their_own():
    frames = [{"echo": echo, "position": [0, 0, -6.6 * place]} for place in range(2) for echo in (15.0, 60.0)]

    assert [stack.manifest.slices for stack in read_files(as_file(make_enhanced(4, frames=frames))).stacks] == [2, 2]


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"ImagePositionPatient": [-150, -100, 0]}, "Several images of one place"),
        ({"ImageOrientationPatient": [1, 0, 0, 0, 0, -1]}, "in several directions"),
        ({"ImageOrientationPatient": [0.9994, 0.0349, 0, -0.0349, 0.9994, 0]}, "in several directions"),
        ({"FrameOfReferenceUID": "1.2.9"}, "two frames of reference"),
        ({"PixelSpacing": [0.9, 0.9]}, "different sizes or spacing"),
        ({"ImagePositionPatient": [-140, -100, -13.2]}, "shifted beside one another"),
        ({"RescaleSlope": 3}, "mean different things"),
        ({"PhotometricInterpretation": "MONOCHROME1"}, "mean different things"),
    ],
)
def test_images_of_one_series_that_make_no_stack_are_left_out_with_the_reason(changed, reason):
    series = [*make_series(2), make_slice(2, **changed)]

    uploaded = read_files(as_zip(as_files([*series, *t1w_series()])))

    assert uploaded.stack.sequence == "T1W"
    ((said, count),) = uploaded.left_out.items()
    assert reason in said
    assert count == 3
    assert reason in refusal_of(*as_files(series))


def test_an_image_that_came_twice_is_taken_once():
    files = as_files(make_series(3))

    uploaded = read_files(as_zip(files), *files)

    assert uploaded.stack.manifest.slices == 3
    assert uploaded.left_out == {"Images that came twice. One of each was taken.": 3}


def test_an_image_that_came_twice_under_two_identifiers_is_taken_once():
    series = make_series(3)
    again = make_slice(1, SOPInstanceUID="1.9")

    uploaded = read_files(*as_files([*series, again]))

    assert uploaded.stack.manifest.slices == 3
    assert uploaded.left_out == {"Images that came twice. One of each was taken.": 1}


def test_two_images_of_one_place_are_said_with_how_many_places_there_are():
    other = make_slice(1, SOPInstanceUID="1.9", PixelData=make_slice(2).PixelData)

    said = refusal_of(*as_files([*make_series(3), other]))

    assert "exported anew: 4 images of 3 places, whose pixels differ." in said


def test_a_series_that_came_twice_as_two_series_is_taken_once():
    again = [make_slice(number, SOPInstanceUID=f"1.9.{number}", SeriesInstanceUID="1.9") for number in range(3)]

    uploaded = read_files(*as_files([*make_series(3), *again, *t1w_series(3)]))

    assert [stack.sequence for stack in uploaded.stacks] == ["STIR", "T1W"]
    assert uploaded.left_out == {"Images of a series that came twice, as two series. One of the two was taken.": 3}


def test_images_that_were_all_given_one_identifier_are_not_taken_for_one():
    assert read_files(*as_files(make_series(3, SOPInstanceUID="1.2"))).stack.manifest.slices == 3


def test_localizers_reports_and_screenshots_beside_the_series_are_left_out():
    beside = [
        make_slice(7, SeriesInstanceUID="1.2.7", ImageType=["ORIGINAL", "PRIMARY", "LOCALIZER"]),
        make_slice(8, SeriesInstanceUID="1.2.8", SOPClassUID="1.2.840.10008.5.1.4.1.1.88.11", PixelData=None),
        make_slice(9, SeriesInstanceUID="1.2.9", SOPClassUID="1.2.840.10008.5.1.4.1.1.7"),
    ]

    uploaded = read_files(as_zip(as_files([*make_series(3), *beside])))

    assert uploaded.stack.manifest.slices == 3
    assert [reason.split()[0] for reason in uploaded.left_out] == ["Localizers,", "No", "Screenshots"]


def test_what_an_export_brings_along_is_left_out():
    files = {f"IM{number}": file for number, file in enumerate(as_files(make_series(2)))}
    files |= {
        "README.TXT": b"Viewer",
        "__MACOSX/._IM0": b"\0\x05\x16\x07" + bytes(200),
        "empty": b"",
        ".DS_Store": b"\0",
    }

    uploaded = read_files(as_zip(files))

    assert uploaded.stack.manifest.slices == 2
    assert list(uploaded.left_out.values()) == [4]


def test_an_index_of_a_disc_is_left_out():
    index = make_slice(SOPClassUID="1.2.840.10008.1.3.10", PixelData=None)

    assert "DICOMDIR" in next(iter(read_files(*as_files([*make_series(2), index])).left_out))


def test_sequences_between_which_the_patient_was_placed_anew_are_told():
    uploaded = read_files(*as_files([*make_series(2), *t1w_series(2, FrameOfReferenceUID="1.2.77")]))

    assert uploaded.stacks[0].notes == []
    assert "placed anew" in uploaded.stacks[1].notes[0]


def test_a_single_slice_loss_and_later_computation_are_told():
    alone = make_slice(LossyImageCompression="01", ImageType=["DERIVED", "SECONDARY"])

    notes = read_files(as_file(alone)).stack.notes

    assert [note.split(".")[0] for note in notes] == [
        "This is a single slice",
        "The images were compressed with loss before they came here",
        "The images were computed from others after the scan (SECONDARY): look for text in them",
    ]


@pytest.mark.parametrize("keyword", ["PatientID", "PatientName", "PatientBirthDate"])
def test_two_patients_in_one_upload_are_refused(keyword):
    other = make_slice(1, **{keyword: "19800304"})

    reason = refusal_of(as_zip(as_files([make_slice(0), other])))

    assert "two patients" in reason
    assert "19800304" not in reason


def test_a_report_of_another_patient_is_refused_too():
    report = make_slice(8, SOPClassUID="1.2.840.10008.5.1.4.1.1.88.11", PixelData=None, PatientID="other")

    assert "two patients" in refusal_of(*as_files([*make_series(2), report]))


def test_one_patient_whose_name_is_written_otherwise_or_not_at_all_is_one():
    series = [
        make_slice(0, PatientName="Invented^Name"),
        make_slice(1, PatientName="INVENTED^NAME^^"),
        make_slice(2, PatientName="", PatientID=None),
    ]

    assert read_files(*as_files(series)).stack.manifest.slices == 3


def test_two_examinations_in_one_upload_are_refused():
    assert "two examinations" in refusal_of(*as_files([make_slice(0), make_slice(1, StudyInstanceUID="1.2.8")]))


def test_more_series_than_are_read_are_refused():
    series = [make_slice(SeriesInstanceUID=f"1.2.{number}") for number in range(25)]

    with pytest.raises(Refused, match="more than 24 series"):
        read_files(as_zip(as_files(series)))
