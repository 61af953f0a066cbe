"""Agreement restricted to readers: the same in address, figure, command and JSON, and refused with fewer than two."""

import csv
from io import StringIO
from urllib.parse import urlencode

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from tests.analysis.people import fill
from tests.analysis.web.agreement_pages import cases_of, expected_row, page, printed, readers_of, rows, text
from tests.builders import make_mri, make_participant, make_signed_off_read, make_study
from tests.made_once import made_once

pytestmark = pytest.mark.django_db

filled_once = made_once(lambda: fill(make_study(), readers=3))


def asked(*readers, **beside):
    return "?" + urlencode({**beside, "reader": readers}, doseq=True)


def test_restricted_agreement_is_that_of_the_readers_left_wherever_it_is_read(visitor, filled):
    first, second, _ = readers_of(filled)
    of_pair = [pair for pair in printed(filled)["pairs"] if pair["readers"] == [first, second]]

    found = printed(filled, readers=[second, first])
    shown = page(visitor, filled, asked(first, second))
    figure = visitor.get(
        reverse("agreement-figure", args=[filled.slug, "agreement-forest", "csv"])
        + asked(first, second, coefficient="ac2")
    )

    assert (found["readers"], found["restricted_to"]) == ([first, second], [first, second])
    assert found["inter"] == [{name: value for name, value in entry.items() if name != "readers"} for entry in of_pair]
    assert page(visitor, filled, asked(first, second), name="agreement-json").json() == found
    assert rows(shown, "row")["All muscles"][1:] == expected_row(found["inter"][-1])
    assert f"Only reads by {first} and {second}: exploratory" in text(shown)
    _, *lines = csv.reader(StringIO(figure.content.decode()))
    assert [line[1] for line in lines] == [str(entry["units"]) for entry in found["inter"]]


def test_reads_of_others_are_left_out_before_edema_or_fat_is_chosen(visitor, filled):
    first, second, third = (member.user for member in filled.members.filter(role="reader").order_by("user__username"))
    mri = make_mri(make_participant(filled))
    make_signed_off_read(mri=mri, reader=third)
    for reader in (first, second):
        make_signed_off_read(mri=mri, reader=reader, feature="fat", sequence="T1W")
    names = {"muscle": "VL", "readers": f"{first.username},{second.username}"}

    restricted = page(visitor, filled, asked(first.username, second.username, **names), name="agreement-cases")

    features = {case[2] for case in cases_of(restricted)}
    assert features == {"edema", "fat"}
    assert {case[2] for case in cases_of(page(visitor, filled, asked(**names), name="agreement-cases"))} == {"edema"}


def test_all_readers_named_are_no_restriction(visitor, filled):
    everybody = page(visitor, filled, asked(*readers_of(filled)), name="agreement-json")

    assert everybody.json() == printed(filled)


@pytest.mark.parametrize("name", ["agreement", "agreement-json", "agreement-cases", "agreement-figure"])
def test_fewer_than_two_readers_and_strangers_are_refused_in_a_sentence(visitor, filled, name):
    first, *_ = readers_of(filled)
    figure = [] if name != "agreement-figure" else ["agreement-forest", "svg"]

    def refusal(*readers):
        response = visitor.get(reverse(name, args=[filled.slug, *figure]) + asked(*readers))
        assert response.status_code == 422
        return text(response) if "json" not in response["Content-Type"] else response.json()["error"]

    assert f"Agreement needs two readers: name another one beside {first}" in refusal(first, first)
    assert "“nobody” has no reads in this study" in refusal(first, "nobody")


def test_command_refuses_them_as_usage(filled):
    with pytest.raises(CommandError, match="Agreement needs two readers") as refused:
        call_command("agreement", study=filled.slug, readers=readers_of(filled)[:1])

    assert refused.value.returncode == 2
