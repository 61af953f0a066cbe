"""The cases behind a square of the map of disagreement."""

import re

import pytest
from django.utils import timezone

from analysis.words.notation import number
from tests.analysis.people import fill
from tests.analysis.web.agreement_pages import cases_of, page, readers_of, rows, text
from tests.builders import (
    make_member,
    make_mri,
    make_participant,
    make_read,
    make_signed_off_read,
    make_study,
    make_user,
)
from tests.made_once import made_once

pytestmark = pytest.mark.django_db


filled_once = made_once(lambda: fill(make_study(), readers=3))


def test_every_square_of_the_map_leads_to_the_cases_that_it_counts(visitor, filled):
    squares = re.findall(r'<td class="square step-\d"><a href="(.*?)">(.*?)</a>', text(page(visitor, filled)))

    assert len(squares) == 12 * 3
    for address, square in squares[:33:4]:  # all muscles together fill more than a page
        scores = [[int(cell) for cell in row[-3:]] for row in cases_of(visitor.get(address))]
        apart = [abs(one - other) for one, other, _ in scores]
        words = re.sub("<.*?>", "", square)
        assert apart == [difference for *_, difference in scores] == sorted(apart, reverse=True)
        assert f"mean difference {number(sum(apart) / len(apart))}" in words
        assert f"{100 * sum(difference >= 2 for difference in apart) / len(apart):.0f} % discrepant" in words


def test_cases_are_the_first_reads_signed_off_by_both(visitor, study):
    one, other = make_member(study, user=make_user("ann")).user, make_member(study, user=make_user("bob")).user
    for code, scores in (("P1", (0, 0)), ("P2", (3, 0)), ("P3", (1, 2))):
        mri = make_mri(make_participant(study, code=code), code=f"{code}-scan")
        for user, score in zip((one, other), scores, strict=True):
            make_signed_off_read(mri=mri, reader=user, scores=[score] * 11)
            make_read(mri=mri, reader=user, scores=[3 - score] * 11, occasion=2, available_at=timezone.now())
    only_one = make_mri(make_participant(study, code="P4"), code="P4-scan")
    make_signed_off_read(mri=only_one, reader=one)
    make_read(mri=only_one, reader=other, scores=[3] * 11)

    response = page(visitor, study, "?muscle=VL&readers=ann,bob", name="agreement-cases")

    assert cases_of(response) == [
        ["P2", "P2-scan", "edema", "3", "0", "3"],
        ["P3", "P3-scan", "edema", "1", "2", "1"],
        ["P1", "P1-scan", "edema", "0", "0", "0"],
    ]
    assert rows(response, "score") == {
        "0": ["0", "1", "0", "0", "0"],
        "1": ["1", "0", "0", "1", "0"],
        "2": ["2", "0", "0", "0", "0"],
        "3": ["3", "1", "0", "0", "0"],
    }
    assert "3 units graded by both, 1 of them a discrepancy" in text(response)
    assert "1 more was graded by only one of the two and is not listed." in text(response)


def test_cases_come_in_pages(visitor, filled):
    query = f"?muscle=overall&readers={','.join(readers_of(filled)[:2])}"

    first, second = (cases_of(page(visitor, filled, f"{query}&page={n}", name="agreement-cases")) for n in (1, 2))

    assert (len(first), len(second)) == (50, 16)
    assert first[-1][-1] >= second[0][-1]


def test_sides_are_cases_of_their_own(visitor):
    study = fill(make_study(sides="apart"), per_group=1)
    make_member(study, "investigator", user=visitor.get("/").wsgi_request.user)

    query = f"?muscle=VL&readers={','.join(readers_of(study))}"
    sides = [row[2] for row in cases_of(page(visitor, study, query, name="agreement-cases"))]

    assert sorted(sides) == ["left", "left", "right", "right"]


@pytest.mark.parametrize("query", ["", "?muscle=VL", "?muscle=XX&readers=a,b", "?muscle=VL&readers=a,b"])
def test_what_is_no_square_of_the_map_is_refused(visitor, filled, query):
    response = page(visitor, filled, query, name="agreement-cases")

    assert response.status_code == 422
    assert 'role="alert"' in text(response)
