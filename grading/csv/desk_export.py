"""What coordinators asked readers, and what adjudicators, or readers together, decided, as CSV."""

from collections.abc import Iterator
from typing import Any

from django.db.models.functions import Collate

from grading.csv.lines import csv_lines
from grading.csv.record_columns import ADJUDICATION_COLUMNS, QUERY_COLUMNS
from grading.models import Adjudication, QueryNote, Read, Study

CHUNK = 5000
_WITHIN = ("case__feature", "muscle", "side", "number")  # an MRI
_PLACES = {
    "participant": "query__read__mri__participant__code",
    "mri": "query__read__mri__code",
    "reader": "query__read__reader__username",
    "occasion": "query__read__occasion",
    "feature": "query__read__feature",
    "blind_code": "query__read__code",
    "query": "query__pk",
    "muscle": "query__muscle",
    "side": "query__side",
    "rule": "query__rule",
    "person": "by__username",
}


def export_queries(study: Study) -> Iterator[str]:
    """Write the lines of what was asked about reads and answered: a row for each step of a query."""
    names = [column.name for column in QUERY_COLUMNS]
    in_order = QueryNote.objects.filter(study=study).order_by(
        Collate(_PLACES["participant"], "C"), Collate(_PLACES["mri"], "C"), "query__read_id", "query_id", "number"
    )
    rows = in_order.values_list(*(_PLACES.get(name, name) for name in names))
    return csv_lines(names, rows.iterator(chunk_size=CHUNK))


def export_adjudications(study: Study) -> Iterator[str]:
    """Write the lines of what was adjudicated: a row for each decision, of which the last of a muscle counts."""
    readers = {str(pk): name for pk, name in Read.objects.filter(study=study).values_list("pk", "reader__username")}
    decisions = (
        Adjudication.objects.filter(study=study)
        .select_related("case__mri__participant", "decided_by", "corrects")
        .order_by(Collate("case__mri__participant__code", "C"), Collate("case__mri__code", "C"), *_WITHIN)
    )
    people = dict(study.members.values_list("user", "user__username"))
    people |= dict(Read.objects.filter(study=study).values_list("reader", "reader__username").distinct())
    rows = (_decision(decision, readers, people) for decision in decisions.iterator(chunk_size=CHUNK))
    return csv_lines([column.name for column in ADJUDICATION_COLUMNS], rows)


def _decision(decision: Adjudication, readers: dict[str, str], people: dict[int, str]) -> tuple[Any, ...]:
    mri, score = decision.case.mri, {None: "NA"}
    graded = {read: score.get(grade, grade) for read, grade in decision.grades.items()}
    between = sorted(f"{readers.get(read, 'a read that was taken back')}: {grade}" for read, grade in graded.items())
    return (
        *(mri.participant.code, mri.code, decision.case.feature, decision.muscle, decision.side, decision.number),
        "; ".join(between),
        *(decision.score, decision.not_assessable, decision.reason),
        *(decision.decided_by.username, decision.decided_at, decision.case.code),
        *(decision.how, "; ".join(sorted(people.get(person, str(person)) for person in decision.present or ()))),
        decision.corrects.number if decision.corrects else None,
    )
