"""What people wrote leaves the site as text: no formula in a CSV, no HTML in a page."""

import csv
import io
import re
import zipfile
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from analysis.figure.catalogue import AGREEMENT_FIGURES, FIGURES, PLAN_FIGURES
from analysis.stats.planning.plan import plan
from analysis.stats.planning.setting import Setting, all_words
from analysis.stats.versions import program
from grading import services
from grading.csv.exports import LAYOUTS
from grading.models import Read
from tests.builders import (
    make_job,
    make_member,
    make_mri,
    make_participant,
    make_signed_off_read,
    make_study,
    make_upload,
    make_user,
    rename_group,
)
from tests.hostile.routes import routes

FORMULA = re.compile(r"\s*[=+\-@＝＋－＠\t\r\n]")
NUMBER = re.compile(r"-?[0-9.]+(e-?[0-9]+)?")
# Those for scripts give what these give: tests/thighsite/api.
PAGES = [route for route in routes() if not route.pattern.startswith("api/")]
CSV_ROUTES = sorted(route.name for route in PAGES if re.search(r"\.csv$|slug:form", route.pattern))
# The frame has a hash that R and Python compute anew, so it is as it is; the README says which cells to beware of.
WITH_A_WARNING = {
    "frame.csv",
    "analysed.csv",
    "agreement.csv",
    "pattern_score.csv",
    "permutations.csv",
    "resamples.csv",
}
# Each with what vouches for it.
UNESCAPED = {
    "templates/partials/field.html": "help_text: the site's own words and Django's, never a user's",
    "analysis/web/pages/figure.py": "the figure's renderer escapes, tests/analysis/figure/test_svg.py",
}


@pytest.fixture
def dangerous(db):
    """A study in which everything that people may name is a formula."""
    study = make_study(slug="dangers")
    rename_group(study, "IMNM", code="=IMNM", name="=1+1")
    reader = make_member(study, "reader", make_user("@reader")).user
    for number, group in enumerate(["=IMNM", "DM"] * 3):
        participant = make_participant(study, group=group, code=f"=P{number}", autoantibody="@SUM(A1)")
        mri = make_mri(participant, code=f"+cmd|{number}")
        make_signed_off_read(study=study, mri=mri, reader=reader, comment="-1+2", scores=[number % 4] * 11)
    coordinator = make_member(study, "coordinator", make_user("-coordinator")).user
    asked = {"setting": all_words(Setting()), "program": program()}
    small = plan(Setting(participants=(3,), data_sets=20))
    make_job(study, reader, kind="plan", arguments=asked, result=small, state="done", ended_at=timezone.now())
    services.reopen(read=Read.objects.first(), by=coordinator, reason='=HYPERLINK("//evil")')
    return study


def cells(text: str) -> list[str]:
    return [cell for row in csv.reader(io.StringIO(text)) for cell in row]


def formulas(text: str) -> list[str]:
    return [cell for cell in cells(text) if FORMULA.match(cell) and not NUMBER.fullmatch(cell)]


@pytest.mark.parametrize("name", CSV_ROUTES)
def test_no_csv_holds_a_formula(client, dangerous, name):
    route = next(route for route in routes() if route.name == name)
    texts, queries = [], [{"layout": layout} for layout in LAYOUTS] if name == "export-grades" else [{}]
    upload = make_upload(dangerous, make_user(), b"participant,group,mri\n" + b"=1+1,=2,=3\n" * 2)
    pk = dangerous.pk if route.pattern.startswith("reading/") else upload.pk
    for role in ("coordinator", "investigator", "reader"):
        member = dangerous.members.filter(role=role).first() or make_member(dangerous, role)
        client.force_login(member.user)
        for figure in FIGURES | AGREEMENT_FIGURES | PLAN_FIGURES:
            for query in queries:
                path = route.path({"slug": dangerous.slug, "name": figure, "form": "csv", "pk": str(pk)})
                response = client.get(path, query)
                if response.status_code == 200:
                    texts.append(response.getvalue().decode())

    assert texts
    assert [formulas(text) for text in texts if formulas(text)] == []


def test_no_csv_of_a_format_holds_a_formula(client, dangerous):
    client.force_login(make_member(dangerous, "coordinator").user)
    path = f"/studies/{dangerous.slug}/data/export/"

    texts = [client.get(path, {"format": f"redcap-{what}"}).getvalue().decode() for what in ("dictionary", "records")]
    with zipfile.ZipFile(io.BytesIO(client.get(path).getvalue())) as package:
        texts += [package.read(name).decode() for name in package.namelist() if name.endswith(".csv")]

    assert len(texts) == 9
    assert [formulas(text) for text in texts if formulas(text)] == []


def test_bundle_warns_of_the_cells_that_it_leaves(client, dangerous):
    client.force_login(make_member(dangerous, "investigator").user)

    response = client.get(f"/studies/{dangerous.slug}/comparison.zip")

    with zipfile.ZipFile(io.BytesIO(response.content)) as bundle:
        files = {Path(name).name: bundle.read(name).decode() for name in bundle.namelist()}
    dangers = {name for name, text in files.items() if name.endswith(".csv") and formulas(text)}
    assert dangers <= WITH_A_WARNING | {"result.csv"}
    assert "Careful with spreadsheets" in files["README.txt"]


def test_what_is_not_escaped_is_vouched_for():
    sources = [*Path("templates").rglob("*.html"), *Path("templates").rglob("*.txt")]
    sources += [path for package in ("grading", "analysis", "thighsite") for path in Path(package).rglob("*.py")]
    unescaped = re.compile(r"\|\s*safe\b|autoescape off|mark_safe\(|SafeString\(|safeseq|html_safe|__html__")

    found = {str(path) for path in sources if unescaped.search((Path(settings.BASE_DIR) / path).read_text())}

    assert found == set(UNESCAPED)
