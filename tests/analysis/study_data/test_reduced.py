"""What PostgreSQL reduces a study to says of each muscle what the frame says, and is taken for very large studies."""

import json
from io import StringIO
from random import Random

import pytest
from django.core.management import call_command

from analysis.stats.comparison import compare
from analysis.stats.comparison_json import as_json
from analysis.stats.frame.canonical import data_version
from analysis.stats.frame.cut import cut_data
from analysis.study_data.frame import stored_frame, study_groups
from analysis.study_data.reading import long_reading
from analysis.study_data.reduced import reduced_cut
from analysis.study_data.version import stored_version
from grading import services
from grading.anatomy import MUSCLE_CODES
from grading.models import Study
from tests.builders import make_member, make_mri, make_participant, make_read, make_study, withdraw
from tests.made_once import made_once

FAT = {"feature": "fat", "sequence": "T1W"}

pytestmark = pytest.mark.django_db


def make_uneven(sides):
    """A study with whatever makes participants differ: missing grades and readers, fat, re-reads, who has withdrawn."""
    study, random = make_study(sides=sides), Random(17)
    users = [make_member(study, "reader").user for _ in range(3)]
    for number in range(24):
        participant = make_participant(study, group=("IMNM", "DM")[number % 2], code=f'P{number},"x"')
        mri = make_mri(participant)
        for user in users[number % 3 :] if number < 12 else users:
            sign(random, mri=mri, reader=user, shift=number % 2, **(FAT if number % 7 == 3 else {}))
        if number % 5 == 4:
            sign(random, mri=mri, reader=users[2], shift=0, **FAT)
            sign(random, mri=mri, reader=users[2], shift=0, occasion=2)
            sign(random, mri=make_mri(participant), reader=users[0], shift=2)
    withdraw(participant)
    make_read(study=study, reader=users[0], scores=[3] * 11)
    return study


both = made_once(lambda: {sides: make_uneven(sides).pk for sides in ("together", "apart")})


@pytest.fixture(params=["together", "apart"])
def uneven(request, both, db):
    return Study.objects.get(pk=both[request.param])


def sign(random, *, shift, **fields):
    """A signed-off read in which sides differ, and a muscle in twenty cannot be assessed."""
    read = make_read(scores=[0] * len(MUSCLE_CODES), **fields)
    grades = list(read.grades.all())
    for grade in grades:
        grade.not_assessable = random.random() < 0.05
        grade.score = None if grade.not_assessable else min(3, shift + random.randint(0, 2))
    read.grades.bulk_update(grades, ["score", "not_assessable"])
    services.sign_off(read)


@pytest.mark.parametrize("analysis_set", ["all", "edema", "fat"])
def test_reduced_study_is_compared_as_its_frame_is(uneven, analysis_set):
    groups = study_groups(uneven)

    with long_reading() as reading:
        cut = reduced_cut(reading, uneven, groups, analysis_set)
        version = stored_version(reading.cursor, uneven)

    frame = stored_frame(uneven)
    codes = {"reference": groups[0].code, "compared": groups[1].code}
    whole = compare(cut_data(frame, analysis_set=analysis_set, **codes), permutations=0, resamples=0)
    assert version == data_version(frame)
    assert_alike(as_json(compare(cut, permutations=0), study=""), as_json(whole, study=""))


def assert_alike(found, expected):
    """Compare results number by number, but for why the mean over readers has no interval."""
    if isinstance(expected, dict):
        assert found.keys() == expected.keys()
        for name in expected.keys() - {"over_readers"}:
            assert_alike(found[name], expected[name])
        if "over_readers" in expected:
            assert_alike(found["over_readers"]["value"], expected["over_readers"]["value"])
    elif isinstance(expected, list):
        assert len(found) == len(expected)
        for pair in zip(found, expected, strict=True):
            assert_alike(*pair)
    else:
        assert found == (pytest.approx(expected, rel=1e-9, abs=1e-9) if isinstance(expected, float) else expected)


def test_command_reduces_very_large_studies_only(uneven, monkeypatch):
    asked = []
    for largest in (10**6, 0):
        monkeypatch.setattr("analysis.study_data.reduced.LARGEST_RESAMPLED", largest)
        monkeypatch.setattr("analysis.stats.index.muscle_index.LARGEST_RESAMPLED", largest)
        monkeypatch.setattr("analysis.management.commands.compare.LARGEST_RESAMPLED", largest)
        out = StringIO()
        call_command("compare", study=uneven.slug, format="json", permutations=0, stdout=out)
        asked.append(json.loads(out.getvalue()))

    before, reduced = asked
    assert before["data_version"] == reduced["data_version"]
    assert_alike(reduced, before)
    notes = [muscle["index"]["over_readers"]["note"] for muscle in reduced["muscles"]]
    assert all("not resampled" in note for note in notes)
