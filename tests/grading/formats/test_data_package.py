"""The data package: valid to Frictionless, and the same in R."""

import io
import json
import subprocess
import zipfile

import pytest
from django.urls import reverse
from frictionless import Package

from tests.analysis.bundle.bundles import rscript
from tests.builders import adjudicate, make_discrepancy, make_member, make_query, make_unblinded, make_user

pytestmark = pytest.mark.django_db

TABLES = ["participants", "grades-wide", "grades-long", "queries", "adjudications", "codebook", "trail"]


@pytest.fixture
def unpacked(client, study, tmp_path):
    client.force_login(make_unblinded(make_member(study, "coordinator", make_user("carl"))).user)
    response = client.get(reverse("export-in-format", args=[study.slug]))
    with zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content))) as package:
        package.extractall(tmp_path)
    return tmp_path


def test_package_is_valid_to_frictionless(unpacked):
    package = Package(str(unpacked / "datapackage.json"))

    report = package.validate()

    assert report.flatten(["rowNumber", "fieldName", "type", "message"]) == []
    assert package.resource_names == TABLES
    rows = {name: package.get_resource(name).read_rows() for name in TABLES}
    assert {"NA", "Zoë"} < {row["participant"] for row in rows["participants"]}
    assert {row["score"] for row in rows["grades-long"]} == {1, None}
    assert {row["VL"] for row in rows["grades-wide"]} == {1, None}
    assert rows["grades-long"][0]["active_seconds"] == 2.5
    assert {(row["participant"], row["not_assessable"]) for row in rows["grades-long"]} == {
        ("NA", False),
        ("Zoë", True),
    }


def test_package_names_who_is_there_for_calibration_alone(study, unpacked):
    (code,) = study.participants.filter(is_calibration=True).values_list("code", flat=True)

    described = json.loads((unpacked / "datapackage.json").read_text())["description"]

    assert described.endswith(f"Of participants.csv these serve calibration alone, and have no grades here: {code}.")


@pytest.fixture
def asked_and_decided(study):
    """A study with a query that was asked, and a discrepancy that was decided, by a slip at first."""
    case = make_discrepancy(study)
    make_query(case.mri.reads.order_by("position").first(), "Is this oedema?", muscle="VL", side="both")
    judith = make_member(study, "adjudicator", make_user("judith")).user
    for score in (1, None):
        adjudicate(case, judith, score=score)
    return case


def test_queries_and_adjudications_are_in_it(asked_and_decided, unpacked):
    package = Package(str(unpacked / "datapackage.json"))
    (asked,) = package.get_resource("queries").read_rows()
    slip, decided = package.get_resource("adjudications").read_rows()

    assert package.validate().flatten(["rowNumber", "fieldName", "type", "message"]) == []
    assert (asked["muscle"], asked["kind"], asked["text"]) == ("VL", "asked", "Is this oedema?")
    assert (decided["participant"], decided["mri"]) == (asked["participant"], asked["mri"])
    assert (decided["score"], decided["not_assessable"], decided["person"]) == (None, True, "judith")
    assert (slip["number"], slip["score"], slip["corrects"], decided["corrects"]) == (1, 1, None, 1)
    readers = asked_and_decided.mri.reads.order_by("reader__username")
    assert decided["between"] == "; ".join(f"{read.reader}: {read.grades.get(muscle='VL').score}" for read in readers)


def test_what_does_not_fit_its_description_is_found(unpacked):
    descriptor = json.loads((unpacked / "datapackage.json").read_text())
    for resource in descriptor["resources"]:
        del resource["hash"], resource["bytes"]
    (unpacked / "datapackage.json").write_text(json.dumps(descriptor))
    long = unpacked / "grades-long.csv"
    long.write_text(long.read_text().replace("VL,both,1,", "VL,both,4,"))

    report = Package(str(unpacked / "datapackage.json")).validate()

    assert report.flatten(["fieldName", "type"]) == [["score", "constraint-error"]]


IN_R = """
source("read.R", chdir = TRUE, encoding = "UTF-8")
stopifnot(
  identical(participants$mri[participants$participant == "NA"], "=M1"),
  identical(levels(grades_long$score),
    c("normal (none)", "mild (up to 30 %)", "moderate (31–75 %)", "severe (over 75 %)")),
  identical(as.integer(table(grades_long$score)), c(0L, 11L, 0L, 0L)), sum(grades_long$not_assessable) == 1,
  sum(is.na(grades_wide$VL)) == 1, identical(names(table(grades_wide$sequence)), c("STIR", "T1W", "T2FS")),
  format(grades_wide$signed_off_at[1], "%H:%M:%S") == "10:20:00",
  identical(grades_long$comment[grades_long$participant == "Zoë"], 'two\nlines, "quoted"'),
  inherits(trail$at, "POSIXct"), nrow(codebook) > 50
)
"""


def test_script_reads_the_package_into_r(unpacked):
    (unpacked / "check.R").write_text(IN_R)

    done = subprocess.run([rscript(), "check.R"], cwd=unpacked, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")
