"""The demo: what is loaded, and that it is shaped like the paper's figures."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth import authenticate, get_user_model
from django.core.management import CommandError, call_command
from django.urls import reverse

from grading.anatomy import MUSCLE_CODES
from grading.demo.load import ACCOUNTS, LEFT_TO_GRADE, PASSWORD, load_demo
from grading.models import Grade, Read, Study

PUBLISHED = json.loads((Path(__file__).parents[1] / "reference" / "published.json").read_text())

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo():
    load_demo()
    return Study.objects.get(slug="demo")


@pytest.fixture
def complete(demo):
    return Study.objects.get(slug="demo-complete")


def compare(study, **options):
    out = StringIO()
    call_command("compare", study=study.slug, format="json", stdout=out, **options)
    answer = json.loads(out.getvalue())
    return answer | {"muscles": {muscle["muscle"]: muscle for muscle in answer["muscles"]}}


def test_command_prepares_everything_and_says_how_to_sign_in(capsys):
    call_command("demo", "--no-serve")
    call_command("demo", "--no-serve")

    printed = capsys.readouterr().out
    assert printed.count("Loaded the study demo:") == 1
    assert PASSWORD in printed
    for username in ACCOUNTS:
        assert username in printed
        assert authenticate(username=username, password=PASSWORD)


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "localhost:8412"),
        ("127.0.0.10", "127.0.0.10:8412"),
        ("0.0.0.0", "0.0.0.0:8412"),
        ("::1", "[::1]:8412"),
        ("[::1]", "[::1]:8412"),
    ],
)
def test_command_says_the_address_as_a_browser_takes_it(capsys, demo, host, address):
    call_command("demo", "--no-serve", host=host, port=8412)

    assert f"The site: http://{address}/\n" in capsys.readouterr().out


@pytest.mark.parametrize(("host", "port"), [("-", 8000), ("unix:", 8000), ("127.0.0.1", 0), ("127.0.0.1", 99999)])
def test_command_refuses_an_address_at_which_nobody_can_listen(host, port):
    with pytest.raises(CommandError, match="it must be an address and a port"):
        call_command("demo", host=host, port=port)

    assert not Study.objects.exists()


def test_site_in_production_is_given_no_accounts_with_a_password_that_is_published(settings):
    settings.PRODUCTION = True

    with pytest.raises(CommandError, match="have no place in a site in production"):
        call_command("demo", "--no-serve")

    assert not Study.objects.exists()
    assert not get_user_model().objects.exists()


def test_cohort_is_the_papers(complete):
    groups = complete.participants.values_list("group__code", flat=True)
    by_fat = complete.participants.filter(mris__reads__feature="fat").distinct()

    assert (list(groups).count("IMNM"), list(groups).count("DM")) == (14, 11)
    assert by_fat.count() == 3
    assert set(complete.reads.filter(feature="fat").values_list("sequence", flat=True)) == {"T1W"}
    assert complete.reads.signed_off().count() == 75
    assert Grade.objects.filter(read__study=complete).count() == 825


def test_first_reader_has_a_few_cases_left(client, demo):
    left = Read.objects.filter(study=demo).open()

    assert set(left.values_list("reader__username", flat=True)) == {"reader1"}
    assert left.count() == LEFT_TO_GRADE
    client.force_login(left.first().reader)
    assert "5 cases to go" in client.get(reverse("home")).content.decode()


def test_loading_is_deterministic(demo, complete):
    def order(study):
        return sorted(study.reads.values_list("reader__username", "position", "mri__code"))

    assert order(demo) == order(complete)


def test_medians_and_quartiles_resemble_the_published_ones(complete):
    muscles = compare(complete)["muscles"]

    for group, figures in PUBLISHED["median_iqr"].items():
        for muscle, (median, q1, q3) in figures.items():
            demo_figures = muscles[muscle]["groups"][group]
            assert demo_figures["median"] == pytest.approx(median, abs=0.14)
            assert demo_figures["q1"] == pytest.approx(q1, abs=0.31)
            assert demo_figures["q3"] == pytest.approx(q3, abs=0.31)


@pytest.mark.parametrize(
    ("analysis_set", "key", "limit"), [("all", "main_comparison", 0.01), ("edema", "edema_only", 0.05)]
)
def test_the_same_ten_muscles_differ_in_the_published_direction(complete, analysis_set, key, limit):
    published = PUBLISHED[key][f"below_{str(limit).replace('.', '_')}"]

    muscles = compare(complete, **{"set": analysis_set})["muscles"]

    assert {code for code in MUSCLE_CODES if muscles[code]["p"] < limit} == set(published)
    for group, sign in (("DM", 1), ("IMNM", -1)):
        for code in PUBLISHED["higher_in"][group]:
            assert muscles[code]["estimate"] * sign > 0


def test_rectus_femoris_does_not_differ(complete):
    assert compare(complete)["muscles"]["RF"]["p"] == pytest.approx(0.23, abs=0.01)
