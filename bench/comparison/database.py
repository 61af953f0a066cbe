"""From the database to the answer: the frame of a study, in an embedded PostgreSQL that is thrown away afterwards."""

import os
import tempfile
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import pandas as pd

from analysis.stats.frame.canonical import canonical_csv, data_version
from bench.comparison.cohorts import GROUPS, READERS, cohort, compare_cohort
from bench.comparison.timing import timed

if TYPE_CHECKING:
    from grading.models import Study

# Reads come in as drafts: grades of a signed-off read are frozen.
_LOAD = (
    """INSERT INTO grading_participant (id, study_id, group_id, code, sex, autoantibody)
       SELECT gen_random_uuid(), g.study_id, g.id, l.participant, '', ''
       FROM (SELECT DISTINCT participant, "group" FROM loaded) l
       JOIN grading_diagnosisgroup g ON g.code = l."group" """,
    """INSERT INTO grading_mri (id, study_id, participant_id, code)
       SELECT gen_random_uuid(), p.study_id, p.id, l.mri
       FROM (SELECT DISTINCT participant, mri FROM loaded) l JOIN grading_participant p ON p.code = l.participant""",
    """INSERT INTO grading_read (id, study_id, mri_id, reader_id, feature, sequence, pairing_confirmed, occasion,
                                 comment, status, assigned_at, sign_off_meaning, active_seconds, handed_out)
       SELECT gen_random_uuid(), m.study_id, m.id, u.id, l.feature, l.sequence, false, l.occasion,
              '', 'draft', now(), '', 0, true
       FROM (SELECT DISTINCT mri, reader, feature, sequence, occasion FROM loaded) l
       JOIN grading_mri m ON m.code = l.mri JOIN auth_user u ON u.username = l.reader""",
    """INSERT INTO grading_grade (study_id, read_id, muscle, side, score, not_assessable, version, entered_at,
                                  changed_at)
       SELECT r.study_id, r.id, l.muscle, l.side, l.score, l.score IS NULL, 1, now(), now()
       FROM loaded l JOIN grading_mri m ON m.code = l.mri JOIN auth_user u ON u.username = l.reader
       JOIN grading_read r ON r.mri_id = m.id AND r.reader_id = u.id""",
    """UPDATE grading_read
       SET status = 'signed_off', signed_off_at = now(), signed_off_by_id = reader_id, sign_off_meaning = 'bench'""",
)


@dataclass(frozen=True)
class FromDatabase:
    """Medians in seconds by the clock, for part of the work is PostgreSQL's."""

    grades: int
    loading: float
    study_frame: float
    compare: float
    joint: float


class DifferentDataError(Exception):
    """What came out of the database is not what went in."""


def measure(participants: int, repetitions: int) -> FromDatabase:
    """Load a cohort into a cluster of its own, then take its frame and compare.

    Raises:
        DifferentDataError: the frame's data version is not that of the cohort.
    """
    with tempfile.TemporaryDirectory(prefix="thighsite-bench-") as folder:
        os.environ.pop("DATABASE_URL", None)
        os.environ |= {"THIGHSITE_DATA_DIR": folder, "EMBEDDED_POSTGRES_DIR": f"{folder}/postgres"}
        os.environ |= {"THIGHSITE_MODE": "development", "DJANGO_SETTINGS_MODULE": "thighsite.settings"}
        import django

        django.setup()
        return _in_this_cluster(participants, repetitions)


def _in_this_cluster(participants: int, repetitions: int) -> FromDatabase:
    from django.core.management import call_command
    from django.db import connections

    from thighsite.embedded_postgres.base import server

    try:
        call_command("migrate", verbosity=0)
        return _measured(participants, repetitions)
    finally:
        connections.close_all()
        server().leave()


def _measured(participants: int, repetitions: int) -> FromDatabase:
    from analysis.study_data.frame import study_frame  # only now: the frame module needs Django

    made = cohort(participants)
    loading, study = timed(partial(loaded_study, made), 1)
    from_database, frame = timed(partial(study_frame, study), repetitions)
    if data_version(frame) != data_version(made):
        raise DifferentDataError("The frame from the database is not the one that was loaded.")
    alone, _ = timed(partial(compare_cohort, frame, permutations=0), repetitions)
    joint, _ = timed(partial(compare_cohort, frame, model="joint", permutations=0), repetitions)
    return FromDatabase(len(frame), loading.wall, from_database.wall, alone.wall, joint.wall)


def loaded_study(frame: pd.DataFrame) -> "Study":
    """Store a study with the frame's reads, signed off."""
    from django.db import connection, transaction

    study = _empty_study()
    with connection.as_owner(), transaction.atomic(), connection.cursor() as cursor:  # who may make temporary tables
        cursor.execute(
            """CREATE TEMPORARY TABLE loaded (participant text, "group" text, mri text, reader text, occasion smallint,
               sequence text, feature text, muscle text, side text, score smallint) ON COMMIT DROP"""
        )
        with cursor.copy("COPY loaded FROM STDIN (FORMAT csv, HEADER)") as copy:
            copy.write(canonical_csv(frame))
        for statement in ("ANALYZE loaded", *_LOAD):
            cursor.execute(statement)
    with connection.as_owner(), connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")  # as the server does by itself, some time after a change
    return study


def _empty_study() -> "Study":
    from django.contrib.auth.models import User

    from grading.models import DiagnosisGroup, Member, Study

    study = Study.objects.create(slug="bench", title="Bench")
    for code in GROUPS:
        is_reference = code == GROUPS[0]
        DiagnosisGroup.objects.create(study=study, code=code, name=code, colour="#000000", is_reference=is_reference)
    for username in READERS:
        Member.objects.create(study=study, user=User.objects.create(username=username), role="reader")
    return study
