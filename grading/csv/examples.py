"""Files to begin with, for each import: an empty template with its columns, and an example that can be imported.

The columns are those of ``columns``, the values the demo's, in the groups of the study. What the demo leaves empty is
invented here, so that an example shows every column of its template.
"""

import csv
from collections.abc import Iterator
from importlib.resources import files
from itertools import cycle

from grading.csv.columns import GRADE_COLUMNS, PARTICIPANT_COLUMNS
from grading.csv.lines import csv_lines
from grading.models import Study
from grading.scale import SIGNED_OFF

# Of grades, what exports add: the group stands with the participant, and the rest is known of reads on this site alone.
_EXPORTED = {
    "group", "position", "opened_at", "signed_off_at", "first_entry_at", "last_entry_at", "active_seconds", "signature",
    "imported", "withdrawn", "blind_code",
}  # fmt: skip
COLUMNS = {
    "participants": tuple(column.name for column in PARTICIPANT_COLUMNS if column.name != "withdrawn"),
    "grades": tuple(column.name for column in GRADE_COLUMNS if column.name not in _EXPORTED),
}
_GROUPS = ("IMNM", "DM")  # of the demo, the reference first
_ANTIBODIES = {"IMNM": ("anti-HMGCR", "anti-SRP", ""), "DM": ("anti-Mi-2", "anti-TIF1-gamma", "")}


def template(what: str) -> Iterator[str]:
    """Write the one line of an empty file: the columns of ``participants`` or ``grades``."""
    return csv_lines(COLUMNS[what], [])


def example(what: str, study: Study) -> Iterator[str]:
    """Write the lines of an example file of ``participants`` or ``grades``, as the study's own file would be."""
    rows = _participants(study) if what == "participants" else _grades()
    return csv_lines(COLUMNS[what], ([row[name] for name in COLUMNS[what]] for row in rows))


def _participants(study: Study) -> Iterator[dict[str, str]]:
    own = dict(zip(_GROUPS, study.groups.values_list("code", flat=True), strict=False))
    antibodies = {group: cycle(_ANTIBODIES.get(own.get(group, group), [""])) for group in _GROUPS}
    invented = zip(cycle(["female", "male", "female"]), range(41, 90), cycle(range(2019, 2024)), strict=False)
    for row, (sex, age, year) in zip(_rows("participants"), invented, strict=False):
        yield row | {
            "group": own.get(row["group"], row["group"]),
            "sex": sex,
            "age_years": str(age),
            "autoantibody": next(antibodies[row["group"]]),
            "ck_u_per_l": str(40 * age),
            "disease_duration_months": str(age % 7 * 6),
            "scan_year": str(year),
            "days_since_first_mri": "0",
        }


def _grades() -> Iterator[dict[str, str]]:
    for row in _rows("grades"):
        yield row | {"occasion": "1", "status": SIGNED_OFF, "comment": ""}


def _rows(what: str) -> Iterator[dict[str, str]]:
    lines = files("grading.demo").joinpath(f"{what}.csv").read_text(encoding="utf-8").splitlines()
    return iter(csv.DictReader(lines))
