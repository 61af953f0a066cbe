"""A study defines covariates: they come with participants, are corrected for a reason, and leave with exports."""

import re
from contextlib import contextmanager

import pytest
from django.db import transaction
from django.db.models import prefetch_related_objects
from django.urls import reverse

from grading.csv.exports import export_codebook, export_participants
from grading.csv.imports import ImportAsked, ImportRefused, import_participants
from grading.models import Covariate, CovariateValue, TrailRecord
from grading.services.participants import PlacedMRI, differing, merge_participants, seen_of
from tests.builders import make_member, make_participant, make_study, make_user
from tests.grading.constraints.refusing import refuses
from tests.grading.csv.csv_files import as_csv
from tests.grading.participants.filling_in import correct, text_of
from tests.grading.test_setting_up import sent_of

pytestmark = pytest.mark.django_db

P1 = {"participant": "P1", "group": "IMNM", "mri": "M1"}
ROWS = {
    "covariates-0-name": "vital_capacity", "covariates-0-label": "Forced vital capacity", "covariates-0-unit": "%",
    "covariates-0-kind": "number", "covariates-0-levels": "",
    "covariates-1-name": "treatment", "covariates-1-label": "Treatment", "covariates-1-unit": "",
    "covariates-1-kind": "levels", "covariates-1-levels": "none\r\nsteroids\r\n IVIG ",
}  # fmt: skip


@pytest.fixture
def study():
    return make_study()


@pytest.fixture
def carl(study, client):
    user = make_member(study, "coordinator", make_user("carl")).user
    client.force_login(user)
    return user


@pytest.fixture
def defined(study):
    number = Covariate.objects.create(study=study, name="vital_capacity", label="Forced vital capacity", unit="%")
    levels = "none\nsteroids\nIVIG"
    return number, Covariate.objects.create(
        study=study, name="treatment", label="Treatment", kind="levels", levels=levels
    )


@contextmanager
def refuses_within(constraint: str):
    """As ``refuses``, and what was done before stays."""
    with refuses(constraint), transaction.atomic():
        yield


def values(study) -> dict[tuple[str, str], float | str]:
    rows = CovariateValue.objects.filter(study=study).select_related("participant", "covariate")
    return {(row.participant.code, row.covariate.name): row.value for row in rows}


def send(client, study, **changed):
    fields = sent_of(study) | {"covariates-TOTAL_FORMS": "2", "covariates-INITIAL_FORMS": "0"} | ROWS | changed
    return client.post(reverse("study-settings", args=[study.slug]), fields)


def test_coordinator_defines_covariates_in_the_settings(client, study, carl):
    assert send(client, study).status_code == 302

    assert list(study.covariates.values_list("name", "label", "unit", "kind", "levels")) == [
        ("treatment", "Treatment", "", "levels", "none\nsteroids\nIVIG"),
        ("vital_capacity", "Forced vital capacity", "%", "number", ""),
    ]
    record = TrailRecord.objects.of_study(study).filter(table="grading_covariate").first()
    assert (record.actor_id, record.after["kind"]) == (carl.pk, "number")
    said = text_of(client.get(reverse("trail", args=[study.slug])))
    assert "covariate vital_capacity defined" in said or "2 covariates defined" in said


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"covariates-0-name": "Vital capacity"}, "small letters, digits and underscores"),
        ({"covariates-0-name": "group"}, "group is the name of something else"),
        ({"covariates-0-name": "score"}, "score is the name of something else"),
        ({"covariates-0-name": "reason"}, "reason is the name of something else"),
        ({"covariates-0-name": "treatment"}, "Please correct the duplicate"),
        ({"covariates-0-label": ""}, "This field is required"),
        ({"covariates-0-levels": "a\nb"}, "A number has no levels"),
        ({"covariates-1-levels": "one"}, "what has levels has two or more"),
        ({"covariates-1-levels": "one\ntwo\nTwo"}, "Two levels are the same"),
        ({"covariates-1-levels": "one\nNA"}, "NA means that a value is missing"),
        ({"covariates-1-unit": "mg"}, "and no unit"),
        ({"covariates-1-levels": "none\n“IVIG”"}, "has a quotation mark around it"),
    ],
)
def test_covariate_that_could_not_be_used_is_refused(client, study, carl, changed, words):
    page = send(client, study, **changed)

    assert page.status_code == 422
    assert words in text_of(page)
    assert not study.covariates.exists()


