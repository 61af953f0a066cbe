"""Every rule of the database is named in a test of this folder."""

from pathlib import Path

import pytest
from django.db import connection

from grading.models import (
    MRI,
    Adjudication,
    AdjudicationCase,
    Admission,
    Charter,
    DiagnosisGroup,
    Entry,
    Grade,
    Member,
    Participant,
    Query,
    QueryNote,
    Read,
    ReaderDraw,
    ReferenceGrade,
    Reopening,
    Stack,
    Study,
    Unlock,
)

pytestmark = pytest.mark.django_db


def test_every_rule_of_the_database_is_named_in_a_test():
    """A constraint that no test knows could be dropped unseen."""
    tables = [
        model._meta.db_table
        for model in (
            *(Study, Member, DiagnosisGroup, Participant, MRI, Read, Grade, Entry, Reopening, Unlock, Stack),
            *(ReferenceGrade, Admission, Charter, Query, QueryNote, AdjudicationCase, Adjudication, ReaderDraw),
        )
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = ANY(%s::regclass[]) AND contype IN ('c', 'u', 'f') "
            "AND conname !~ '(_fk_|_key$|_check$|_uniq$|_of_study$|member_study_user_role)'",
            [tables],
        )
        rules = {name for (name,) in cursor.fetchall()}

    tested = "".join(path.read_text() for path in Path(__file__).parent.glob("*.py"))
    assert sorted(rule for rule in rules if f'"{rule}' not in tested and f"|{rule}" not in tested) == []
