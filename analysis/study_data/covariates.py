"""The covariates that a study defines, as models take them, and where participants' values of them are."""

from collections.abc import Iterable

from django.db.models import Subquery

from analysis.stats.covariates import COVARIATES, Covariate
from grading.models import Covariate as StoredCovariate
from grading.models import CovariateValue, Study


def study_covariates(study: Study) -> tuple[Covariate, ...]:
    """Read what covariates a study defines, by name."""
    return tuple(map(_covariate, study.covariates.all()))


def covariate_labels(study: Study) -> dict[str, str]:
    """Read what a study calls the covariates that it defines, by name."""
    return {each.name: each.meaning for each in study_covariates(study)}


def defined_among(study: Study, names: Iterable[str]) -> tuple[Covariate, ...]:
    """Read what a study defines of covariates that are named; nothing is asked where it is none."""
    own = {*names} - {*COVARIATES}
    return tuple(each for each in study_covariates(study) if each.name in own) if own else ()


def value_of(covariate: Covariate, study: Study) -> Subquery:
    """Find, in a query of participants, each one's value of a covariate that the study defines."""
    column = "level" if covariate.kind == "levels" else "number"
    return CovariateValue.objects.filter(study=study).of_participants(covariate.name, column)


def _covariate(stored: StoredCovariate) -> Covariate:
    is_number = stored.kind == StoredCovariate.Kind.NUMBER
    return Covariate(stored.name, "number" if is_number else "levels", stored.level_list, stored.label, stored.unit)
