"""What a comparison may be adjusted for: values of participants that no MRI tells.

A numeric covariate is taken as it is, creatine kinase as its natural logarithm (it ranges over orders of magnitude),
a categorical one as an indicator of each level after the first. A study may define some beside those that all have.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class Covariate:
    """Hold one covariate: its column of the participants, and how it enters a model.

    kind: as it is, by its natural logarithm (a value that is not above 0 has none, and is missing), or by levels.
    levels: of a categorical covariate, the baseline first; another value is missing.
    meaning, unit: of one that a study defines.
    """

    name: str
    kind: Literal["number", "logarithm", "levels"]
    levels: tuple[str, ...] = ()
    meaning: str = ""
    unit: str = ""

    @property
    def term(self) -> str:
        """Write it as R's notation of formulas does."""
        return f"log({self.name})" if self.kind == "logarithm" else self.name

    def columns(self, values: pd.Series) -> np.ndarray:
        """Code participants' values as columns of a design: (participants, columns), NaN where missing."""
        if self.kind == "levels":
            known = values.isin(self.levels).to_numpy()
            columns = np.column_stack([(values == level).to_numpy(dtype=float) for level in self.levels[1:]])
            return np.where(known[:, None], columns, np.nan)
        numbers = pd.to_numeric(values).to_numpy(dtype=float, na_value=np.nan)[:, None]
        if self.kind == "logarithm":
            numbers = np.log(numbers, out=np.full(numbers.shape, np.nan), where=numbers > 0)
        return np.where(np.isfinite(numbers), numbers, np.nan)


COVARIATES = {
    covariate.name: covariate
    for covariate in (
        Covariate("age_years", "number"),
        Covariate("sex", "levels", ("female", "male")),
        Covariate("disease_duration_months", "number"),
        Covariate("ck_u_per_l", "logarithm"),
    )
}


def in_order(names: Iterable[str]) -> tuple[str, ...]:
    """Put names of covariates in their one order, each once: those of all studies, then a study's own by name."""
    named = set(names)
    return (*(name for name in COVARIATES if name in named), *sorted(named - set(COVARIATES)))


def known_in_order(names: Iterable[str], defined: Iterable[Covariate] = ()) -> tuple[str, ...]:
    """Put names in their one order.

    Args:
        defined: by the study.

    Raises:
        KeyError: an unknown covariate.
    """
    ordered = in_order(names)
    known = [*COVARIATES, *(covariate.name for covariate in defined)]
    if unknown := [name for name in ordered if name not in known]:
        raise KeyError(f"{unknown[0]!r}: choose from {', '.join(known)}")
    return ordered


@dataclass(frozen=True)
class Covariates:
    """Hold the covariates that a comparison is adjusted for, one or more.

    names: in their one order.
    values: a row per participant, columns ``participant`` and the names.
    defined: the covariates that the study defines, those named among them.
    """

    names: tuple[str, ...]
    values: pd.DataFrame
    defined: tuple[Covariate, ...] = ()

    @property
    def kinds(self) -> tuple[Covariate, ...]:
        """Give what each of the names is. KeyError for one that is unknown."""
        known = COVARIATES | {covariate.name: covariate for covariate in self.defined}
        return tuple(known[name] for name in self.names)

    @property
    def labels(self) -> dict[str, str]:
        """Give what the study calls those that it defines, by name."""
        return {covariate.name: covariate.meaning for covariate in self.kinds if covariate.meaning}

    @property
    def terms(self) -> tuple[str, ...]:
        """Write each as R's notation of formulas does."""
        return tuple(covariate.term for covariate in self.kinds)

    def design(self, codes: list[str]) -> "CovariateDesign":
        """Code the values of participants, in the order of their codes; one whom ``values`` lacks has none."""
        values = self.values.set_index("participant").reindex(codes)
        blocks = [covariate.columns(values[covariate.name]) for covariate in self.kinds]
        of = tuple(term for term, block in zip(self.terms, blocks, strict=True) for _ in range(block.shape[1]))
        return CovariateDesign(self.terms, of, np.repeat(np.hstack(blocks), 2, axis=0))


@dataclass(frozen=True)
class CovariateDesign:
    """Hold columns of participants' values.

    terms: the covariates, in R's notation of formulas.
    of: which of them each column belongs to.
    columns: (rows, columns), rows as in `Observations`; NaN where missing.
    """

    terms: tuple[str, ...]
    of: tuple[str, ...]
    columns: np.ndarray

    @property
    def row_is_complete(self) -> np.ndarray:
        """Say of each row whether it has a value of every covariate: (rows,)."""
        return ~np.isnan(self.columns).any(axis=1)

    def centred(self, rows: np.ndarray) -> np.ndarray:
        """Give the columns about their mean over some rows, in units of the largest distance from it.

        No group difference changes by that. A column that does not vary among the rows is 0.
        """
        chosen = self.columns[rows]
        centred = self.columns - chosen.mean(axis=0)
        unit = np.abs(centred[rows]).max(axis=0)
        varies = unit > 1e-9 * np.abs(chosen).max(axis=0)
        return np.where(varies, centred / np.where(varies, unit, 1.0), 0.0)
