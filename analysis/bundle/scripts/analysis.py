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

Where there is a pattern_score.csv, pattern_score.py computes scores, area and interval anew, to 1e-9.
Permutation p values are counted anew from permutations.csv by permutations.py, to the last permutation; agreement is
computed anew by agreement.py, to 1e-6, variances to 1e-3.

Not compared: degrees of freedom, p values and intervals of mixed models, since statsmodels tests by z (analysis.R does
that); models with a variance estimated as 0, which statsmodels takes for infinite.

Exit code 0: whatever is compared agrees. 1: something differs, or an optimum was not reached; the table says what.
Needs: pandas, statsmodels.
"""

import platform
import sys
from pathlib import Path

import agreement
import numpy as np
import pandas as pd
import pattern_score
import permutations
import scipy
import statsmodels
from covariates import with_covariates
from models import NUMBERS, design_of, fitted, joint_design, least_squares, needs_joint
from scipy import stats
from statsmodels.stats.multitest import multipletests

DESCRIBED, LEAST_SQUARES, ESTIMATE, STANDARD_ERROR = 1e-9, 1e-6, 1e-3, 1e-2


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
    wrong_score = pattern_score.differing(rows, expected)
    wrong_permutations = permutations.differing(rows, expected)
    wrong_agreement = agreement.differing([*expected["muscle"]])
    wrong = (wrong_holm, wrong_pattern, wrong_deciding, wrong_score, wrong_permutations, wrong_agreement, *differing)
    if any(wrong):
        print("\nstatsmodels does not arrive at the numbers of result.csv, or numpy not at those beside it.")
        return 1
    print("\nstatsmodels arrives at the numbers of result.csv, as far as it can: see the head of this file.")
    return 0


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
