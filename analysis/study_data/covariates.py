"""The covariates that a study defines, as models take them, and where participants' values of them are."""

from django.db.models import OuterRef, Subquery

from analysis.stats.covariates import Covariate
from grading.models import Covariate as StoredCovariate
from grading.models import CovariateValue, Study


def study_covariates(study: Study) -> tuple[Covariate, ...]:
    """Read what covariates a study defines, by name."""
    return tuple(map(_covariate, study.covariates.all()))


def value_of(covariate: Covariate, study: Study) -> Subquery:
    """Find, in a query of participants, each one's value of a covariate that the study defines."""
    rows = CovariateValue.objects.filter(study=study, covariate__name=covariate.name, participant=OuterRef("pk"))
    return Subquery(rows.order_by().values("level" if covariate.kind == "levels" else "number"))


def _covariate(stored: StoredCovariate) -> Covariate:
    is_number = stored.kind == StoredCovariate.Kind.NUMBER
    return Covariate(stored.name, "number" if is_number else "levels", stored.level_list, stored.label, stored.unit)
