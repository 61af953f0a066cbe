"""A large study's grades, reduced in PostgreSQL to kinds of participants before they reach Python.

One pass over the grades. A read becomes a card for each side: an integer with four bits for each muscle, as `kinds` has
them. A participant has as many cards as reads, in the order of the readers; what these say of one muscle is the kind.
"""

from dataclasses import dataclass
from typing import Any

import pandas as pd
from django.db.backends.utils import CursorWrapper
from django.db.models import Count

from analysis.stats.frame.counts import Counts
from analysis.stats.frame.kinds import BITS, MOST_READERS, ReducedCut, observations_of_kinds
from analysis.stats.frame.observations import Observations
from analysis.stats.index.over_readers import LARGEST_RESAMPLED
from analysis.stats.result_types.codes import AnalysisSet
from analysis.study_data.cards import ASSESSED, CARDS, cards
from analysis.study_data.reading import LongReading, first_mris
from grading.anatomy import MUSCLE_CODES
from grading.models import DiagnosisGroup, Participant, Read, Study
from grading.scale import EDEMA, FAT

_FEATURES = {"all": [EDEMA, FAT], "edema": [EDEMA], "fat": [FAT]}
_KINDS = ("muscle", "is_compared", "readers", *CARDS, "participants")

# A fat read is in the set "all" where the MRI has no edema read, so there the first feature by name is what is kept.
_STATEMENT = """
WITH first AS MATERIALIZED (
    SELECT mri_id, group_id = %(compared)s AS is_compared FROM ({first}) AS of_study (mri_id, group_id)
    WHERE group_id IN (%(reference)s, %(compared)s)
),
passes AS (
    SELECT read.mri_id, read.feature, min(read.feature) OVER (PARTITION BY read.mri_id) AS kept,
        array_position(%(readers)s::int[], read.reader_id) - 1 AS reader, {cards}
    FROM grading_read read JOIN grading_grade grade ON grade.study_id = read.study_id AND grade.read_id = read.id
    WHERE read.study_id = %(study)s AND read.occasion = 1 AND read.signed_off_at IS NOT NULL
        AND read.feature = ANY(%(features)s::text[])
    GROUP BY read.id
),
people AS MATERIALIZED (
    SELECT first.is_compared, passes.feature = 'fat' AS is_fat, bool_or(l > 0 OR r > 0) AS is_by_side,
        count(*) FILTER (WHERE (b | l | r) & {assessed} > 0) AS reads,
        array_agg(reader ORDER BY reader) AS readers, {arrays}
    FROM first JOIN passes USING (mri_id)
    WHERE passes.feature = passes.kept
    GROUP BY mri_id, first.is_compared, passes.feature
)
SELECT muscle, is_compared, readers, {kinds}, count(*), NULL, NULL
FROM people CROSS JOIN generate_series(0, {last}) AS muscle
GROUP BY 1, 2, 3, 4, 5, 6
UNION ALL
SELECT NULL, is_compared, NULL, NULL, NULL, NULL, count(*), sum(reads), count(*) FILTER (WHERE is_fat)
FROM people WHERE reads > 0 GROUP BY is_compared
"""


@dataclass(frozen=True)
class _Passes:
    """Who has signed off first reads, in alphabetical order, and how many of them at most read one MRI."""

    readers: dict[str, int]  # numbers of accounts by username
    most: int


def is_large(study: Study) -> bool:
    """Say whether a study is to be reduced: it has very many participants, and no frozen frame, which is a text."""
    return not study.is_locked and Participant.objects.filter(study=study).for_comparison().count() > LARGEST_RESAMPLED


def reduced_cut(
    reading: LongReading,
    study: Study,
    groups: tuple[DiagnosisGroup, DiagnosisGroup],
    analysis_set: AnalysisSet = "all",
) -> ReducedCut | None:
    """Reduce what is compared of a study's grades as they stand; None where an MRI has too many readers for that.

    Args:
        groups: the reference, and the one compared with it.
    """
    passes = _passes(study, reading.database)
    if passes.most > MOST_READERS:
        return None
    rows = _reduced(reading.cursor, study, groups, analysis_set, passes)
    kinds = pd.DataFrame([row[: len(_KINDS)] for row in rows if row[0] is not None], columns=list(_KINDS))
    observed = observations_of_kinds(kinds, tuple(passes.readers))
    counted = _counted([row for row in rows if row[0] is None], observed)
    return ReducedCut(analysis_set, groups[0].code, groups[1].code, observed, counted)


def _first_reads(study: Study) -> Any:
    return Read.objects.filter(study=study, occasion=1).signed_off().order_by()


def _passes(study: Study, alias: str) -> _Passes:
    reads = _first_reads(study).using(alias)
    readers = dict(reads.values_list("reader__username", "reader").distinct())
    readers = {name: readers[name] for name in sorted(readers)}
    return _Passes(readers, len(readers) if len(readers) <= 5 else _most_of_one(reads))


def _most_of_one(reads: Any) -> int:
    per_mri = reads.values("mri", "feature").annotate(number=Count("*")).order_by("-number")
    return per_mri.values_list("number", flat=True).first() or 0


def _reduced(
    cursor: CursorWrapper,
    study: Study,
    groups: tuple[DiagnosisGroup, DiagnosisGroup],
    analysis_set: AnalysisSet,
    passes: _Passes,
) -> list[tuple[Any, ...]]:
    statement = _STATEMENT.format(
        first=first_mris(cursor, study).replace("%", "%%"),
        cards=cards(),
        arrays=", ".join(f"array_agg({name} ORDER BY reader) AS {name}" for name in CARDS.values()),
        kinds=", ".join(_kind(name, passes.most) for name in CARDS.values()),
        assessed=ASSESSED,
        last=len(MUSCLE_CODES) - 1,
    )
    values: dict[str, Any] = {
        "study": study.pk,
        "reference": groups[0].pk,
        "compared": groups[1].pk,
        "features": _FEATURES[analysis_set],
        "readers": [*passes.readers.values()],
    }
    cursor.execute(statement, values)
    return cursor.fetchall()


def _kind(name: str, most: int) -> str:
    """What all reads of a participant say of one muscle and side, as one integer."""
    bits = " | ".join(
        f"(coalesce({name}[{place + 1}] >> {BITS} * muscle & {2**BITS - 1}, 0) << {BITS * place})"
        for place in range(most)
    )
    return bits or "0" if name == CARDS["both"] else f"CASE WHEN is_by_side THEN {bits or 0} ELSE 0 END"


def _counted(of_groups: list[tuple[Any, ...]], observed: Observations) -> Counts:
    weights, participants = observed.grade_weight, {is_compared: count for _, is_compared, *_, count, _, _ in of_groups}
    return Counts(
        participants=sum(participants.values()),
        reference=participants.get(False, 0),
        compared=participants.get(True, 0),
        reads=sum(int(row[-2]) for row in of_groups),
        grades=0 if weights is None else int(weights.sum()),
        fat_scored=sum(row[-1] for row in of_groups),
    )
