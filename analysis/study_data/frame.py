"""The sole bridge from grading to analysis: signed-off grades as the frame, the groups to compare, the progress.

The frame leaves the database as one COPY, in one snapshot and through no model: 825,000 grades take a second and a
half.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO, StringIO

import pandas as pd
from django.db.models import QuerySet

from analysis.models import FrozenFrame
from analysis.stats.covariates import Covariate, Covariates
from analysis.stats.frame.canonical import FRAME_COLUMNS, canonical
from analysis.stats.question import two_of
from analysis.study_data.covariates import defined_among, value_of
from grading.anatomy import MUSCLE_CODES, SIDES
from grading.models import MRI, DiagnosisGroup, Participant, Read, Study, StudyChange
from grading.scale import FEATURES, SEQUENCES
from thighsite.postgres.replica import for_reading

_FIELDS = {
    "participant": "mri__participant__code",
    "group": "mri__participant__group__code",
    "mri": "mri__code",
    "reader": "reader__username",
    "occasion": "occasion",
    "sequence": "sequence",
    "feature": "feature",
    "muscle": "grades__muscle",
    "side": "grades__side",
    "score": "grades__score",
}
_CODES = ("participant", "group", "mri", "reader")  # words that people chose
_TYPES = dict.fromkeys(_CODES, object) | {
    "occasion": "int64",
    "sequence": pd.CategoricalDtype(SEQUENCES),
    "feature": pd.CategoricalDtype(FEATURES),
    "muscle": pd.CategoricalDtype(MUSCLE_CODES),
    "side": pd.CategoricalDtype(SIDES),
    "score": "float64",
}


@dataclass(frozen=True)
class Progress:
    """Count how far the reading has come."""

    reads: int
    reads_signed_off: int
    participants: int
    participants_signed_off: int  # with at least one signed-off read


def study_frame(study: Study) -> pd.DataFrame:
    """Read one row per grade of the signed-off reads of each participant's first MRI, of every occasion.

    Participants who have withdrawn are in none of it, nor are those whose MRIs readers calibrate with.

    Columns as ``canonical.FRAME_COLUMNS``, codes as categories; a muscle that was not assessable keeps its row, with a
    missing score. Rows stand in the canonical order, lest the last digit of a sum depend on how PostgreSQL came to
    them. Of a locked study it is the frame that was frozen, which was written in that order.
    """
    frozen = FrozenFrame.objects.of_lock(study).values_list("csv", flat=True).first() if study.is_locked else None
    return _parsed(StringIO(frozen), header=0) if frozen else stored_frame(study)


def stored_frame(study: Study) -> pd.DataFrame:
    """Read the frame (as ``study_frame``) from the grades as they are stored, also where the study is locked."""
    return canonical(_parsed(_copied(_signed_off_grades(study))))


def _signed_off_grades(study: Study) -> QuerySet:
    first = MRI.objects.filter(study=study).for_comparison().first_of_participants()
    reads = Read.objects.filter(mri__in=first.values("pk"), grades__isnull=False).signed_off().order_by()
    return reads.values_list(*(_FIELDS[column] for column in FRAME_COLUMNS))


def _parsed(file: StringIO | BytesIO, header: int | None = None) -> pd.DataFrame:
    frame = pd.read_csv(
        file,
        header=header,
        names=list(FRAME_COLUMNS),
        dtype=_TYPES,
        keep_default_na=False,  # a participant may be called NA
        na_values={"score": [""]},
    )
    # Only now: read as a category, the code 007 would become the number 7.
    return frame.astype(dict.fromkeys(_CODES, "category"))


def study_groups(study: Study, named: str = "") -> tuple[DiagnosisGroup, DiagnosisGroup]:
    """Choose the reference group and the one compared with it from the study's groups, as ``two_of`` does."""
    return two_of(study.groups.all(), named)


def clinical_values(study: Study, columns: Iterable[str], defined: tuple[Covariate, ...] = ()) -> pd.DataFrame:
    """Read one row per participant, by code: ``participant`` and the columns, "" (of a number None) where missing.

    Args:
        columns: fields of a participant, such as ``sex`` and ``age_years``, and names of ``defined``.
        defined: covariates of the study's own that are among the columns.
    """
    columns = tuple(columns)
    people = study.participants.for_comparison().order_by("code")
    people = people.annotate(**{f"own_{each.name}": value_of(each, study) for each in defined})
    places = {each.name: f"own_{each.name}" for each in defined}
    values = people.values_list("code", *(places.get(name, name) for name in columns))
    table = pd.DataFrame(values, columns=["participant", *columns], dtype=object)
    for each in defined:
        if each.kind == "levels":
            table[each.name] = table[each.name].where(table[each.name].notna(), "")
    return table


def covariates_of(study: Study, names: tuple[str, ...]) -> Covariates:
    """Read covariates, with the values of every participant who may be compared."""
    defined = defined_among(study, names)
    return Covariates(names, clinical_values(study, names, defined), defined)


def revision(study: Study) -> int:
    """Count the changes of what is compared and of the progress: while it stays, nothing need be read again."""
    return StudyChange.objects.revision(study.pk)


def progress(study: Study) -> Progress:
    """Count reads and participants, all and signed off; without those who have withdrawn or are for calibration."""
    reads = Read.objects.filter(study=study).for_comparison()
    participants = Participant.objects.filter(study=study).for_comparison()
    return Progress(
        reads=reads.count(),
        reads_signed_off=reads.signed_off().count(),
        participants=participants.count(),
        participants_signed_off=participants.filter(mris__reads__in=reads.signed_off()).distinct().count(),
    )


def signed_off_reads(study: Study) -> int:
    """Count the signed-off reads, as ``progress`` does."""
    return Read.objects.filter(study=study).for_comparison().signed_off().count()


def _copied(rows: QuerySet) -> BytesIO:
    """The rows of a query as CSV without a header."""
    sql, parameters = rows.query.sql_with_params()
    copied = BytesIO()
    with for_reading().cursor() as cursor:
        statement = f"COPY ({cursor.mogrify(sql, parameters)}) TO STDOUT (FORMAT csv)"
        with cursor.copy(statement) as copy:
            for block in copy:
                copied.write(block)
    copied.seek(0)
    return copied
