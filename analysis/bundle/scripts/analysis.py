"""python analysis.py : computes the comparison anew from analysed.csv and holds it against result.csv.

With statsmodels: MixedLM by restricted maximum likelihood for each muscle (or for all, where result.csv says "joint"),
least squares where the site took least squares. What is compared, and how closely (relative):

- medians, quartiles, means, standard deviations, numbers of participants, Holm's adjustment: 1e-9;
- everything of least squares: 1e-6;
- of mixed models the estimate, to 1e-3 of its standard error, and the standard error, to 1 %. statsmodels has no
  Kenward-Roger adjustment and takes standard errors from the observed information: both matter with unbalanced data.

Where there is a covariates.csv, models have the covariates, of the participants who have all of them, and the same
models without covariates are compared as well. Where there is a pattern.csv, its p values are compared with those of
its F and degrees of freedom, which statsmodels has no way to (analysis.R computes F); so it is with an all_groups.csv.

Permutation p values are counted anew from permutations.csv by permutations.py, to the last permutation; agreement is
computed anew by agreement.py, to 1e-6, variances to 1e-3.

Not compared: degrees of freedom, p values and intervals of mixed models, since statsmodels tests by z (analysis.R does
that); models with a variance estimated as 0, which statsmodels takes for infinite.

Exit code 0: whatever is compared agrees. 1: something differs, or an optimum was not reached; the table says what.
Needs: pandas, statsmodels.
"""

import platform
import sys
import warnings
from pathlib import Path

import agreement
import numpy as np
import pandas as pd
import permutations
import scipy
import statsmodels
from scipy import stats
from statsmodels.api import OLS
from statsmodels.regression.mixed_linear_model import MixedLM, VCSpec
from statsmodels.stats.multitest import multipletests

DESCRIBED, LEAST_SQUARES, ESTIMATE, STANDARD_ERROR = 1e-9, 1e-6, 1e-3, 1e-2
OPTIMISERS = ("bfgs", "cg", "powell")  # not lbfgs, which steps onto a variance of 0 and calls that converged
NUMBERS = ("estimate", "se", "df", "statistic", "p", "ci_low", "ci_high")


def main() -> int:
    print(f"Python {platform.python_version()}, numpy {np.__version__}, pandas {pd.__version__}, ", end="")
    print(f"scipy {scipy.__version__}, statsmodels {statsmodels.__version__}\n")
    text = {"dtype": str, "keep_default_na": False}
    expected = pd.read_csv("result.csv", **text)
    rows = pd.read_csv("analysed.csv", **text)
    rows["score"] = rows["score"].astype(float)
    joint = fitted(joint_design(rows, expected)) if needs_joint(expected) else None
    modelled, covariates = with_covariates(rows)
    differing = [of_muscle(entry, rows, modelled, covariates, joint) for _, entry in expected.iterrows()]
    if "grades" in expected:
        print("\nGrades: with adjudicated decisions in the place of readers' grades; reads.csv has these.")
    wrong_holm = holm_differs(expected) or all_groups_differ()
    if wrong_holm:
        print("\nHolm's adjustment DIFFERS.")
    wrong_pattern = pattern_differs()
    if wrong_pattern:
        print("\np of the pattern DIFFERS.")
    wrong_deciding = deciding_differs(expected)
    if wrong_deciding:
        print("\nThe p that decides DIFFERS.")
    wrong_permutations = permutations.differing(rows, expected)
    wrong_agreement = agreement.differing([*expected["muscle"]])
    wrong = (wrong_holm, wrong_pattern, wrong_deciding, wrong_permutations, wrong_agreement, *differing)
    if any(wrong):
        print("\nstatsmodels does not arrive at the numbers of result.csv, or numpy not at those beside it.")
        return 1
    print("\nstatsmodels arrives at the numbers of result.csv, as far as it can: see the head of this file.")
    return 0


