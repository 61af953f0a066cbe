"""The bundle's tables besides the frame: the result as CSV, and what the columns mean.

R has no reader of JSON without a further package, so result.json also comes as result.csv, and what stands beside the
muscles in tables of its own.
"""

import csv
from collections.abc import Iterable, Iterator
from io import StringIO
from itertools import chain

from analysis.bundle.agreement_numbers import NUMBER_COLUMNS, number_rows
from analysis.bundle.contents import Contents
from analysis.bundle.participants import FLOW_COLUMNS, TABLE_ONE_COLUMNS
from analysis.bundle.pattern_score import RESAMPLE_COLUMNS, SCORE_COLUMNS, resample_rows, score_rows, scored
from analysis.bundle.permutations import PERMUTATION_COLUMNS, permutation_rows, permuted_muscles
from analysis.bundle.randomness import permutations_of
from analysis.bundle.result_columns import ALL_GROUPS_COLUMNS, PATTERN_COLUMNS, result_columns
from analysis.stats.agreement.summary import COEFFICIENTS
from analysis.stats.covariates import Covariate
from analysis.stats.frame.canonical import FRAME_COLUMNS
from analysis.stats.result_types.agreement import AgainstEntry, AgreementEntry, AgreementResult, CoefficientEstimate
from analysis.stats.result_types.all_groups import AllGroupsResult
from analysis.stats.result_types.comparison import ComparisonResult
from analysis.stats.result_types.pattern import PatternResult, PatternTestResult
from analysis.stats.result_types.pattern_score import PatternScoreResult
from grading.csv.columns import GRADE_COLUMNS, PARTICIPANT_COLUMNS, Column
from grading.csv.lines import csv_lines

AGREEMENT_COLUMNS = ("part", "readers", "muscle", "units", "coefficient", "value", "ci_low", "ci_high", "note")


def result_csv(result: ComparisonResult) -> str:
    """Write a row for each muscle; every digit of every number; empty where a number does not exist."""
    columns = result_columns(result)
    return _csv(
        [each.column.name for each in columns],
        ([each.value(result, muscle) for each in columns] for muscle in result["muscles"]),
    )


def pattern_csv(pattern: PatternResult) -> str:
    """Write a row for each of the two tests of all muscles at once."""
    tests = (("pattern", pattern["pattern"]), ("any", pattern["any"]))
    return _csv(
        [column.name for column in PATTERN_COLUMNS],
        ([name, *(test.get(column.name) for column in PATTERN_COLUMNS[1:])] for name, test in tests),
    )


def all_groups_csv(found: AllGroupsResult) -> str:
    """Write a row for each test over all groups: of each muscle, and of all at once."""
    tests: list[tuple[str, PatternTestResult]] = [
        *((each["muscle"], each) for each in found["muscles"]),
        ("pattern", found["pattern"]["pattern"]),
        ("any", found["pattern"]["any"]),
    ]
    names = [column.name for column in ALL_GROUPS_COLUMNS]
    return _csv(names, ([name, *(test.get(column) for column in names[1:])] for name, test in tests))


def agreement_numbers_csv(agreement: AgreementResult) -> str:
    """Write a row for each number of agreement; every digit; codes as they are, unlike in exports."""
    return _csv([column.name for column in NUMBER_COLUMNS], number_rows(agreement))


def permutations_csv(contents: Contents) -> str:
    """Write a row for each participant who was permuted: to which group each permutation assigns it."""
    rows = permutation_rows(contents, permutations_of(contents.result))
    return _csv([column.name for column in PERMUTATION_COLUMNS], rows)


def pattern_score_csv(found: PatternScoreResult) -> str:
    """Write a row for the area, for each muscle and for each participant; every digit of every number."""
    return _csv([column.name for column in SCORE_COLUMNS], score_rows(found))


def resamples_csv(contents: Contents) -> str:
    """Write a row for each participant: how often each resample of the pattern score draws them."""
    return _csv([column.name for column in RESAMPLE_COLUMNS], resample_rows(contents))


