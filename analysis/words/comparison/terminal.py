"""A comparison as an aligned table with its notes, for a terminal."""

from analysis.stats.result_types.comparison import ComparisonResult, Verification
from analysis.stats.result_types.ordinal import OrdinalResult
from analysis.words.comparison.all_groups import all_groups_lines
from analysis.words.comparison.pattern import pattern_lines
from analysis.words.comparison.pattern_score import pattern_score_sentence
from analysis.words.comparison.sides import side_warning
from analysis.words.comparison.summary import marks
from analysis.words.comparison.table import Row, by_reason, index_notes, notes, rows
from analysis.words.notation import DASH, exact_p, interval, interval_of_share, median_iqr, number, stars
from analysis.words.question.catalogue import GRADES
from analysis.words.text_table import aligned


def as_text(result: ComparisonResult) -> str:
    """Write the result as an aligned table with its notes below."""
    reference, compared = result["groups"]["reference"], result["groups"]["compared"]
    head = ["", f"{compared} n", "median [IQR]", f"{reference} n", "median [IQR]", f"{compared} − {reference} [95 %]"]
    head += ["df", "p", "Holm p", "perm. p", "max-T p", "mark", "method"]
    if result["adjusted_for"]:
        head[-2:-2] = ["in model", "unadjusted"]
    cells = [head, *(_cells(row) for row in rows(result))]
    table = aligned(cells, words={0, len(head) - 1})
    parts = [
        [preamble(result, f"{result['model']} model, engine {result['engine']}")],
        pattern_lines(result["pattern"]),
        [said] if (said := pattern_score_sentence(result)) else [],
        table,
        [f"{marks(result)}.", *([warning] if (warning := side_warning(result)) else [])],
        remarks(notes(result)),
    ]
    parts += [all_groups_lines(result), _index(result), remarks(index_notes(result)), _verification(result["verify"])]
    return "\n\n".join("\n".join(part) for part in parts if part)


def remarks(about: dict[str, list[str]]) -> list[str]:
    """Write each note with the muscles that it is about."""
    return [f"{', '.join(muscles)}: {note}" for note, muscles in about.items()]


def _index(result: ComparisonResult) -> list[str]:
    """The probabilistic index of each muscle, and its mean over readers."""
    compared, reference = result["groups"]["compared"], result["groups"]["reference"]
    head = ["", f"P({compared} > {reference})", "95 %", "p", "over readers", "95 %"]
    cells = [
        [
            row.muscle.label,
            number(index["value"]),
            interval_of_share(index["ci_low"], index["ci_high"]),
            exact_p(index["p"]),
            number(averaged["value"]),
            interval_of_share(averaged["ci_low"], averaged["ci_high"]),
        ]
        for row in rows(result)
        for index, averaged in [(row.fit["index"], row.fit["index"]["over_readers"])]
    ]
    return aligned([head, *cells], words={0})


def preamble(result: ComparisonResult | OrdinalResult, model: str) -> str:
    """Say what was asked, by which model, of which data."""
    n = result["n"]
    sizes = ", ".join(f"{count} {group}" for group, count in n["by_group"].items())
    grades = f", {GRADES[result['grades']].name}" if result["grades"] != "reads" else ""
    return (
        f"{result['study']}: set {result['set']}, {model}{grades}\n"
        f"{result['formula']}\n"
        f"{n['participants']} participants ({sizes}; {n['fat_scored']} scored for fat), {n['reads']} reads, "
        f"{n['grades']} grades, data {result['data_version'][:12]}"
    )


def _cells(row: Row) -> list[str]:
    fit = row.fit
    difference = number(fit["estimate"])
    if fit["method"]:
        difference += f" {interval(fit['ci_low'], fit['ci_high'])}"
    seen = [cell for group in (row.compared, row.reference) for cell in (str(group["n"]), median_iqr(group))]
    ps = [exact_p(p) for p in (fit["p"], fit["p_holm"], fit["p_permutation"], fit["p_permutation_max_t"])]
    beside = [str(fit["participants"]), number(fit["unadjusted"]["estimate"])] if "unadjusted" in fit else []
    return [
        row.muscle.label,
        *seen,
        difference,
        number(fit["df"], 1),
        *ps,
        *beside,
        stars(fit["p_deciding"]),
        row.method,
    ]


def _verification(verify: Verification | None) -> list[str]:
    if verify is None:
        return []
    skipped = by_reason(verify["skipped"].items())
    return [
        f"Verified with {verify['engine']} for {len(verify['muscles'])} muscles: largest difference of estimates "
        f"{_difference(verify['max_abs_diff_estimate'])}, of standard errors (relative) "
        f"{_difference(verify['max_rel_diff_se'])}",
        *(f"  not {', '.join(muscles)}: {reason}" for reason, muscles in skipped.items()),
    ]


def _difference(value: float | None) -> str:
    return DASH if value is None else f"{value:.1e}"
