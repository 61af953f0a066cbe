"""Readers calibrate before they read: as readers, coordinators and investigators meet it, by HTTP."""

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from analysis.stats.agreement.coefficients import icc_2_1, mean_squares, weighted_kappas
from analysis.study_data.frame import study_frame
from analysis.study_data.roster import study_roster
from grading import services
from grading.anatomy import MUSCLE_CODES
from grading.csv.exports import export_grades
from grading.models import Admission, Grade, Participant, Read, ReferenceGrade, Study
from grading.models.calibration import running_agreement
from tests.builders import (
    make_calibration_case,
    make_member,
    make_mri,
    make_participant,
    make_read,
    make_signed_off_read,
    make_unblinded,
    make_user,
)

pytestmark = pytest.mark.django_db

NEAR = [0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2]
FAR = [3, 2, 1, 0, 3, 2, 1, 0, 3, 2, 1]


@pytest.fixture
def study(study):
    Study.objects.filter(pk=study.pk).update(calibration_cases=1, calibration_icc=0.8)
    study.refresh_from_db()
    return study


@pytest.fixture
def own(study, reader):
    """A case of the study's own."""
    return make_read(study=study, reader=reader)


@pytest.fixture
def case(study, reader):
    """A calibration case of edema."""
    return make_read(
        mri=make_calibration_case(study, grades={"edema": NEAR}), reader=reader, assigned_for="edema", scores=NEAR
    )


def grade(read: Read, scores: list) -> None:
    for muscle, score in zip(MUSCLE_CODES, scores, strict=True):
        Grade.objects.filter(read=read, muscle=muscle).update(score=score)


def page(client, name, *args) -> str:
    return client.get(reverse(name, args=args)).content.decode()


def sign(client, read: Read):
    return client.post(reverse("sign-off", args=[read.pk]))


# The reader -----------------------------------------------------------------------------------------------------------


def test_own_cases_are_held_back_until_the_target_is_met(as_reader, study, own, case):
    assert as_reader.get(reverse("read", args=[own.pk])).status_code == 404
    assert own.code not in page(as_reader, "worklist", study.pk)
    assert case.code in page(as_reader, "worklist", study.pk)
    assert "You calibrate first" in page(as_reader, "worklist", study.pk)

    sign(as_reader, case)

    assert as_reader.get(reverse("read", args=[own.pk])).status_code == 200
    assert own.code in page(as_reader, "worklist", study.pk)
    assert Admission.objects.get(study=study).user == own.reader


def test_own_case_takes_no_grade_before(as_reader, own, case):
    entry = {"muscle": "VL", "side": "both", "score": 1, "not_assessable": False, "seen_version": 0, "waited_ms": 0}
    entry |= {"key": "0b0c5a3e-7a57-4d0c-8a43-6d5d1d0f7c11"}

    answer = as_reader.post(reverse("save-grade", args=[own.pk]), entry, content_type="application/json")

    assert answer.status_code == 404
    assert not own.grades.exists()


def test_own_cases_stay_held_back_where_grades_are_far_from_the_reference(as_reader, study, own, case):
    grade(case, FAR)

    sign(as_reader, case)

    assert as_reader.get(reverse("read", args=[own.pk])).status_code == 404
    assert not Admission.objects.exists()
    assert "the study’s coordinator decides" in page(as_reader, "worklist", study.pk)


def test_own_cases_stay_held_back_until_there_are_cases_enough(as_reader, study, own, case):
    Study.objects.filter(pk=study.pk).update(calibration_cases=2)

    sign(as_reader, case)

    assert as_reader.get(reverse("read", args=[own.pk])).status_code == 404


def test_each_feature_that_a_reader_was_given_has_to_be_met(as_reader, study, reader, own, case):
    fat = make_calibration_case(study, grades={"fat": NEAR})
    make_read(mri=fat, reader=reader, feature="fat", sequence="T1W", assigned_for="fat")

    sign(as_reader, case)

    assert as_reader.get(reverse("read", args=[own.pk])).status_code == 404


