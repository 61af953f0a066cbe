"""The numbers of agreement as a table, which the bundle's programs compute anew."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

from analysis.stats.agreement.summary import COEFFICIENTS
from analysis.stats.result_types.agreement import AgreementEntry, AgreementResult, CoefficientEstimate
from grading.csv.columns import Column

_PERCENTILE = "percentile"
_INTERVALS = {"icc_2_1": "F", "icc_3_1": "F"}
_LIMITS = ("mean_difference", "sd", "loa_low", "loa_high")
_VARIANCES = (
    "unit",
    "reader",
    "residual",
    "icc_agreement",
    "icc_consistency",
    "smallest_detectable_difference",
)
_RESAMPLED: tuple[Literal["icc_2_1", "icc_3_1", "kappa_linear", "kappa_quadratic"], ...] = (
    "icc_2_1",
    "icc_3_1",
    "kappa_linear",
    "kappa_quadratic",
)
NUMBER_COLUMNS = (
    Column(
        "part",
        "text",
        "",
        "",
        "all: all readers; pair: two; rereads: one reader's first and later reads; bias: two readers' sum scores; "
        "effect: one reader against the others; mixed: variances from every grade; resampled: all readers, "
        "participants resampled",
    ),
    Column("reader", "text", "", "", "the reader whom it is about; the first of a pair; empty for all"),
    Column("other", "text", "", "", "the second of a pair; bias is the first minus the second"),
    Column("muscle", "text", "", "", "muscle, or overall; empty where it is about whole participants"),
    Column("name", "text", "", "", "which number, as in agreement.json"),
    Column("n", "whole number", "", "", "units with two grades; of bias participants, of mixed grades"),
    Column("value", "number", "", "", "the number; variances in squared grade points, differences in grade points"),
    Column("ci_low", "number", "", "", "lower end of its 95 % interval"),
    Column("ci_high", "number", "", "", "upper end of its 95 % interval"),
    Column("interval", "text", "", "", "F, t or jackknife; percentile: of resamples, which no program computes anew"),
)

Row = tuple[Any, ...]


def number_rows(agreement: AgreementResult) -> Iterator[Row]:
    """Give a row for each number of agreement, in the order of ``NUMBER_COLUMNS``."""
    for part, readers, entry in _entries(agreement):
        yield from _coefficients(part, readers, entry)
    for bias in agreement["bias"]:
        about = ("bias", *bias["readers"], "")
        yield from ((*about, name, bias["participants"], *_alone(bias, name)) for name in _LIMITS)
        yield (*about, "per_grade", bias["units"], *_estimate(bias["per_grade"]), "t")
    for effect in agreement["reader_effects"]:
        yield (
            "effect",
            effect["reader"],
            "",
            "",
            "per_grade",
            effect["units"],
            *_estimate(effect["per_grade"]),
            "jackknife",
        )
    for mixed in agreement["mixed_model"]:
        about = ("mixed", "", "", mixed["muscle"])
        yield from ((*about, name, mixed["grades"], *_alone(mixed, name)) for name in _VARIANCES)
    for found in agreement["resampled"]:
        about = ("resampled", "", "", found["muscle"])
        yield from ((*about, name, None, *_estimate(found[name]), _PERCENTILE) for name in _RESAMPLED)


def _entries(agreement: AgreementResult) -> Iterable[tuple[str, tuple[str, str], AgreementEntry]]:
    yield from (("all", ("", ""), entry) for entry in agreement["inter"])
    yield from (("pair", (entry["readers"][0], entry["readers"][1]), entry) for entry in agreement["pairs"])
    yield from (("rereads", (entry["reader"], ""), entry) for entry in agreement["intra"])


def _coefficients(part: str, readers: tuple[str, str], entry: AgreementEntry) -> Iterator[Row]:
    for code in COEFFICIENTS:
        about = (part, *readers, entry["muscle"], code, entry["units"])
        yield (*about, *_estimate(entry[code]), _INTERVALS.get(code, _PERCENTILE))


def _estimate(estimate: CoefficientEstimate) -> tuple[float | None, float | None, float | None]:
    return estimate["value"], estimate["ci_low"], estimate["ci_high"]


def _alone(found: Mapping[str, Any], name: str) -> Row:
    """A number without an interval."""
    return found[name], None, None, ""
