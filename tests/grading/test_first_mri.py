"""Which MRI of a participant was the first is a fact: with several, each has its days since the first."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from importlib import import_module

import pytest
from django.db import IntegrityError, connection, transaction

from grading.csv.imports import ImportRefused, import_participants
from grading.models import MRI
from grading.services.participants.placing import YEAR_BEFORE, PlacedMRI, placement_problems
from tests.builders import make_mri, make_participant, make_study
from tests.ownership import rules_off
from tests.waiting import wait_until_it_waits
from thighsite.acting import because

WRONG = [[None, None], [0, None], [0, 0], [5, 90], [0, 90, 90], [0, 90, None]]


def add(participant, days, first=1):
    for number, of_one in enumerate(days, first):
        make_mri(participant, code=f"M{number}", days_since_first_mri=of_one)


@pytest.fixture(autouse=True)
def reason():
    """What the database refuses here, it refuses whatever the reason."""
    with because("a slip"):
        yield


@pytest.fixture
def participant():
    return make_participant(make_study())


@pytest.mark.django_db
@pytest.mark.parametrize("days", [[None], [0], [90], [0, 90], [90, 0, 7]])
def test_days_that_say_which_was_first(participant, days):
    add(participant, days)
    connection.check_constraints()

    assert MRI.objects.first_of_participants().get().days_since_first_mri == (0 if len(days) > 1 else days[0])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("days", WRONG, ids=str)
def test_days_that_do_not_say_which_was_first_are_refused_at_the_end_of_the_transaction(participant, days):
    with pytest.raises(IntegrityError, match="days since the first"), transaction.atomic():
        add(participant, days)

    assert not MRI.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("change", [{"days_since_first_mri": None}, {"days_since_first_mri": 7}], ids=str)
def test_it_stays_so(participant, change):
    with transaction.atomic():
        add(participant, [0, 90])

    with pytest.raises(IntegrityError):
        MRI.objects.filter(code="M1").update(**change)


@pytest.mark.django_db(transaction=True)
def test_an_mri_that_moves_or_goes_leaves_the_others_with_a_first(participant):
    other = make_participant(participant.study)
    with transaction.atomic():
        add(participant, [0, 90, 180])

    with pytest.raises(IntegrityError):
        MRI.objects.filter(code="M1").delete()
    with pytest.raises(IntegrityError):
        MRI.objects.filter(code="M1").update(participant=other)
    with transaction.atomic():
        MRI.objects.filter(code="M1").delete()
        MRI.objects.filter(code="M2").update(days_since_first_mri=0)

    assert MRI.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_of_two_who_add_an_mri_at_one_moment_the_later_sees_both(participant):
    def add_another():
        try:
            add(participant, [None], first=2)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            add(participant, [None])
            connection.check_constraints()  # takes the participant
            later = pool.submit(add_another)
            wait_until_it_waits(later)
        with pytest.raises(IntegrityError, match="days since the first"):
            later.result()

    assert [mri.code for mri in MRI.objects.all()] == ["M1"]


@pytest.mark.django_db(transaction=True)
def test_what_was_stored_before_is_told_and_can_be_put_right(participant, capsys):
    migration = import_module("grading.migrations.0011_codes_and_first_mris")
    with rules_off():
        add(participant, [None, None])

    with connection.schema_editor() as editor:
        migration.say_what_was_found(None, editor)
    MRI.objects.update(scan_year=2020)
    with pytest.raises(IntegrityError), transaction.atomic():
        add(participant, [90], first=3)
    with transaction.atomic():
        MRI.objects.filter(code="M2").update(days_since_first_mri=0)
        MRI.objects.filter(code="M1").update(days_since_first_mri=3)

    told = f"{participant.study.slug}: which MRI of participant {participant.code} was the first is not known."
    assert told in capsys.readouterr().out


@pytest.mark.django_db
def test_later_mri_of_an_earlier_year_is_refused_in_a_file_and_on_the_page():
    study = make_study()
    rows = "participant,group,mri,scan_year,days_since_first_mri\nP1,DM,A,2020,0\nP1,DM,B,{year},30\n"
    with pytest.raises(ImportRefused, match="scan_year: 2015 for MRI 'B', but 'A', before it, is of 2020: correct"):
        import_participants(study=study, file=rows.format(year=2015).encode())
    import_participants(study=study, file=rows.format(year=2021).encode())

    first, second = map(PlacedMRI.of, study.mris.order_by("code"))
    assert placement_problems([first, replace(second, scan_year=2015)]) == {(second.mri, "year"): YEAR_BEFORE}
    assert placement_problems([first, replace(second, scan_year=None)]) == {}