def test_reader_who_opened_a_case_once_stays_admitted(as_reader, study, reader, own, case):
    sign(as_reader, case)
    second = make_calibration_case(study, grades={"edema": NEAR})

    sign(as_reader, make_read(mri=second, reader=reader, assigned_for="edema", scores=FAR))

    assert as_reader.get(reverse("read", args=[own.pk])).status_code == 200


def test_study_that_asks_for_no_calibration_holds_nothing_back(as_reader, study, own):
    Study.objects.filter(pk=study.pk).update(calibration_cases=None)

    assert as_reader.get(reverse("read", args=[own.pk])).status_code == 200


def test_reference_stands_beside_the_grades_once_a_case_is_signed_off_not_before(as_reader, case):
    grade(case, [*NEAR[:-1], 0])
    before = page(as_reader, "read", case.pk)

    answer = sign(as_reader, case)
    after = page(as_reader, "read", case.pk)

    assert "eference" not in before
    assert answer.url == reverse("read", args=[case.pk])
    assert '<th scope="row">Sa</th><td>0</td><td>2</td><td><strong>differs</strong>' in after
    assert after.count("<td>equal</td>") == 10
    assert "After 1 calibration case: ICC(2,1) 0.8" in after


def test_script_is_led_to_the_reference_by_a_page_of_its_own(as_reader, case):
    body = {"with_page": "1"}
    answer = as_reader.post(reverse("sign-off", args=[case.pk]), body, headers={"accept": "application/json"})

    assert answer.json()["next"] == reverse("read", args=[case.pk])
    assert "page" not in answer.json()


def test_case_whose_reference_was_seen_is_not_graded_again(as_reader, coordinator, client, study, case):
    sign(as_reader, case)

    answer = as_reader.post(reverse("take-sign-off-back", args=[case.pk]))
    client.force_login(coordinator)
    reopened = client.post(reverse("reopen", args=[study.slug, case.pk]), {"reason": "misread"})

    assert answer.status_code == 422
    assert reopened.status_code == 422
    assert "stays signed off" in reopened.content.decode()
    case.refresh_from_db()
    assert case.is_signed_off


def test_number_of_queries_does_not_grow_with_the_calibration_cases(as_reader, study, reader, case):
    sign(as_reader, case)
    page(as_reader, "read", case.pk)
    with CaptureQueriesContext(connection) as few:
        page(as_reader, "read", case.pk)
    for _ in range(4):
        mri = make_calibration_case(study, grades={"edema": NEAR})
        make_signed_off_read(mri=mri, reader=reader, assigned_for="edema", scores=NEAR)

    with CaptureQueriesContext(connection) as many:
        page(as_reader, "read", case.pk)

    assert len(many) == len(few)


# The figures ----------------------------------------------------------------------------------------------------------


def test_running_agreement_is_that_of_the_analysis(study, reader):
    draw = np.random.default_rng(7)
    pairs: list[tuple[int, int]] = []
    for number in range(1, 5):
        reference, graded = draw.integers(0, 4, 11).tolist(), draw.integers(0, 4, 11).tolist()
        reference[3], graded[5] = None, None  # left out of the figures
        mri = make_calibration_case(study, grades={"edema": reference})
        read = make_read(mri=mri, reader=reader, scores=graded)
        Grade.objects.create(read=read, muscle=MUSCLE_CODES[5], side="both", not_assessable=True)
        services.sign_off(read)
        pairs += [pair for pair in zip(graded, reference, strict=True) if None not in pair]

        last = running_agreement(study.pk, reader.pk)[-1]
        table = np.zeros((1, 4, 4))
        np.add.at(table[0], tuple(np.array(pairs).T), 1)
        assert (last.cases, last.pairs) == (number, len(pairs))
        assert last.icc == pytest.approx(icc_2_1(mean_squares(np.array(pairs))).value)
        assert last.kappa == pytest.approx(weighted_kappas(table, "quadratic")[0])
        assert last.exact == pytest.approx(np.mean([own == other for own, other in pairs]))


