"""What is in the bundle, and that it is the same for the same data."""

import csv
import json
from dataclasses import replace
from hashlib import sha256
from io import BytesIO
from zipfile import ZipFile

import pytest

from analysis.bundle import MixedVersionsError, bundle
from analysis.bundle.agreement_numbers import NUMBER_COLUMNS
from analysis.bundle.result_columns import RESULT_COLUMNS
from analysis.stats.frame.canonical import FRAME_COLUMNS, data_version
from analysis.words.paper.methods import methods
from analysis.words.paper.results import results
from tests.analysis.bundle.bundles import FIGURES, cohort_contents, contents_of, run, unpacked_contents
from tests.analysis.stats.comparison_frames import cohort


@pytest.fixture(scope="module")
def contents():
    return cohort_contents("balanced")


@pytest.fixture
def folder(contents, tmp_path):
    return unpacked_contents(contents, tmp_path)


def table(path):
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_the_same_data_in_another_order_give_the_same_bytes(contents):
    shuffled = replace(
        contents,
        frame=contents.frame.sample(frac=1, random_state=4),
        analysed=contents.analysed.sample(frac=1, random_state=5),
    )

    assert bundle(shuffled) == bundle(contents)


def test_every_file_is_of_the_earliest_time_in_one_folder(contents):
    with ZipFile(BytesIO(bundle(contents))) as archive:
        entries = archive.infolist()

    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {entry.filename.split("/")[0] for entry in entries} == {contents.folder}
    assert contents.folder.startswith("study-DM-IMNM-all-per-muscle-")


def test_checksums_hold_for_every_other_file(folder):
    done = run(folder, "sha256sum", "-c", "checksums.sha256")

    assert done.returncode == 0, done.stderr
    listed = {line.split("  ")[1] for line in (folder / "checksums.sha256").read_text().splitlines()}
    present = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert present - listed == {"checksums.sha256"}


def test_checksums_tell_a_changed_file(folder):
    (folder / "frame.csv").write_text((folder / "frame.csv").read_text().replace(",3\n", ",2\n", 1))

    assert run(folder, "sha256sum", "-c", "checksums.sha256").returncode == 1


def test_data_version_is_the_checksum_of_the_frame(contents, folder):
    version = sha256((folder / "frame.csv").read_bytes()).hexdigest()

    assert version == contents.result["data_version"] == data_version(contents.frame)
    assert version in (folder / "README.txt").read_text()
    assert version == json.loads((folder / "versions.json").read_text())["data_version"]


def test_analysed_rows_are_those_of_the_set_with_a_score(tmp_path):
    contents = cohort_contents("balanced", "edema")
    rows = table(unpacked_contents(contents, tmp_path) / "analysed.csv")

    assert len(rows) == contents.result["n"]["grades"]
    assert {row["feature"] for row in rows} == {"edema"}
    assert all(row["score"] for row in rows)


def test_result_csv_has_every_digit_of_the_result(contents, folder):
    assert json.loads((folder / "result.json").read_text()) == contents.result

    for row, entry in zip(table(folder / "result.csv"), contents.result["muscles"], strict=True):
        assert row["muscle"] == entry["muscle"]
        for name in ("estimate", "se", "df", "p", "p_holm", "ci_low", "ci_high"):
            assert float(row[name]) == entry[name]
        for side, group in contents.result["groups"].items():
            assert float(row[f"{side}_median"]) == entry["groups"][group]["median"]


def test_codebook_explains_every_column_of_every_table(folder):
    explained = [(row["file"], row["column"]) for row in table(folder / "codebook.csv")]

    expected = [(file, name) for file in ("frame.csv", "analysed.csv") for name in FRAME_COLUMNS]
    expected += [("result.csv", each.column.name) for each in RESULT_COLUMNS]
    assert explained == expected + [("agreement.csv", column.name) for column in NUMBER_COLUMNS]
    assert all(row["meaning"] and row["type"] for row in table(folder / "codebook.csv"))


def test_covariates_and_pattern_have_tables_that_the_codebook_explains(tmp_path):
    contents = cohort_contents("covariates-missing", adjust=("disease_duration_months", "sex"), pattern=True)
    folder = unpacked_contents(contents, tmp_path)

    people = table(folder / "covariates.csv")
    explained = {(row["file"], row["column"]) for row in table(folder / "codebook.csv")}
    for name in ("covariates.csv", "result.csv", "pattern.csv"):
        assert {(name, column) for column in table(folder / name)[0]} <= explained
    assert [row["participant"] for row in people] == sorted({*contents.analysed["participant"]})
    assert any(row["disease_duration_months"] == "" for row in people)
    assert "covariates.csv" in (folder / "README.txt").read_text()
    assert "Covariates  adjusted for sex and disease duration." in (folder / "README.txt").read_text()
    assert "adjusted for sex and disease duration" in (folder / "methods.txt").read_text()
    assert contents.folder.startswith("study-DM-IMNM-all-per-muscle-adjusted-")


def test_seeds_and_programs_of_what_is_random_are_in_it(folder):
    random = json.loads((folder / "versions.json").read_text())["random"]

    assert {name: each["number"] for name, each in random.items()} == {
        "permutations": 0,
        "agreement_intervals": 2000,
        "index_intervals": 2000,
        "pattern_score_interval": 0,
    }
    for each in random.values():
        assert f"SEED = {each['seed']}" in (folder / each["program"]).read_text()
    assert "to be completed" in (folder / "CITATION.cff").read_text().lower()


def test_text_agreement_and_figures_are_in_it(contents, folder):
    assert (folder / "methods.txt").read_text() == methods(contents.findings) + "\n"
    assert (folder / "results.txt").read_text() == results(contents.findings) + "\n"
    assert (folder / "grras.txt").read_text().count("\n") == 15
    assert json.loads((folder / "agreement.json").read_text()) == contents.findings.agreement
    assert (folder / "figures" / "boxplots.svg").read_text() == FIGURES["boxplots"]


def test_readme_explains_every_file(folder):
    text = (folder / "README.txt").read_text()

    names = {path.name if path.parent == folder else "figures/" for path in folder.rglob("*") if path.is_file()}
    assert {name for name in names - {"README.txt"} if name not in text} == set()
    assert "Careful with spreadsheets" not in text


def test_readme_warns_of_codes_that_a_spreadsheet_would_run(tmp_path):
    contents = contents_of(cohort().replace({"participant": {"P000": "=SUM(A1)", "P001": "-5"}}))
    folder = unpacked_contents(contents, tmp_path)

    assert "2 codes in frame.csv and other tables, such as -5, would be run" in (folder / "README.txt").read_text()
    assert "\n=SUM(A1)," in (folder / "frame.csv").read_text()
    assert sha256((folder / "frame.csv").read_bytes()).hexdigest() == contents.result["data_version"]


def test_numbers_of_another_version_are_refused(contents):
    with pytest.raises(MixedVersionsError):
        bundle(replace(contents, frame=contents.frame.iloc[1:]))


def test_no_grades_at_all_make_a_bundle(tmp_path):
    folder = unpacked_contents(contents_of(cohort().iloc[:0]), tmp_path)

    assert (folder / "analysed.csv").read_text() == ",".join(FRAME_COLUMNS) + "\n"