def with_covariates(rows: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Give the rows of participants who have every covariate, with these as columns; all rows where there are none.

    Numbers are taken as they are, creatine kinase as its logarithm, sex as an indicator of male, what has other levels
    as indicators of all but the first of them in the alphabet (of a single one, 0); about their means.
    """
    if not Path("covariates.csv").exists():
        return rows, []
    values = pd.read_csv("covariates.csv", dtype=str, keep_default_na=False).set_index("participant")
    book = pd.read_csv("codebook.csv", dtype=str, keep_default_na=False)
    texts = set(book.loc[(book["file"] == "covariates.csv") & (book["type"] == "text"), "column"])
    coded = pd.concat([code(name, values[name], texts) for name in values], axis=1).dropna().add_prefix("covariate ")
    joined = rows.join(coded, on="participant", how="inner")
    for name in coded:
        joined[name] -= joined[name].mean()
    return joined, list(coded)


def code(name: str, values: pd.Series, texts: set[str]) -> pd.DataFrame:
    if name == "sex":
        return values.map({"female": 0.0, "male": 1.0}).to_frame()
    if name in texts:
        levels = sorted(set(values) - {""})[1:] or [""]  # which nobody with a value has: who has none stays missing
        columns = {f"{name} {level}": (values == level).astype(float).where(values != "") for level in levels}
        return pd.DataFrame(columns, index=values.index)
    numbers = pd.to_numeric(values.where(values != ""))
    return (np.log(numbers.where(numbers > 0)) if name == "ck_u_per_l" else numbers.astype(float)).to_frame()


def of_muscle(entry: pd.Series, rows: pd.DataFrame, modelled: pd.DataFrame, covariates: list[str], joint) -> list[str]:
    """Print a muscle's line, and return what differs."""
    own = rows[rows["muscle"] == entry["muscle"]]
    wrong = [
        f"{side}_{name}"
        for side in ("reference", "compared")
        for name, value in described(own[own["group"] == entry[side]]).items()
        if not close(value, entry[f"{side}_{name}"], DESCRIBED)
    ]
    chosen = modelled[modelled["muscle"] == entry["muscle"]]
    done, differing = held_against(entry, chosen, covariates, joint)
    wrong += differing
    if covariates:
        wrong += [f"unadjusted_{name}" for name in held_against(unadjusted(entry, chosen), chosen, [], None)[1]]
        wrong += ["participants"] if chosen["participant"].nunique() != int(entry["participants"]) else []
    print(f"{entry['muscle']:5} {entry['status']:14} {done:66} {'DIFFERS: ' + ', '.join(wrong) if wrong else 'agrees'}")
    return wrong


def unadjusted(entry: pd.Series, own: pd.DataFrame) -> pd.Series:
    """Name the numbers of the model without covariates as those with them; those at a boundary are not held."""
    prefix = "unadjusted_"
    given = {name.removeprefix(prefix): value for name, value in entry.items() if name.startswith(prefix)}
    if given["status"] != "ok":
        return pd.Series({**entry, **given, "status": "not_estimable"})
    method = "kenward_roger" if own["participant"].duplicated().any() else "linear_model"
    statistic = str(float(given["estimate"]) / float(given["se"]))
    return pd.Series({**entry, **given, "method": method, "statistic": statistic})


def held_against(entry: pd.Series, own: pd.DataFrame, covariates: list[str], joint) -> tuple[str, list[str]]:
    """Say what was done for a muscle, and what of it differs from result.csv."""
    if entry["status"] == "not_estimable":
        return "descriptives only: not estimable", []
    if entry["status"] == "separated":
        means = own.groupby(["group", "participant"], observed=True)["score"].mean().groupby(level="group").mean()
        difference = means[entry["compared"]] - means[entry["reference"]]
        return "difference of means", [] if close(difference, entry["estimate"], DESCRIBED) else ["estimate"]
    if entry["model"] == "joint" and entry["method"] == "linear_model" and entry["status"] == "ok":
        return "descriptives only: least squares of all muscles, see analysis.R", []
    if entry["method"] == "linear_model":
        found = least_squares(entry, own, covariates)
        return "least squares", [name for name in NUMBERS if not close(found[name], entry[name], LEAST_SQUARES)]
    if entry["status"] == "boundary":
        return "descriptives only: a variance is 0, which statsmodels cannot fit", []
    fit = joint or fitted(design_of(entry, own, covariates))
    if fit is None:
        return "statsmodels did not reach an optimum", ["optimum"]
    name = f"difference {entry['muscle']}"
    estimate, se = fit.fe_params[name], fit.bse_fe[name]
    is_wrong = {
        "estimate": abs(estimate - float(entry["estimate"])) > ESTIMATE * float(entry["se"]),
        "se": not close(se, entry["se"], STANDARD_ERROR),
    }
    done = f"MixedLM: estimate {estimate:.6f}, se {se:.6f} (site {float(entry['se']):.6f})"
    return done, [name for name, wrong in is_wrong.items() if wrong]


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


def described(rows: pd.DataFrame) -> dict[str, float]:
    """Describe participants' mean scores."""
    means = rows.groupby("participant")["score"].mean()
    if not len(means):
        return {"n": 0.0}
    q1, median, q3 = np.quantile(means, [0.25, 0.5, 0.75])
    return {"n": len(means), "median": median, "q1": q1, "q3": q3, "mean": means.mean(), "sd": means.std()}


def holm_differs(expected: pd.DataFrame) -> bool:
    """Tell whether Holm's adjustment of the site's own p values is another."""
    given = expected[expected["p"] != ""]
    if not len(given):
        return False
    adjusted = multipletests(given["p"].astype(float), method="holm")[1]
    return not all(close(here, there, DESCRIBED) for here, there in zip(adjusted, given["p_holm"], strict=True))


def deciding_differs(expected: pd.DataFrame) -> bool:
    """Tell whether p_deciding is another than the p that it is said to be."""
    columns = {"raw": "p", "holm": "p_holm", "max-t": "p_permutation_max_t"}
    return any(row["p_deciding"] != row[columns[row["decided_by"]]] for _, row in expected.iterrows())


def pattern_differs() -> bool:
    """Tell whether p of a test of all muscles at once is another than that of its F."""
    files = [name for name in ("pattern.csv", "all_groups.csv") if Path(name).exists()]
    if not files:
        return False
    tests = pd.concat([pd.read_csv(name, dtype=str, keep_default_na=False) for name in files])
    made = tests[tests["F"] != ""].astype(dict.fromkeys(("F", "df1", "df2"), float))
    return not all(close(stats.f.sf(row.F, row.df1, row.df2), row.p, LEAST_SQUARES) for row in made.itertuples())


def all_groups_differ() -> bool:
    """Tell whether Holm's adjustment of the tests over all groups, of which each is of a muscle, is another."""
    if not Path("all_groups.csv").exists():
        return False
    tests = pd.read_csv("all_groups.csv", dtype=str, keep_default_na=False)
    return holm_differs(tests[~tests["test"].isin(["pattern", "any"])])


def close(here: float, there: str, tolerance: float) -> bool:
    """Tell whether a number is that of a field; an empty field is that of no number."""
    if there == "" or np.isnan(here):
        return there == "" and bool(np.isnan(here))
    return bool(abs(here - float(there)) <= max(1e-12, tolerance * abs(float(there))))


if __name__ == "__main__":
    sys.exit(main())
