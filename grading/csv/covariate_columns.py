"""The columns of a study's own, covariates and study site, behind those that every file of participants has."""

from grading.csv.columns import PARTICIPANT_COLUMNS, Column
from grading.limits import MAX_COVARIATE
from grading.models import Covariate, Study, StudySite

SITE = "site"


def covariate_columns(study: Study) -> tuple[Column, ...]:
    """List the columns of a study's covariates, by name. One that is not stored has none."""
    return () if study._state.adding else tuple(map(_column, study.covariates.all()))


def own_columns(study: Study) -> tuple[Column, ...]:
    """List the columns of a study's covariates, and that of its study sites if any. One that is not stored has none."""
    sites = [] if study._state.adding else list(study.sites.all())
    return (*covariate_columns(study), *([_site_column(sites)] if sites else []))


def participant_columns(study: Study) -> tuple[Column, ...]:
    """List the columns of a study's participants CSV."""
    return (*PARTICIPANT_COLUMNS, *own_columns(study))


def _site_column(sites: list[StudySite]) -> Column:
    labels = tuple((site.code, site.name) for site in sites)
    allowed = f"{', '.join(code for code, _ in labels)} or empty"
    return Column(SITE, "text", "", allowed, "study site of the participant: the hospital", labels)


def _column(covariate: Covariate) -> Column:
    if covariate.kind == Covariate.Kind.NUMBER:
        allowed = f"from -{MAX_COVARIATE} to {MAX_COVARIATE}, or empty"
        return Column(covariate.name, "number", covariate.unit, allowed, covariate.label)
    levels = covariate.level_list
    labels = tuple((level, level) for level in levels)
    return Column(covariate.name, "text", "", f"{', '.join(levels)} or empty", covariate.label, labels)
