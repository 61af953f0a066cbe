"""The REDCap instrument: header, order and rules of a data dictionary, and records that fit it."""

import csv
import io
import re

import pytest

from tests.builders import make_study
from tests.grading.formats.asked import exported

# As eight public dictionaries have it, in order.
HEADER = (
    '"Variable / Field Name","Form Name","Section Header","Field Type","Field Label",'
    '"Choices, Calculations, OR Slider Labels","Field Note","Text Validation Type OR Show Slider Number",'
    '"Text Validation Min","Text Validation Max",Identifier?,"Branching Logic (Show field only if...)",'
    '"Required Field?","Custom Alignment","Question Number (surveys only)","Matrix Group Name","Matrix Ranking?",'
    '"Field Annotation"'
)
SCORES = "0, normal (none) | 1, mild (up to 30 %) | 2, moderate (31–75 %) | 3, severe (over 75 %) | NA, not assessable"


def rows_of(file: bytes) -> list[dict]:
    return list(csv.DictReader(io.StringIO(file.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize(("sides", "muscles"), [("together", 11), ("apart", 22)])
def test_dictionary_has_the_documented_header_and_rules(db, sides, muscles):
    file = exported(make_study(sides=sides), "redcap-dictionary")
    fields = rows_of(file)
    names = [field["Variable / Field Name"] for field in fields]
    matrix = [place for place, field in enumerate(fields) if field["Matrix Group Name"]]

    assert file.startswith(b"\xef\xbb\xbf")
    assert list(fields[0]) == next(csv.reader([HEADER]))
    assert names[0] == "record_id"
    assert len(set(names)) == len(names)
    assert all(re.fullmatch("[a-z][a-z0-9_]{0,25}", name) for name in names)
    assert {field["Form Name"] for field in fields} == {"thigh_mri_read"}
    assert matrix == list(range(matrix[0], matrix[0] + muscles))
    assert {fields[place]["Matrix Group Name"] for place in matrix} == {"grades"}
    assert {fields[place]["Field Type"] for place in matrix} == {"radio"}
    assert {fields[place]["Choices, Calculations, OR Slider Labels"] for place in matrix} == {SCORES}
    assert {field["Matrix Ranking?"] for field in fields} == {""}


def test_records_fit_the_dictionary(study):
    fields = {field["Variable / Field Name"]: field for field in rows_of(exported(study, "redcap-dictionary"))}
    file = exported(study, "redcap-records")
    signed, open_ = sorted(rows_of(file), key=lambda row: row["participant"])

    assert list(signed) == [*fields, "thigh_mri_read_complete"]
    for row in (signed, open_):
        for name, field in fields.items():
            choices = [
                choice.partition(",")[0].strip()
                for choice in field["Choices, Calculations, OR Slider Labels"].split("|")
            ]
            assert field["Field Type"] != "radio" or row[name] in {"", *choices}
            assert field["Field Type"] != "yesno" or row[name] in {"0", "1"}
    assert (signed["vl"], signed["opened_at"], signed["thigh_mri_read_complete"]) == ("1", "2025-01-31 10:00:00", "2")
    assert (open_["vl"], open_["vm"], open_["thigh_mri_read_complete"]) == ("NA", "", "0")
    assert signed["mri"] == "'=M1"
