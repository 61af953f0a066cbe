"""The database itself refuses impossible states, whatever the program does."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Case, F, Value, When
from django.utils import timezone

from grading import services
from grading.models import MRI, DiagnosisGroup, Entry, Grade, Member, Participant, Read, Reopening, Study, Unlock
from tests.builders import (
    make_member,
    make_mri,
    make_participant,
    make_read,
    make_signed_off_read,
    make_study,
    make_user,
    withdraw,
)
from tests.ownership import rules_off
from thighsite.acting import because

pytestmark = pytest.mark.django_db


def refuses(constraint: str):
    """The database refuses what is done inside, by the constraint of this name."""
    return pytest.raises(IntegrityError, match=constraint)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"score": 4}, "grade_score_0_to_3"),
        ({"score": -1}, "grading_grade_score_check|grade_score_0_to_3"),
        ({"score": 2, "not_assessable": True}, "grade_score_or_not_assessable"),
        ({"score": None, "not_assessable": False}, "grade_score_or_not_assessable"),
        ({"score": 1, "muscle": "XX"}, "grade_muscle"),
        ({"score": 1, "side": "upper"}, "grade_side"),
        ({"score": 1, "side": "left"}, "does not grade this side"),
    ],
)
def test_impossible_grade_is_refused(fields, constraint):
    read = make_read()

    with refuses(constraint):
        Grade.objects.create(**{"read": read, "muscle": "VL"} | fields)


def test_study_with_sides_apart_refuses_a_grade_of_both():
    read = make_read(study=make_study(sides="apart"))

    with refuses("does not grade this side"):
        Grade.objects.create(read=read, muscle="VL", side="both", score=1)


def test_muscle_is_graded_once_per_read_and_side():
    read = make_read(scores=[1])

    with refuses("grade_once_per_muscle_and_side"):
        Grade.objects.create(read=read, muscle="VL", score=2)


@pytest.mark.parametrize("change", ["insert", "update", "delete"])
def test_grades_of_a_signed_off_read_are_frozen(change):
    read = make_read(scores=[1] * 11)
    Read.objects.filter(pk=read.pk).update(
        status="signed_off", signed_off_at=timezone.now(), signed_off_by=read.reader, sign_off_meaning="final"
    )

    with refuses("grades are frozen"):
        if change == "insert":
            Grade.objects.create(read=read, muscle="VL", side="left", score=2)
        elif change == "update":
            read.grades.filter(muscle="VM").update(score=3)
        else:
            read.grades.filter(muscle="VM").delete()


def test_grade_stays_in_its_read():
    read, other = make_read(scores=[1]), make_read()

    with refuses("stays in its read"):
        read.grades.update(read=other)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"sequence": "T1W"}, "read_usual_pairing_or_confirmed"),
        ({"feature": "fat"}, "read_usual_pairing_or_confirmed"),
        ({"feature": "bone"}, "read_feature|read_usual_pairing"),
        ({"sequence": "PD"}, "read_sequence|read_usual_pairing"),
        ({"occasion": 0}, "read_occasion_from_1"),
        ({"position": 0}, "read_position_from_1"),
        ({"status": "lost"}, "read_status"),
        ({"status": "signed_off"}, "read_sign_off_is_whole"),
        ({"signed_off_at": timezone.now()}, "read_sign_off_is_whole"),
        ({"sign_off_meaning": "final"}, "read_sign_off_is_whole"),
        ({"active_seconds": -1}, "read_active_seconds_from_0"),
        ({"handed_out": False}, "read_is_handed_out_or_imported"),
        ({"opened_at": datetime(1989, 12, 31, 23, 59, tzinfo=UTC)}, "read_times_from_1990"),
        ({"first_entry_at": datetime(1970, 1, 1, tzinfo=UTC)}, "read_times_from_1990"),
        ({"last_entry_at": datetime(1900, 1, 1, tzinfo=UTC)}, "read_times_from_1990"),
        ({"first_entry_at": timezone.now(), "last_entry_at": datetime(2020, 1, 1, tzinfo=UTC)}, "read_times_in_order"),
    ],
)
def test_impossible_read_is_refused(fields, constraint):
    with refuses(constraint):
        make_read(**fields)


def test_unusual_pairing_is_accepted_once_confirmed():
    read = make_read(feature="edema", sequence="T1W", pairing_confirmed=True)

    assert Read.objects.filter(pk=read.pk, pairing_confirmed=True).exists()


def test_only_the_reader_signs_off_a_read():
    read, other = make_read(), make_user()

    with refuses("read_signed_off_by_its_reader"):
        Read.objects.filter(pk=read.pk).update(
            status="signed_off", signed_off_at=timezone.now(), signed_off_by=other, sign_off_meaning="final"
        )


@pytest.mark.parametrize(
    ("opened_at", "constraint"),
    [(datetime(2020, 1, 2, tzinfo=UTC), "read_times_in_order"), (None, "read_times_from_1990")],
)
def test_sign_off_at_a_time_that_cannot_be_is_refused(opened_at, constraint):
    read = make_read(scores=[1] * 11, opened_at=opened_at)

    with refuses(constraint):
        Read.objects.filter(pk=read.pk).update(
            status="signed_off",
            signed_off_at=datetime(2020 if opened_at else 1900, 1, 1, tzinfo=UTC),
            signed_off_by=read.reader,
            sign_off_meaning="final",
        )


@pytest.mark.parametrize("sides", ["together", "apart"])
def test_read_with_a_muscle_ungraded_is_not_signed_off(sides):
    read = make_read(study=make_study(sides=sides), scores=[1] * 11)
    read.grades.filter(muscle="SA").first().delete()
    sign_off = {"status": "signed_off", "signed_off_at": timezone.now(), "signed_off_by": read.reader}

    with refuses("every muscle is graded or not assessable"), transaction.atomic():
        Read.objects.filter(pk=read.pk).update(**sign_off, sign_off_meaning="final")
    with refuses("every muscle is graded or not assessable"):
        make_read(mri=read.mri, reader=read.reader, occasion=2, **sign_off, sign_off_meaning="final")


def test_signature_stands_on_what_is_signed_off_alone():
    read = make_read()

    with refuses("read_signature_of_a_sign_off"):
        Read.objects.filter(pk=read.pk).update(signature="0" * 64)


def test_mri_is_read_once_per_reader_feature_and_occasion():
    read = make_read()

    with refuses("read_once_per_mri_reader_feature_occasion"):
        make_read(mri=read.mri, reader=read.reader)


def test_position_in_a_readers_order_is_taken_once():
    read = make_read(position=1)

    with refuses("read_position_per_reader"):
        make_read(study=read.study, reader=read.reader, position=1)
        connection.check_constraints()


@pytest.mark.parametrize("role", ["investigator", "coordinator"])
def test_only_a_reader_of_the_study_has_reads(role):
    study = make_study()

    with refuses("read_reader_is_a_reader_of_the_study"):
        make_read(study=study, reader=make_member(study, role).user)


def test_reader_with_reads_cannot_become_an_investigator():
    read = make_read()

    with refuses("read_reader_is_a_reader_of_the_study"):
        Member.objects.filter(user=read.reader).update(role="investigator")


def test_read_stays_inside_its_study():
    study = make_study()

    with refuses("read_mri_of_its_study"):
        make_read(study=study, mri=make_mri(make_participant(make_study())), reader=make_member(study).user)


def test_mri_belongs_to_a_participant_of_its_study():
    participant = make_participant(make_study())

    with refuses("mri_participant_of_its_study"):
        MRI.objects.create(study=make_study(), participant=participant, code="M1")


def test_participant_is_in_a_group_of_its_study():
    group = make_study().groups.first()

    with refuses("participant_group_of_its_study"):
        Participant.objects.create(study=make_study(), group=group, code="P1")


def test_signed_off_read_can_be_neither_changed_nor_deleted():
    read = make_signed_off_read()

    with refuses("neither changed nor deleted"), transaction.atomic():
        Read.objects.filter(pk=read.pk).update(comment="later")
    with refuses("neither changed nor deleted|frozen"), transaction.atomic():
        Read.objects.filter(pk=read.pk)._raw_delete(using="default")
    assert Read.objects.signed_off().filter(pk=read.pk).exists()


@pytest.mark.parametrize("imported_at", [timezone.now(), None])
def test_whether_a_file_brought_a_read_in_is_settled_when_it_is_made(imported_at):
    read = make_read(imported_at=None if imported_at else timezone.now())

    with refuses("settled when the read is made"):
        Read.objects.filter(pk=read.pk).update(imported_at=imported_at)


def test_read_that_was_handed_out_stays_so():
    read = make_read(imported_at=timezone.now(), handed_out=False)
    Read.objects.filter(pk=read.pk).update(last_active_at=timezone.now())

    Read.objects.filter(pk=read.pk).update(handed_out=False)

    assert Read.objects.get(pk=read.pk).handed_out


def test_sides_of_a_study_with_grades_are_fixed():
    read = make_read(scores=[1])

    with refuses("sides can no longer change"):
        Study.objects.filter(pk=read.study.pk).update(sides="apart")


def test_unknown_way_of_grading_sides_is_refused():
    with refuses("study_sides"):
        make_study(sides="crossed")


def test_member_has_one_role_per_study():
    member = make_member(make_study(), "reader")

    with refuses("member_one_role_per_study"):
        make_member(member.study, "investigator", user=member.user)


def test_unknown_role_is_refused():
    with refuses("member_role"):
        make_member(make_study(), "spectator")


def test_study_has_one_reference_group():
    study = make_study()

    with refuses("group_one_reference_per_study"):
        study.groups.update(is_reference=True)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"code": ""}, "group_code_not_empty"),
        ({"code": "IMNM"}, "group_code_per_study"),
        ({"colour": "red"}, "group_colour"),
    ],
)
def test_impossible_group_is_refused(fields, constraint):
    study = make_study()

    with refuses(constraint):
        DiagnosisGroup.objects.create(**{"study": study, "code": "HC", "name": "HC", "colour": "#123456"} | fields)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"sex": "other"}, "participant_sex"),
        ({"age_years": 121}, "participant_age_years"),
        ({"ck_u_per_l": -1}, "participant_ck_u_per_l"),
        ({"ck_u_per_l": float("nan")}, "participant_ck_u_per_l"),
        ({"disease_duration_months": float("inf")}, "participant_disease_duration_months"),
        ({"code": ""}, "participant_code_not_empty"),
    ],
)
def test_impossible_participant_is_refused(fields, constraint):
    with refuses(constraint):
        Participant.objects.create(
            **{"study": (study := make_study()), "group": study.groups.first(), "code": "P1"} | fields
        )


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"code": ""}, "mri_code_not_empty"),
        ({"scan_year": 1895}, "mri_scan_year"),
        ({"scan_year": 9999}, "mri_scan_year"),
    ],
)
def test_impossible_mri_is_refused(fields, constraint):
    with refuses(constraint):
        make_mri(make_participant(make_study()), **fields)


def test_code_names_one_participant_and_one_mri_of_it():
    mri = make_mri(make_participant(make_study(), code="P1"), code="M1")

    with refuses("participant_code_per_study"), transaction.atomic():
        make_participant(mri.study, code="P1")
    with refuses("mri_code_per_participant"), transaction.atomic():
        make_mri(mri.participant, code="M1")


def test_codes_of_two_mris_are_exchanged_by_one_statement():
    participant = make_participant(make_study())
    for code in ("M1", "M2"):
        make_mri(participant, code=code)

    with because("interchanged"):
        participant.mris.update(code=Case(When(code="M1", then=Value("M2")), default=Value("M1")))

    assert sorted(participant.mris.values_list("code", flat=True)) == ["M1", "M2"]


FILLED = {"sex": "male", "age_years": 60, "autoantibody": "SRP", "ck_u_per_l": 100.5, "disease_duration_months": 3.0}
OTHER = {"sex": "female", "age_years": 61, "autoantibody": "Mi-2", "ck_u_per_l": 7.0, "disease_duration_months": 4.0}
EMPTY = {"sex": "", "age_years": None, "autoantibody": "", "ck_u_per_l": None, "disease_duration_months": None}
CORRECTIONS = {
    "participant's code": lambda mri, other: Participant.objects.filter(pk=mri.participant_id).update(code="P2"),
    "group": lambda mri, other: Participant.objects.filter(pk=mri.participant_id).update(
        group=mri.study.groups.get(code="DM")
    ),
    **{
        f"{name} to {value!r}": lambda mri, other, name=name, value=value: Participant.objects.filter(
            pk=mri.participant_id
        ).update(**{name: value})
        for values in (OTHER, EMPTY)
        for name, value in values.items()
    },
    "withdrawal": lambda mri, other: Participant.objects.filter(pk=mri.participant_id).update(
        withdrawn_at=timezone.now()
    ),
    "deleted participant": lambda mri, other: Participant.objects.filter(pk=other.pk).delete(),
    "MRI's code": lambda mri, other: MRI.objects.filter(pk=mri.pk).update(code="M2"),
    "MRI's participant": lambda mri, other: MRI.objects.filter(pk=mri.pk).update(participant=other),
    "days": lambda mri, other: MRI.objects.filter(pk=mri.pk).update(days_since_first_mri=1),
    "no days": lambda mri, other: MRI.objects.filter(pk=mri.pk).update(days_since_first_mri=None),
    "scan year": lambda mri, other: MRI.objects.filter(pk=mri.pk).update(scan_year=2021),
    "deleted MRI": lambda mri, other: MRI.objects.filter(pk=mri.pk).delete(),
}


@pytest.mark.parametrize("correction", CORRECTIONS)
@pytest.mark.parametrize("reason", ["", " "])
def test_correction_of_a_participant_or_an_mri_has_a_reason(correction, reason):
    participant = make_participant(make_study(), code="P1", **FILLED)
    mri = make_mri(participant, code="M1", days_since_first_mri=0, scan_year=2020)
    other = make_participant(participant.study)

    with refuses("correction of a participant or an MRI has a reason"), transaction.atomic(), because(reason):
        CORRECTIONS[correction](mri, other)
    with because("a slip"):
        CORRECTIONS[correction](mri, other)


@pytest.mark.parametrize("name", FILLED)
def test_empty_value_is_filled_without_a_reason(name):
    participant = make_participant(make_study())

    Participant.objects.filter(pk=participant.pk).update(**{name: FILLED[name]})

    assert getattr(Participant.objects.get(), name) == FILLED[name]


def test_withdrawal_has_a_time_where_it_has_a_person():
    participant = make_participant(make_study())

    with refuses("participant_withdrawal_has_a_time"):
        Participant.objects.filter(pk=participant.pk).update(withdrawn_by=make_user())


@pytest.mark.parametrize(
    "change",
    [
        lambda read: Grade.objects.create(read=read, muscle="SA", score=1),
        lambda read: read.grades.filter(muscle="VL").update(score=3),
        lambda read: read.grades.filter(muscle="VL").delete(),
        lambda read: Read.objects.filter(pk=read.pk).update(status="draft"),
        lambda read: make_read(mri=read.mri),
    ],
    ids=["grade", "other grade", "grade taken back", "opening", "new read"],
)
def test_reads_of_who_has_withdrawn_stay_as_they_are(change):
    read = make_read(scores=[1] * 10)
    withdraw(read.mri.participant)

    with refuses("The participant has withdrawn"):
        change(read)


def test_read_of_who_has_withdrawn_is_not_signed():
    read = make_read(scores=[1] * 11)
    withdraw(read.mri.participant)

    with refuses("The participant has withdrawn"):
        Read.objects.filter(pk=read.pk).update(
            status="signed_off", signed_off_at=timezone.now(), signed_off_by=read.reader, sign_off_meaning="final"
        )


def test_file_may_bring_in_reads_of_who_has_withdrawn():
    """History, also of a study that is copied from its exports."""
    mri = make_mri(make_participant(make_study()))
    withdraw(mri.participant)

    read = make_read(mri=mri, imported_at=timezone.now(), handed_out=False, scores=[1] * 11)
    Read.objects.filter(pk=read.pk).update(
        status="signed_off", signed_off_at=timezone.now(), signed_off_by=read.reader, sign_off_meaning="final"
    )

    assert Read.objects.get().is_signed_off


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"version": 0}, "entry_version_from_1"),
        ({"score": 4}, "entry_is_one_thing"),
        ({"not_assessable": True}, "entry_is_one_thing"),
    ],
)
def test_impossible_entry_is_refused(fields, constraint):
    with refuses(constraint):
        make_entry(**fields)


def make_entry(read=None, **fields):
    entry = {"muscle": "VL", "side": "both", "score": 1, "version": 1, "entered_at": timezone.now()}
    return Entry.objects.create(read=read or make_read(), **entry | fields)


def test_request_brings_one_entry_and_a_version_is_gone_on_from_once():
    entry = make_entry()

    with refuses("entry_of_a_request_once"), transaction.atomic():
        make_entry(entry.read, key=entry.key, version=2)
    with refuses("entry_goes_on_from_a_version_once"), transaction.atomic():
        make_entry(entry.read)


def test_sign_off_is_reopened_once_and_for_a_reason():
    read = make_signed_off_read()
    record = {"reopened_by": read.reader, "reopened_at": timezone.now(), "signed_off_at": read.signed_off_at}
    Reopening.objects.create(read=read, reason="first", grades=[], **record)

    with refuses("reopening_of_a_sign_off_once"), transaction.atomic():
        Reopening.objects.create(read=read, reason="second", grades=[], **record)
    with refuses("reopening_has_a_reason"), transaction.atomic():
        Reopening.objects.create(read=read, reason="", grades=[], **record | {"signed_off_at": timezone.now()})


def test_lock_has_time_and_person_or_neither():
    study = make_study()

    with refuses("study_lock_is_whole"):
        Study.objects.filter(pk=study.pk).update(locked_by=make_user())


def test_read_is_assigned_for_a_feature_or_brought_in():
    with refuses("read_assigned_for"):
        make_read(assigned_for="bone")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("rule", "change"),
    [
        ("unlock_has_a_reason", {"reason": ""}),
        ("unlock_confirmation_is_whole", {"confirmed_at": timezone.now()}),
        ("unlock_is_of_two_people", {"confirmed_at": timezone.now(), "confirmed_by": F("asked_by")}),
    ],
)
def test_unlock_is_of_two_people_with_a_reason(rule, change):
    unlock = make_unlock(make_study())

    with rules_off(), refuses(rule), transaction.atomic():
        Unlock.objects.filter(pk=unlock.pk).update(**change)


@pytest.mark.django_db(transaction=True)
def test_lock_is_taken_back_once():
    study, confirmed = make_study(), {"confirmed_at": timezone.now(), "confirmed_by": make_user()}
    first = make_unlock(study, **confirmed)

    with refuses("unlock_of_a_lock_once"):
        make_unlock(study, **confirmed | {"locked_at": first.locked_at})


def make_unlock(study, **fields):
    now = timezone.now()
    told = {"reason": "x", "asked_at": now, "asked_by": make_user(), "locked_at": now}
    with rules_off(), transaction.atomic():
        return Unlock.objects.create(study=study, **told | fields)


def test_every_rule_of_the_database_is_named_in_a_test():
    """A constraint that no test knows could be dropped unseen."""
    tables = [
        model._meta.db_table
        for model in (Study, Member, DiagnosisGroup, Participant, MRI, Read, Grade, Entry, Reopening, Unlock)
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = ANY(%s::regclass[]) AND contype IN ('c', 'u', 'f') "
            "AND conname !~ '(_fk_|_key$|_check$|_uniq$|_of_study$|member_study_user_role)'",
            [tables],
        )
        rules = {name for (name,) in cursor.fetchall()}

    tested = Path(__file__).read_text()
    assert sorted(rule for rule in rules if f'"{rule}' not in tested and f"|{rule}" not in tested) == []


def test_sign_off_through_the_service_satisfies_the_database():
    read = services.sign_off(make_read(scores=[0] * 11))

    assert read.is_signed_off
    assert (read.signed_off_by, read.sign_off_meaning) == (read.reader, services.SIGN_OFF_MEANING)
