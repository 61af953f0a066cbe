"""Imported by analysis.py: designs of the models, and their fits by statsmodels."""

import warnings

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.api import OLS
from statsmodels.regression.mixed_linear_model import MixedLM, VCSpec

OPTIMISERS = ("bfgs", "cg", "powell")  # not lbfgs, which steps onto a variance of 0 and calls that converged
NUMBERS = ("estimate", "se", "df", "statistic", "p", "ci_low", "ci_high")

# Designs


def fixed_effects(entry: pd.Series, rows: pd.DataFrame, covariates: list[str]) -> pd.DataFrame:
    """List the columns of the intercept, the group difference, the covariates, and the several readers and sides."""
    X = pd.DataFrame({"intercept": 1.0, f"difference {entry['muscle']}": is_compared(entry, rows)}, index=rows.index)
    return independent(X.join(rows[covariates]).join(nuisance(rows)))


def nuisance(rows: pd.DataFrame) -> pd.DataFrame:
    return pd.get_dummies(rows[["reader", "side"]], drop_first=True, dtype=float)


def is_compared(entry: pd.Series, rows: pd.DataFrame) -> pd.Series:
    return (rows["group"] == entry["compared"]).astype(float)


def independent(X: pd.DataFrame) -> pd.DataFrame:
    """Leave out the columns that those before them determine."""
    kept: list[str] = []
    for name in X:
        if np.linalg.matrix_rank(X[[*kept, name]]) > len(kept):
            kept.append(name)
    return X[kept]


def design_of(entry: pd.Series, own: pd.DataFrame, covariates: list[str]) -> MixedLM:
    """score ~ group + covariates + reader + side + (1 | participant)"""
    return MixedLM(own["score"], fixed_effects(entry, own, covariates), own["participant"])


def needs_joint(expected: pd.DataFrame) -> bool:
    is_mixed = (expected["status"] == "ok") & (expected["method"] != "linear_model")
    return bool(((expected["model"] == "joint") & is_mixed).any())


def joint_design(rows: pd.DataFrame, expected: pd.DataFrame) -> MixedLM:
    """score ~ 0 + muscle + muscle:group + reader + side + (1 | participant) + (1 | participant:muscle)"""
    rows = rows.sort_values("participant", kind="stable").reset_index(drop=True)
    asked = expected.iloc[0]
    muscles = pd.get_dummies(rows["muscle"], dtype=float)
    differences = muscles.mul(is_compared(asked, rows), axis=0).add_prefix("difference ")
    X = independent(muscles.join(differences).join(nuisance(rows)))
    cells = None
    if rows.groupby(["participant", "muscle"]).size().max() > 1:
        mats = [pd.get_dummies(own["muscle"], dtype=float) for _, own in rows.groupby("participant")]
        cells = VCSpec(["muscle"], [[list(mat.columns) for mat in mats]], [[mat.to_numpy() for mat in mats]])
    return MixedLM(rows["score"], X, rows["participant"], exog_re=np.ones((len(rows), 1)), exog_vc=cells)


# Fits


def fitted(model: MixedLM):
    """Fit a model with several optimisers, and return the best fit, or None."""
    found = []
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")  # what they warn of shows in the comparison
        for method in OPTIMISERS:
            try:
                result = model.fit(reml=True, method=method)
            except (np.linalg.LinAlgError, ArithmeticError, ValueError):
                continue
            if np.isfinite(result.llf) and np.isfinite(result.bse_fe).all():
                found.append(result)
                if result.converged:
                    break
    return max(found, key=lambda result: result.llf, default=None)


def least_squares(entry: pd.Series, own: pd.DataFrame, covariates: list[str]) -> dict[str, float]:
    """Fit the grades, or where these never differ within a participant the participants' means."""
    if entry["status"] == "boundary":
        own = own.groupby(["participant", "group", *covariates], as_index=False)["score"].mean()
        own = own.assign(reader="", side="")
    fit = OLS(own["score"], fixed_effects(entry, own, covariates)).fit()
    name = f"difference {entry['muscle']}"
    estimate, se, df = fit.params[name], fit.bse[name], fit.df_resid
    reach = stats.t.ppf(0.975, df) * se
    p = 2 * stats.t.sf(abs(estimate / se), df)
    return dict(zip(NUMBERS, (estimate, se, df, estimate / se, p, estimate - reach, estimate + reach), strict=True))
