"""Each reader against adjudicated and reference grades: wherever agreement is read; nothing where there are none."""

import csv
from io import StringIO

import pytest
from django.core.management import call_command

from grading.models import AdjudicationCase
from grading.models.calibration import running_agreement
from grading.services.adjudicating import draw_cases
from tests.analysis.web.agreement_pages import page, printed, readers_of, rows, text
from tests.builders import (
    adjudicate,
    make_calibration_case,
    make_member,
    make_mri,
    make_participant,
    make_signed_off_read,
    make_study,
)
from tests.near import near
from tests.thighsite.api.people import ask, token_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def study():
    """Six participants, three readers; VL differs by 2 or more in four of them, of whom three are decided."""
    study = make_study()
    readers = [make_member(study).user for _ in range(3)]
    for number in range(6):
        mri = make_mri(make_participant(study, code=f"P{number}"), code="M1")
        for place, reader in enumerate(readers):
            scores = [(number * 7 + muscle * 5) % 4 for muscle in range(11)]
            scores[0] = [0, 3, (number + 1) % 4][place] if number < 4 else scores[0]
            make_signed_off_read(mri=mri, reader=reader, scores=scores)
    draw_cases(study)
    return study


def decide(study):
    adjudicator = make_member(study, "adjudicator").user
    for number, score in enumerate([3, 2, None]):
        adjudicate(AdjudicationCase.objects.get(mri__participant__code=f"P{number}"), adjudicator, score=score)


def calibrate(study):
    """Two readers of three sign off three calibration cases of edema, one of them of fat, too."""
    features = ["edema", "edema", "edema", "fat"]
    for number, feature in enumerate(features):
        reference = [(number + muscle) % 4 for muscle in range(10)] + [None]
        mri = make_calibration_case(study, grades={feature: reference}, code=f"C{number}")
        for place, name in enumerate(readers_of(study)[:2]):
            reader = study.members.get(user__username=name).user
            scores = [min(3, score + (number + muscle + place) % 2) for muscle, score in enumerate(reference[:10])]
            sequence = "T1W" if feature == "fat" else "STIR"
            fields = {"feature": feature, "assigned_for": feature, "sequence": sequence}
            make_signed_off_read(mri=mri, reader=reader, scores=[*scores, 1], **fields)


def test_decisions_are_what_readers_are_held_against_wherever_agreement_is_read(visitor, study):
    before = page(visitor, study)
    decide(study)
    terminal = StringIO()
    call_command("agreement", study=study.slug, stdout=terminal)

    shown, found = page(visitor, study), printed(study)["against"]

    assert "data-against" not in text(before)
    overall = {(each["against"], each["reader"]): each for each in found if each["muscle"] == "overall"}
    first, second, third = readers_of(study)
    # Decided 3, 2 and ×, where the readers have 0, 3, and 1, 2, 3; the fourth VL is open; 10 × 6 + 2 units are alike.
    assert list(overall) == [(kind, reader) for kind in ("decided", "settled") for reader in (first, second, third)]
    counts = {name: (each["units"], each["undecided"], each["not_assessable"]) for name, each in overall.items()}
    assert set(counts.values()) == {(2, 1, 1), (64, 1, 1)}
    assert [overall["decided", reader]["mean_difference"]["value"] for reader in (first, second, third)] == near(
        [-2.5, 0.5, -1.0]
    )
    assert [overall["settled", reader]["exact"]["value"] for reader in (first, second, third)] == near(
        [62 / 64, 63 / 64, 63 / 64]
    )
    assert page(visitor, study, name="agreement-json").json()["against"] == near(found)
    assert rows(shown, "against")[f"decided {first}"][1:5] == ["2", "1", "1", "0 [0, 0]"]
    for words in (text(shown), terminal.getvalue()):
        assert "Adjudicated grades, all settled units" in words
        assert "kappa and exact agreement are lower on them than over all units" in words
    assert "Reference grades" not in terminal.getvalue()


def test_readers_restrict_it_and_a_decision_of_others_stays_one(visitor, study):
    decide(study)
    first, second, _ = readers_of(study)

    found = page(visitor, study, f"?reader={first}&reader={second}", name="agreement-json").json()["against"]

    assert {each["reader"] for each in found} == {first, second}
    everybody = [each for each in printed(study)["against"] if each["against"] == "decided"]
    assert [each for each in found if each["against"] == "decided"] == near(
        [each for each in everybody if each["reader"] in (first, second)]
    )


def test_reference_grades_are_held_against_as_the_calibration_page_holds_them(visitor, study):
    calibrate(study)

    found = printed(study)["against"]
    shown = page(visitor, study)

    last = {(each.reader, each.feature): each for each in running_agreement(study.pk)}
    overall = {(each["reader"], each["feature"]): each for each in found if each["muscle"] == "overall"}
    assert {each["against"] for each in found} == {"reference"}
    assert len(overall) == len(last) == 4
    users = {member.user_id: member.user.username for member in study.members.select_related("user")}
    for (reader, feature), running in last.items():
        ours = overall[users[reader], feature]
        assert (ours["units"], ours["exact"]["value"]) == (running.pairs, near(running.exact))
        assert ours["kappa_quadratic"]["value"] == near(running.kappa)
        assert ours["not_assessable"] == running.cases
    assert "Reference grades of calibration cases, fatty infiltration" in text(shown)
    assert f"reference-edema {readers_of(study)[0]}" in rows(shown, "against")
    token = token_of(make_member(study, "investigator"))
    table = csv.DictReader(StringIO(ask(token, "agreement.csv").content.decode()))
    assert {row["part"] for row in table} == {"inter", "pairs", "intra", "reference-edema", "reference-fat"}