def test_a_study_defines_no_more_than_its_settings_can_send(client, study, carl):
    row = {"name": "c{}", "label": "C", "unit": "", "kind": "number", "levels": ""}
    names = {f"covariates-{n}-{field}": value.format(n) for n in range(51) for field, value in row.items()}

    page = send(client, study, **names, **{"covariates-TOTAL_FORMS": "51"})

    assert page.status_code == 422
    assert "A study defines 50 covariates at most" in text_of(page)
    assert 'aria-label="Type, covariate 51"' in page.content.decode()
    assert send(client, study, **names, **{"covariates-TOTAL_FORMS": "50"}).status_code == 302
    assert study.covariates.count() == 50
    assert "covariates-50-name" not in client.get(reverse("study-settings", args=[study.slug])).content.decode()


def test_values_come_with_the_participants_and_leave_with_the_exports(study, defined, client, carl):
    rows = [P1 | {"vital_capacity": "81.5", "treatment": "Steroids"}, {**P1, "participant": "P2", "treatment": "n/a"}]

    shown = import_participants(study=study, file=as_csv(rows), dry_run=True)
    import_participants(study=study, file=as_csv(rows))

    assert values(study) == {("P1", "vital_capacity"): 81.5, ("P1", "treatment"): "steroids"}
    assert "treatment steroids, vital capacity 81.5" in str(shown.rows[0])
    exported = "".join(export_participants(study))
    assert exported.splitlines()[0].endswith(",withdrawn,treatment,vital_capacity")
    assert exported.splitlines()[1].endswith(",false,steroids,81.5")
    book = "".join(export_codebook(study))
    assert 'participants,vital_capacity,number,%,"from -1000000000 to 1000000000, or empty"' in book
    assert 'participants,treatment,text,,"none, steroids, IVIG or empty",Treatment' in book
    again = import_participants(study=study, file=exported.encode())
    assert "nothing new" in str(again)
    late = import_participants(study=study, file=as_csv([P1 | {"participant": "P2", "vital_capacity": "0"}]))
    assert "1 value that was missing" in str(late)
    assert values(study)["P2", "vital_capacity"] == 0
    copy = make_study()
    for covariate in study.covariates.all():
        covariate.pk, covariate.study, covariate._state.adding = None, copy, True
        covariate.id = Covariate().id
        covariate.save()
    import_participants(study=copy, file="".join(export_participants(study)).encode())
    assert values(copy) == values(study)


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"vital_capacity": "much"}, "'much' is not a number such as 12 or 12.5"),
        ({"vital_capacity": "1e12"}, "'1e12' is not from -1000000000 to 1000000000"),
        ({"treatment": "steroid"}, "'steroid' is not one of none, steroids, IVIG; did you mean steroids?"),
        ({"treatment": "2"}, "'2' is not one of none, steroids, IVIG"),
        ({"treatment": "IVIG"}, "'IVIG' for participant 'P1', but the study has 'none'. It is corrected on"),
    ],
)
def test_cell_that_cannot_be_is_refused(study, defined, cells, words):
    import_participants(study=study, file=as_csv([P1 | {"treatment": "none"}]))

    with pytest.raises(ImportRefused) as refused:
        import_participants(study=study, file=as_csv([P1 | cells]))

    assert words in str(refused.value)
    assert values(study) == {("P1", "treatment"): "none"}


def test_column_that_is_nearly_a_covariate_is_asked_about(study, defined):
    with pytest.raises(ImportAsked, match="'vital capacity' is probably vital_capacity"):
        import_participants(study=study, file=as_csv([P1 | {"vital capacity": "80"}]))