def test_figures_that_do_not_exist_are_none(study, reader):
    mri = make_calibration_case(study, grades={"edema": [0] * 11})
    make_signed_off_read(mri=mri, reader=reader, scores=[0] * 11)

    (only,) = running_agreement(study.pk)

    assert (only.icc, only.kappa, only.exact) == (None, None, 1.0)


# The comparison -------------------------------------------------------------------------------------------------------


def test_calibration_is_in_no_frame_no_roster_and_no_export_of_grades(as_reader, study, case):
    sign(as_reader, case)

    assert study_frame(study).empty
    assert study_roster(study).reads.empty
    assert study_roster(study).participants.empty
    assert len("".join(export_grades(study, layout="long")).splitlines()) == 1


# The coordinator ------------------------------------------------------------------------------------------------------


@pytest.fixture
def as_coordinator(client, coordinator):
    client.force_login(coordinator)
    return client


def lines(participant: str, mri: str, scores: list, feature: str = "edema") -> bytes:
    rows = [f"{participant},{mri},{feature},{m},{s}" for m, s in zip(MUSCLE_CODES, scores, strict=True)]
    return "\n".join(["participant,mri,feature,muscle,score", *rows, ""]).encode()


def bring(client, study: Study, file: bytes):
    sent = {"file": SimpleUploadedFile("reference.csv", file)}
    return client.post(reverse("import-reference", args=[study.slug]), sent)


def test_reference_grades_come_from_a_file_and_the_cases_go_to_every_reader(as_coordinator, study, reader):
    mri = make_mri(make_participant(study, code="C1"), code="M1")

    answer = bring(as_coordinator, study, lines("C1", "M1", NEAR))
    as_coordinator.post(reverse("assign-calibration", args=[study.slug]))
    as_coordinator.post(reverse("assign-calibration", args=[study.slug]))

    assert answer.status_code == 302
    assert list(ReferenceGrade.objects.filter(mri=mri).values_list("score", flat=True)).count(3) == 2
    assert Participant.objects.get(code="C1").is_calibration
    (read,) = Read.objects.filter(reader=reader)
    assert (read.mri, read.feature, read.assigned_for) == (mri, "edema", "edema")


def test_case_that_a_reader_graded_for_the_other_feature_is_not_given_for_it_again(as_coordinator, study, reader):
    mri = make_calibration_case(study, grades={"edema": NEAR, "fat": NEAR})
    make_read(mri=mri, reader=reader, assigned_for="edema", feature="fat", sequence="T1W")

    as_coordinator.post(reverse("assign-calibration", args=[study.slug]))

    assert Read.objects.count() == 1


def test_reference_grades_come_from_a_file_with_a_column_for_each_muscle(as_coordinator, study):
    mri = make_mri(make_participant(study, code="C1"), code="M1")
    header = ",".join(["participant", "mri", "feature", *MUSCLE_CODES])

    answer = bring(as_coordinator, study, f"{header}\nC1,M1,fat{',0' * 10},NA\n".encode())

    assert answer.status_code == 302, answer.content.decode()
    assert ReferenceGrade.objects.get(mri=mri, muscle="SA").not_assessable


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (lines("C2", "M1", NEAR), "The study has no MRI"),
        (lines("READ", "M1", NEAR), "has reads already"),
        (lines("C1", "M1", NEAR).replace(b"VL,0", b"VM,0"), "more than once"),
        (lines("C1", "M1", NEAR).replace(b"C1,M1,edema,SA,2\n", b""), "lacks the reference of Sa"),
        (lines("C1", "M1", NEAR).replace(b"VL,0", b"VL,7"), "0, 1, 2 or 3"),
        (lines("C1", "M1", NEAR).replace(b"VL,0", b"VL,"), "Give a score"),
        (lines("C1", "M1", NEAR, feature="pain"), "is not one of"),
        (b"participant,mri\n", "lacks"),
        (b"", ""),
    ],
)
def test_file_that_is_wrong_is_refused_whole(as_coordinator, study, file, said):
    make_mri(make_participant(study, code="C1"), code="M1")
    make_read(mri=make_mri(make_participant(study, code="READ"), code="M1"))

    answer = bring(as_coordinator, study, file)

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not ReferenceGrade.objects.exists()
    assert not Participant.objects.filter(is_calibration=True).exists()


