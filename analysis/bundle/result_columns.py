"""The columns of result.csv, each once: what it is called, what it means, and where its value stands in the result."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from analysis.stats.result_types.comparison import ComparisonResult
from analysis.stats.result_types.muscles import GroupDescription, MuscleResult, UnadjustedMuscle
from grading.csv.columns import Column

Value = str | float | None


@dataclass(frozen=True)
class ResultColumn:
    """A column, and how to read its value of one muscle."""

    column: Column
    value: Callable[[ComparisonResult, MuscleResult], Value]


def _text(name: str, meaning: str, value: Callable[[ComparisonResult, MuscleResult], Value]) -> ResultColumn:
    return ResultColumn(Column(name, "text", "", "", meaning), value)


def _number(name: str, unit: str, meaning: str, value: Callable[[MuscleResult], float | None]) -> ResultColumn:
    return ResultColumn(Column(name, "number", unit, "", meaning), lambda result, muscle: value(muscle))


_QUESTION = (
    _text("set", "analysis set: all, edema or fat", lambda result, muscle: result["set"]),
    _text("model", "per-muscle or joint", lambda result, muscle: result["model"]),
    _text(
        "df_method",
        "how degrees of freedom are computed: kenward-roger or satterthwaite",
        lambda result, muscle: result["df_method"],
    ),
    _text("reference", "reference group", lambda result, muscle: result["groups"]["reference"]),
    _text("compared", "group compared with it", lambda result, muscle: result["groups"]["compared"]),
)
_MUSCLE = (
    _text("muscle", "muscle", lambda result, muscle: muscle["muscle"]),
    _text(
        "status",
        "ok, boundary (a variance estimated as 0), separated (no model, only the difference), or not_estimable",
        lambda result, muscle: muscle["status"],
    ),
    _text(
        "method",
        "kenward_roger, satterthwaite or linear_model; empty where separated or not estimable",
        lambda result, muscle: muscle["method"],
    ),
    _number("estimate", "grade", "difference: compared minus reference", lambda muscle: muscle["estimate"]),
    _number("se", "grade", "its standard error", lambda muscle: muscle["se"]),
    _number("df", "", "degrees of freedom", lambda muscle: muscle["df"]),
    _number("statistic", "", "estimate / se", lambda muscle: muscle["statistic"]),
    _number("p", "", "two-sided p value, not adjusted", lambda muscle: muscle["p"]),
    _number(
        "p_holm",
        "",
        "p value adjusted by Holm's method for the estimable muscles",
        lambda muscle: muscle["p_holm"],
    ),
    _number(
        "p_permutation",
        "",
        "p value by permuting groups among participants; empty where not computed",
        lambda muscle: muscle["p_permutation"],
    ),
    _number(
        "p_permutation_max_t",
        "",
        "p value by permuting groups, adjusted for the estimable muscles (Westfall-Young)",
        lambda muscle: muscle["p_permutation_max_t"],
    ),
    _number("ci_low", "grade", "lower end of the 95 % interval of the difference", lambda muscle: muscle["ci_low"]),
    _number("ci_high", "grade", "upper end of the 95 % interval of the difference", lambda muscle: muscle["ci_high"]),
)


def _of_group(side: Literal["reference", "compared"]) -> list[ResultColumn]:
    """Make the columns that describe one of the two groups."""

    def described(
        name: str, type_: str, unit: str, meaning: str, value: Callable[[GroupDescription], float | None]
    ) -> ResultColumn:
        return ResultColumn(
            Column(f"{side}_{name}", type_, unit, "", f"{side} group: {meaning}"),
            lambda result, muscle: value(muscle["groups"][result["groups"][side]]),
        )

    number, grade, means = "number", "grade", "of participants' mean scores"
    return [
        described(
            "n", "whole number", "participants", "participants of the group with an assessed grade", lambda of: of["n"]
        ),
        described("median", number, grade, f"median {means}", lambda of: of["median"]),
        described("q1", number, grade, f"lower quartile {means} (type 7)", lambda of: of["q1"]),
        described("q3", number, grade, f"upper quartile {means} (type 7)", lambda of: of["q3"]),
        described("mean", number, grade, f"mean {means}", lambda of: of["mean"]),
        described("sd", number, grade, f"standard deviation {means}", lambda of: of["sd"]),
    ]


_DECIDING = (
    _text(
        "decided_by",
        "which p value says what is called different: raw, holm or max-t",
        lambda result, muscle: result["deciding"]["used"],
    ),
    _number("p_deciding", "", "that p value", lambda muscle: muscle["p_deciding"]),
)
RESULT_COLUMNS = (*_QUESTION, *_MUSCLE, *_of_group("reference"), *_of_group("compared"), *_DECIDING)


def _unadjusted(
    name: str, unit: str, meaning: str, value: Callable[[UnadjustedMuscle], float | str | None]
) -> ResultColumn:
    return ResultColumn(
        Column(f"unadjusted_{name}", "text" if name == "status" else "number", unit, "", f"unadjusted: {meaning}"),
        lambda result, muscle: value(muscle["unadjusted"]) if "unadjusted" in muscle else None,
    )


# Only of an adjusted comparison.
_ADJUSTED = (
    _number(
        "participants",
        "participants",
        "in the muscle's model: with a grade of it and every covariate",
        lambda muscle: muscle.get("participants"),
    ),
    _unadjusted(
        "status", "", "status of the model without covariates, of the same participants", lambda of: of["status"]
    ),
    _unadjusted("estimate", "grade", "difference: compared minus reference", lambda of: of["estimate"]),
    _unadjusted("se", "grade", "its standard error", lambda of: of["se"]),
    _unadjusted("df", "", "degrees of freedom", lambda of: of["df"]),
    _unadjusted("p", "", "two-sided p value", lambda of: of["p"]),
    _unadjusted("ci_low", "grade", "lower end of the 95 % interval of the difference", lambda of: of["ci_low"]),
    _unadjusted("ci_high", "grade", "upper end of the 95 % interval of the difference", lambda of: of["ci_high"]),
)

# Only of adjudicated grades.
_GRADES = (_text("grades", "adjudicated: with adjudicated decisions", lambda result, muscle: result["grades"]),)


def result_columns(result: ComparisonResult) -> tuple[ResultColumn, ...]:
    """List the columns of a result: those of an adjusted one, and of adjudicated grades, behind those of every one."""
    grades = _GRADES if result["grades"] != "reads" else ()
    return (*RESULT_COLUMNS, *(_ADJUSTED if result["adjusted_for"] else ()), *grades)


PATTERN_COLUMNS = (
    Column("test", "text", "", "", "pattern (the difference varies from muscle to muscle) or any (the groups differ)"),
    Column("F", "number", "", "", "Kenward and Roger's F, scaled"),
    Column("df1", "whole number", "", "", "its first degrees of freedom"),
    Column("df2", "number", "", "", "its second degrees of freedom"),
    Column("scaling", "number", "", "", "the factor by which F was scaled"),
    Column("p", "number", "", "", "its p value"),
    Column("status", "text", "", "", "ok, boundary (a variance estimated as 0), or not_estimable"),
)

ALL_GROUPS_COLUMNS = (
    Column("test", "text", "", "", "muscle, or pattern or any: of all muscles at once, as in pattern.csv"),
    *PATTERN_COLUMNS[1:-1],
    Column("p_holm", "number", "", "", "p adjusted by Holm's method for the muscles that could be tested"),
    Column("p_over_pairs", "number", "", "", "p of result.csv adjusted by Holm's method over all pairs of groups"),
    Column("p_over_all", "number", "", "", "the same, adjusted over all muscles of all pairs"),
    PATTERN_COLUMNS[-1],
)
