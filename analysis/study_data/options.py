"""What can be asked of a study: its groups, and the sequences, readers and subgroups that occur in it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import combinations
from typing import get_args

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from analysis.stats.covariates import COVARIATES
from analysis.stats.result_types.codes import GradesName
from grading.models import Adjudication, CovariateValue, DiagnosisGroup, Participant, Read, Study
from grading.scale import SEQUENCES

GRADES: tuple[GradesName, ...] = get_args(GradesName)


@dataclass(frozen=True)
class QuestionOptions:
    """Hold what can be asked, each kind in the order in which it is shown."""

    groups: tuple[DiagnosisGroup, ...]  # the reference first
    sequences: tuple[str, ...]
    readers: tuple[str, ...]  # usernames
    sexes: tuple[str, ...]
    autoantibodies: tuple[str, ...]
    covariates: tuple[str, ...]  # that a participant has a value of
    grades: tuple[GradesName, ...] = GRADES[:1]  # adjudicated ones where anything was decided
    sides: tuple[str, ...] = ()  # none where the thighs are graded together
    own_covariates: dict[str, str] = field(default_factory=dict)  # of the covariates those that the study defines

    @property
    def pairs(self) -> dict[str, str]:
        """List every two groups: as an address names them, the reference first, and as a difference."""
        return {
            f"{reference.code},{compared.code}": f"{compared.code} − {reference.code}"
            for reference, compared in combinations(self.groups, 2)
        }


def question_options(study: Study) -> QuestionOptions:
    """Read what can be asked of a study, in six queries.

    Reads count from the moment they are assigned, so that an address outlives a reopening.
    """
    reads = Read.objects.filter(study=study).for_comparison().order_by()
    sequences, readers = _columns(reads.values_list("sequence", "reader__username").distinct())
    participants = Participant.objects.filter(study=study).for_comparison().order_by()
    sexes, autoantibodies = _columns(participants.values_list("sex", "autoantibody").distinct())
    own = _own_covariates(study)
    return QuestionOptions(
        groups=tuple(study.groups.all()),
        sequences=tuple(sequence for sequence in SEQUENCES if sequence in sequences),
        readers=tuple(sorted(readers)),
        sexes=tuple(sorted(sexes)),
        autoantibodies=tuple(sorted(autoantibodies, key=str.casefold)),
        covariates=(*_covariates(participants), *own),
        own_covariates=own,
        grades=GRADES if Adjudication.objects.filter(study=study).exists() else GRADES[:1],
        sides=sides if len(sides := study.graded_sides) > 1 else (),
    )


def readers_with_reads(study: Study) -> tuple[str, ...]:
    """Read the user names of those who have reads that may be compared, also where none is signed off."""
    reads = Read.objects.filter(study=study).for_comparison().order_by("reader__username")
    return tuple(reads.values_list("reader__username", flat=True).distinct())


def _covariates(participants: QuerySet) -> tuple[str, ...]:
    known = {
        name: Q(**{f"{name}__in": covariate.levels}) if covariate.levels else Q(**{f"{name}__isnull": False})
        for name, covariate in COVARIATES.items()
    }
    counted = participants.aggregate(**{f"with_{name}": Count("pk", filter=having) for name, having in known.items()})
    return tuple(name for name in COVARIATES if counted[f"with_{name}"])


def _own_covariates(study: Study) -> dict[str, str]:
    """Find the covariates that the study defines and a participant who may be compared has, with their titles."""
    of_compared = CovariateValue.objects.filter(
        covariate=OuterRef("pk"), participant__in=study.participants.for_comparison().order_by().values("pk")
    )
    return {covariate.name: covariate.title for covariate in study.covariates.filter(Exists(of_compared))}


def _columns(rows: Iterable[tuple[str, str]]) -> tuple[set[str], set[str]]:
    """The values of two columns, without those that are missing."""
    pairs = list(rows)
    return {first for first, _ in pairs} - {""}, {second for _, second in pairs} - {""}
