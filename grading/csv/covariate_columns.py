"""The columns of a study's covariates, behind those that every file of participants has."""

from grading.csv.columns import PARTICIPANT_COLUMNS, Column
from grading.limits import MAX_COVARIATE
from grading.models import Covariate, Study


def covariate_columns(study: Study) -> tuple[Column, ...]:
    """List the columns of a study's covariates, by name. One that is not stored has none."""
    return () if study._state.adding else tuple(map(_column, study.covariates.all()))


def participant_columns(study: Study) -> tuple[Column, ...]:
    """List the columns of a study's participants CSV."""
    return (*PARTICIPANT_COLUMNS, *covariate_columns(study))


def _column(covariate: Covariate) -> Column:
    if covariate.kind == Covariate.Kind.NUMBER:
        allowed = f"from -{MAX_COVARIATE} to {MAX_COVARIATE}, or empty"
        return Column(covariate.name, "number", covariate.unit, allowed, covariate.label)
    levels = covariate.level_list
    labels = tuple((level, level) for level in levels)
    return Column(covariate.name, "text", "", f"{', '.join(levels)} or empty", covariate.label, labels)
