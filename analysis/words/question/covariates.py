"""What covariates are called, and what a comparison is adjusted for, in words."""

from collections.abc import Iterable

from analysis.words.prose import listed

COVARIATES = {
    "age_years": "age",
    "sex": "sex",
    "disease_duration_months": "disease duration",
    "ck_u_per_l": "creatine kinase (logarithm)",
}


def covariate_name(name: str) -> str:
    """Write what a covariate is called: one that a study defines by its name there."""
    return COVARIATES.get(name) or name.replace("_", " ")


def adjusted_for(names: Iterable[str]) -> str:
    """Write ``adjusted for age and sex``; nothing of no covariate."""
    covariates = listed(map(covariate_name, names))
    return f"adjusted for {covariates}" if covariates else ""
