"""SPSS and Stata files, read back: labels, meanings, and missing values that say why."""

import io

import pandas as pd
import pyreadstat
import pytest

from grading.models import Read
from tests.grading.formats.asked import exported

SCORES = {0: "normal (none)", 1: "mild (up to 30 %)", 2: "moderate (31–75 %)", 3: "severe (over 75 %)"}


@pytest.fixture
def read_back(study, tmp_path):
    def read(name: str):
        path = tmp_path / name
        path.write_bytes(exported(study, name))
        reader = pyreadstat.read_sav if name.startswith("spss") else pyreadstat.read_dta
        frame, described = reader(path, user_missing=True)
        return frame.set_index("participant").sort_index(), described

    return read


@pytest.mark.parametrize(("name", "missing"), [("spss-wide", 9.0), ("stata-wide", "n")])
def test_wide_file_says_what_was_not_assessable(read_back, name, missing):
    frame, described = read_back(name)

    assert frame.loc["NA", "VL"] == 1
    assert frame.loc["Zoë", "VL"] == missing
    assert pd.isna(frame.loc["Zoë", "VM"])
    assert described.variable_value_labels["VL"] == SCORES | {missing: "not assessable"}
    assert described.column_names_to_labels["VL"] == "grade of the vastus lateralis"
    assert described.column_names_to_labels["active_seconds"].endswith(", seconds")
    assert described.file_label == "Thighs"


def test_whole_numbers_are_shown_as_such_in_spss(read_back):
    shown = read_back("spss-wide")[1].original_variable_types

    assert {shown[name] for name in ("VL", "occasion", "group", "status", "imported", "position")} == {"F8.0"}
    assert shown["active_seconds"] == "F8.2"


def test_stata_file_is_of_a_release_that_all_since_14_read(study):
    """That of 15 is for Stata/MP alone; and with one long comment in it haven found none."""
    Read.objects.filter(study=study, status="draft").update(comment="😀" * 1000)

    for name in ("stata-wide", "stata-long"):
        assert exported(study, name).startswith(b"<stata_dta><header><release>118</release>")
    assert "😀" * 1000 in pd.read_stata(io.BytesIO(exported(study, "stata-wide")))["comment"].tolist()


@pytest.mark.parametrize("name", ["spss-long", "stata-long"])
def test_long_file_has_codes_with_labels_and_times(read_back, name):
    frame, described = read_back(name)
    labels = described.variable_value_labels

    row = frame.loc["NA"].iloc[0]
    assert labels["muscle"][row["muscle"]] == "vastus lateralis"
    assert labels["group"][row["group"]] == "IMNM"
    assert labels["imported"] == {0: "no", 1: "yes"}
    assert (row["mri"], row["active_seconds"], row["imported"]) == ("=M1", 2.5, 1)
    assert row["opened_at"] == pd.Timestamp("2025-01-31T10:00:00")
    assert frame.loc["Zoë", "comment"] == 'two\nlines, "quoted"'
    assert pd.isna(frame.loc["Zoë", "score"])
