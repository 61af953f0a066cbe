"""The demo's study whose readers calibrate first: loaded when it is asked for, so that the others stay as they are.

The reference is what most of the demo's readers found, which is what the drawn scans show.
"""

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import transaction

from grading import services
from grading.csv.imports import create_study
from grading.csv.imports.reference import import_reference
from grading.demo.load import READERS, READING_ORDER_SEED, add_members, demo_file
from grading.models import Study
from grading.services.calibration import assign_calibration

SLUG = "demo-calibration"
TITLE = "Thigh MRI with calibration (demo, synthetic data)"
TO_CALIBRATE = ("TM103", "TM104", "TM109")
OWN = ("TM101", "TM105", "TM106", "TM110")
TARGET_ICC = 0.7

Row = dict[str, Any]


def load_calibration() -> list[Study]:
    """Load the study where it is not there yet, and return it if it was loaded."""
    return [] if Study.objects.filter(slug=SLUG).exists() else [_load()]


@transaction.atomic
def _load() -> Study:
    study = create_study(slug=SLUG, title=TITLE, file=_written(_rows("participants.csv", (*TO_CALIBRATE, *OWN))))
    study.reader_title, study.calibration_cases, study.calibration_icc = TITLE, len(TO_CALIBRATE), TARGET_ICC
    study.save()
    users = add_members(study)
    import_reference(study=study, file=_written(_reference(_rows("grades.csv", TO_CALIBRATE))))
    assign_calibration(study=study, seed=READING_ORDER_SEED)
    services.assign_reads(study=study, readers=[users[name] for name in READERS], seed=READING_ORDER_SEED)
    return study


def _reference(graded: Iterable[Row]) -> list[Row]:
    """Choose each muscle's most frequent grade."""
    found: dict[tuple, Counter] = defaultdict(Counter)
    for row in graded:
        cell = tuple(row[name] for name in ("participant", "mri", "feature", "muscle", "side"))
        found[cell][row["score"], row["not_assessable"]] += 1
    names = ("participant", "mri", "feature", "muscle", "side", "score", "not_assessable")
    return [dict(zip(names, (*cell, *grades.most_common(1)[0][0]), strict=True)) for cell, grades in found.items()]


def _rows(name: str, participants: Iterable[str]) -> list[Row]:
    rows = csv.DictReader(demo_file(name).decode().splitlines())
    return [row for row in rows if row["participant"] in participants]


def _written(rows: Iterable[Row]) -> bytes:
    first, *others = rows
    text = io.StringIO()
    written = csv.DictWriter(text, first)
    written.writeheader()
    written.writerows([first, *others])
    return text.getvalue().encode()
