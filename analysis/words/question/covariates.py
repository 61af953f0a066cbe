"""What covariates are called, and what a comparison is adjusted for, in words."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from analysis.stats.result_types.comparison import ComparisonResult
from analysis.words.prose import listed

NO_LABELS: Mapping[str, str] = MappingProxyType({})
COVARIATES = {
    "age_years": "age",
    "sex": "sex",
    "disease_duration_months": "disease duration",
    "ck_u_per_l": "creatine kinase (logarithm)",
}


def covariate_name(name: str, labels: Mapping[str, str] = NO_LABELS) -> str:
    """Write what a covariate is called: one that a study defines by its label there, else by its name."""
    return COVARIATES.get(name) or labels.get(name) or name.replace("_", " ")


def covariate_names(names: Iterable[str], labels: Mapping[str, str] = NO_LABELS) -> list[str]:
    """Write what each covariate is called."""
    return [covariate_name(name, labels) for name in names]


def adjusted_for(names: Iterable[str], labels: Mapping[str, str] = NO_LABELS) -> str:
    """Write ``adjusted for age and sex``; nothing of no covariate."""
    covariates = listed(covariate_names(names, labels))
    return f"adjusted for {covariates}" if covariates else ""


def is_adjusted_for(result: ComparisonResult) -> str:
    """Write the same of a result, by the labels that its study gives."""
    return adjusted_for(result["adjusted_for"], result.get("covariate_labels", NO_LABELS))