def test_value_is_corrected_with_a_reason_that_the_trail_keeps(client, study, carl, defined):
    import_participants(study=study, file=as_csv([P1 | {"vital_capacity": "81.5", "treatment": "none"}]))
    participant = study.participants.get()

    response = correct(
        client, "correct-participant", participant, reason="read wrongly", vital_capacity="-3", treatment=""
    )

    assert response.status_code == 302
    assert values(study) == {("P1", "vital_capacity"): -3}
    page = " ".join(re.sub("<[^>]*>", " ", text_of(client.get(response.url))).split())
    assert re.search("Forced vital capacity [-−]3 %", page)
    assert "read wrongly" in page
    assert "vital_capacity of P1 changed" in page
    with refuses_within("has a reason"):
        CovariateValue.objects.update(number=5)


def test_a_unit_stays_once_participants_have_values(client, study, carl, defined):
    import_participants(study=study, file=as_csv([P1 | {"vital_capacity": "80"}]))
    number, levels = defined
    stored = {"covariates-INITIAL_FORMS": "2", "covariates-0-id": levels.pk, "covariates-1-id": number.pk}
    rows = {name.replace("s-0-", "s-9-").replace("s-1-", "s-0-").replace("s-9-", "s-1-"): ROWS[name] for name in ROWS}

    page = send(client, study, **stored | rows | {"covariates-1-unit": "L"})

    assert page.status_code == 422
    assert "vital_capacity: its name, type, unit and levels stay" in text_of(page)
    number.refresh_from_db()
    assert number.unit == "%"


def test_a_covariate_that_is_removed_while_its_file_is_read_gives_a_sentence(study, defined):
    prefetch_related_objects([study], "covariates")  # as the import saw them before it locked the study
    Covariate.objects.filter(study=study, name="vital_capacity").delete()

    with pytest.raises(ImportRefused, match="Covariates or sites were changed while the file was read"):
        import_participants(study=study, file=as_csv([P1 | {"vital_capacity": "80"}]))

    assert not study.participants.exists()


def test_merging_takes_over_what_one_lacks_and_asks_about_what_differs(study, defined):
    rows = [P1 | {"vital_capacity": "80", "treatment": "none"}]
    rows += [{"participant": "P2", "group": "IMNM", "mri": "", "vital_capacity": "90"}]
    import_participants(study=study, file=as_csv(rows))
    gone, kept = study.participants.order_by("code")
    assert differing(kept, gone) == {"vital_capacity": (90, 80)}

    merge_participants(
        kept=kept, gone=gone, chosen={"vital_capacity": 80}, placed=placed(gone, kept), reason="one person",
        seen=seen_of([kept, gone]),
    )  # fmt: skip

    assert values(study) == {("P2", "vital_capacity"): 80, ("P2", "treatment"): "none"}


def placed(gone, kept):
    mri = gone.mris.get()
    return [PlacedMRI(mri=mri.pk, participant=kept.pk, code=mri.code, scan_year=None, days=None)]


def test_database_refuses_values_and_definitions_that_cannot_be(study, defined):
    number, levels = defined
    participant, other = make_participant(study), make_study()
    place = {"study": study, "participant": participant}
    with refuses_within("covariate_value_is_of_its_kind"):
        CovariateValue.objects.create(**place, covariate=number, level="none")
    with refuses_within("covariate_value_is_of_its_kind"):
        CovariateValue.objects.create(**place, covariate=levels, level="some")
    with refuses_within("covariate_value_number"):
        CovariateValue.objects.create(**place, covariate=number, number=float("nan"))
    with refuses_within("covariate_value_participant_of_its_study"):
        CovariateValue.objects.create(study=study, participant=make_participant(other), covariate=number, number=1)
    CovariateValue.objects.create(**place, covariate=levels, level="IVIG")
    with refuses_within("covariate_value_once"):
        CovariateValue.objects.create(**place, covariate=levels, level="none")
    with refuses_within("covariate_with_values_stays"):
        Covariate.objects.filter(pk=levels.pk).update(levels="none\nIVIG")
    Covariate.objects.filter(pk=levels.pk).update(levels=f"{levels.levels}\nMTX", label="Drug")
    with refuses_within("covariate_levels"):
        Covariate.objects.create(study=study, name="x", label="X", kind="levels", levels="one")