def test_file_again_changes_nothing_and_other_grades_are_refused(as_coordinator, study):
    make_mri(make_participant(study, code="C1"), code="M1")
    bring(as_coordinator, study, lines("C1", "M1", NEAR))

    again = bring(as_coordinator, study, lines("C1", "M1", NEAR))
    other = bring(as_coordinator, study, lines("C1", "M1", FAR))

    assert (again.status_code, other.status_code) == (302, 422)
    assert ReferenceGrade.objects.count() == len(MUSCLE_CODES)


def test_reads_for_the_comparison_are_given_of_no_calibration_case(as_coordinator, study, reader):
    make_calibration_case(study, grades={"edema": NEAR})

    sent = {"readers": reader.pk, "feature": "edema", "confirm": f"{reader.pk}:1"}
    as_coordinator.post(reverse("assign-reads", args=[study.slug]), sent)

    assert not Read.objects.exists()


def test_coordinator_lets_a_reader_in_with_a_reason_that_the_trail_keeps(as_coordinator, study, own, reader):
    member = study.members.get(user=reader)
    url = reverse("let-in", args=[study.slug, member.pk])

    refused = as_coordinator.post(url, {"reason": " "})
    as_coordinator.post(url, {"reason": "Trained with the authors"})
    trail = page(as_coordinator, "trail", study.slug)

    assert refused.status_code == 422
    assert Admission.objects.get().reason == "Trained with the authors"
    assert "Trained with the authors" in page(as_coordinator, "calibration", study.slug)
    assert "Trained with the authors" in trail
    as_coordinator.force_login(reader)
    assert as_coordinator.get(reverse("read", args=[own.pk])).status_code == 200


def test_lower_target_admits_who_meets_it_already(as_coordinator, study, reader, case):
    Study.objects.filter(pk=study.pk).update(calibration_cases=5)
    services.sign_off(case)
    target = {"calibration_cases": "1", "calibration_icc": "0.5"}

    as_coordinator.post(reverse("calibration-target", args=[study.slug]), target)

    assert Admission.objects.get().user == reader


@pytest.mark.parametrize("sent", [{"calibration_cases": "0"}, {"calibration_icc": "2"}, {"calibration_icc": "nan"}])
def test_impossible_target_is_refused(as_coordinator, study, sent):
    answer = as_coordinator.post(
        reverse("calibration-target", args=[study.slug]), {"calibration_cases": "3", "calibration_icc": "0.8"} | sent
    )

    assert answer.status_code == 422


def test_target_can_be_taken_away(as_coordinator, study):
    as_coordinator.post(
        reverse("calibration-target", args=[study.slug]), {"calibration_cases": "", "calibration_icc": "0.8"}
    )

    study.refresh_from_db()
    assert not study.asks_to_calibrate


# The investigator -----------------------------------------------------------------------------------------------------


def test_investigator_sees_the_curves_and_no_form(client, study, investigator, reader, case):
    services.sign_off(case)
    client.force_login(investigator)

    shown = page(client, "calibration", study.slug)

    assert reader.username in shown
    assert "1.00" in shown
    assert "Store reference grades" not in shown
    assert "let-in" not in shown


def test_page_of_calibration_takes_as_many_queries_for_more_readers(client, study, investigator):
    client.force_login(investigator)
    mri = make_calibration_case(study, grades={"edema": NEAR})
    make_signed_off_read(mri=mri, assigned_for="edema", scores=NEAR)
    page(client, "calibration", study.slug)
    with CaptureQueriesContext(connection) as few:
        page(client, "calibration", study.slug)
    for _ in range(3):
        make_signed_off_read(mri=mri, assigned_for="edema", scores=NEAR)

    with CaptureQueriesContext(connection) as many:
        page(client, "calibration", study.slug)

    assert len(many) == len(few)


def test_study_without_readers_says_so(client, study):
    coordinator = make_unblinded(make_member(study, "coordinator", make_user())).user
    client.force_login(coordinator)

    assert "no readers yet" in page(client, "calibration", study.slug)