def agreement_csv(agreement: AgreementResult) -> str:
    """Write a row for each coefficient of each entry: of all readers, of each pair of them, and of each one's re-reads.

    Each reader against adjudicated and reference grades follows, where there are any, with the mean difference.

    A user name that a spreadsheet would run is written as every export writes it.
    """
    of_pairs = ((entry, entry["readers"]) for entry in agreement["pairs"])
    of_rereads = ((entry, [entry["reader"]]) for entry in agreement["intra"])
    parts: list[tuple[str, Iterable[tuple[AgreementEntry, list[str]]]]] = [
        ("inter", ((entry, agreement["readers"]) for entry in agreement["inter"])),
        ("pairs", of_pairs),
        ("intra", of_rereads),
    ]
    rows = (
        (part, " ".join(readers), entry["muscle"], entry["units"], code, *_estimate(entry[code]), entry["note"])
        for part, entries in parts
        for entry, readers in entries
        for code in COEFFICIENTS
    )
    return "".join(csv_lines(AGREEMENT_COLUMNS, chain(rows, _against_rows(agreement["against"]))))


def _against_rows(entries: Iterable[AgainstEntry]) -> Iterator[tuple[object, ...]]:
    for entry in entries:
        part = f"{entry['against']}-{entry['feature']}" if entry["feature"] else entry["against"]
        found = {
            "exact": entry["exact"],
            "kappa_linear": entry["kappa_linear"],
            "kappa_quadratic": entry["kappa_quadratic"],
            "mean_difference": entry["mean_difference"],
        }
        for code, estimate in found.items():
            yield part, entry["reader"], entry["muscle"], entry["units"], code, *_estimate(estimate), entry["note"]


def _estimate(estimate: CoefficientEstimate) -> tuple[float | None, float | None, float | None]:
    return estimate["value"], estimate["ci_low"], estimate["ci_high"]


def covariates_csv(contents: Contents) -> str:
    """Write a row for each participant of analysed.csv, by code; empty where a value is missing."""
    names = _covariates_of(contents)
    if contents.covariates is None:
        raise ValueError("The comparison is not adjusted.")
    values = contents.covariates.values.set_index("participant").reindex(sorted(set(contents.analysed["participant"])))
    values = values.astype(object).where(values.notna(), None)
    return _csv(["participant", *names], values[list(names)].itertuples(name=None))


def codebook_csv(contents: Contents) -> str:
    """Explain every column of every other table: type, unit, allowed values, meaning."""
    graded = {column.name: column for column in GRADE_COLUMNS}
    of_frame = [graded[name] for name in FRAME_COLUMNS]
    known = {column.name: column for column in PARTICIPANT_COLUMNS}
    own = {each.name: _column(each) for each in contents.covariates.defined} if contents.covariates else {}
    covariates = [graded["participant"], *(own.get(name) or known[name] for name in _covariates_of(contents))]
    all_groups = contents.result.get("all_groups")
    files: dict[str, list[Column]] = {
        "frame.csv": of_frame,
        "analysed.csv": of_frame,
        **({"reads.csv": of_frame} if contents.as_read is not None else {}),
        **({"covariates.csv": covariates} if contents.covariates else {}),
        "result.csv": [each.column for each in result_columns(contents.result)],
        **({"pattern.csv": [*PATTERN_COLUMNS]} if contents.result["pattern"] else {}),
        **({"all_groups.csv": [*ALL_GROUPS_COLUMNS], "groups.csv": of_frame} if all_groups else {}),
        **(
            {"pattern_score.csv": [*SCORE_COLUMNS], "resamples.csv": [*RESAMPLE_COLUMNS]}
            if scored(contents.result)
            else {}
        ),
        **({"table1.csv": [*TABLE_ONE_COLUMNS]} if contents.described else {}),
        **({"flow.csv": [*FLOW_COLUMNS]} if contents.described and contents.described["flow"] else {}),
        "agreement.csv": [*NUMBER_COLUMNS],
        **({"permutations.csv": [*PERMUTATION_COLUMNS]} if permuted_muscles(contents.result) else {}),
    }
    return _csv(
        ("file", "column", "type", "unit", "allowed", "meaning"),
        (
            (file, column.name, column.type, column.unit, column.allowed, column.meaning)
            for file, columns in files.items()
            for column in columns
        ),
    )


def _column(covariate: Covariate) -> Column:
    """Describe the column of a covariate that the study defines."""
    if covariate.kind == "levels":
        return Column(covariate.name, "text", "", f"{', '.join(covariate.levels)} or empty", covariate.meaning)
    return Column(covariate.name, "number", covariate.unit, "a number, or empty", covariate.meaning)


def _covariates_of(contents: Contents) -> tuple[str, ...]:
    return contents.covariates.names if contents.covariates else ()


def _csv(header: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    file = StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return file.getvalue()
