"""An ordinal comparison as an aligned table with its notes, for a terminal."""

from analysis.stats.result_types.codes import MuscleStatus
from analysis.stats.result_types.ordinal import CutResult, OrdinalMuscleResult, OrdinalResult
from analysis.words.comparison.pattern import pattern_lines
from analysis.words.comparison.table import by_reason
from analysis.words.comparison.terminal import preamble, remarks
from analysis.words.notation import DASH, exact_p, number, open_interval
from analysis.words.text_table import aligned
from grading.anatomy import MUSCLE_BY_CODE

_STATUSES: dict[MuscleStatus, str] = {
    "ok": "",
    "boundary": "boundary",
    "separated": "separated",
    "not_estimable": "not estimable",
}


def as_text(result: OrdinalResult) -> str:
    """Write the result as an aligned table with its notes below, and the odds ratio of each cut."""
    said = preamble(result, "ordinal model, maximum likelihood")
    parts = [[said], pattern_lines(result["pattern"]), _table(result), remarks(notes(result)), _cuts(result)]
    return "\n\n".join("\n".join(part) for part in parts if part)


def notes(result: OrdinalResult) -> dict[str, list[str]]:
    """List each note once, with the muscles that it is about."""
    return by_reason((muscle_label(muscle), muscle["note"]) for muscle in result["muscles"] if muscle["note"])


def status_words(status: MuscleStatus) -> str:
    """Say a status; nothing of an ordinary answer."""
    return _STATUSES[status]


def cut_scores(result: OrdinalResult) -> list[float]:
    """List the scores at which some muscle has a cut of its own, ascending."""
    return sorted({cut["at_least"] for muscle in result["muscles"] for cut in muscle["cuts"]})


def cut_cells(muscle: OrdinalMuscleResult, scores: list[float]) -> list[str]:
    """Write a muscle's log odds ratio at each of the scores, with its standard error; a dash where it has none."""
    found = {cut["at_least"]: cut for cut in muscle["cuts"]}
    return [_cut(found[score]) if score in found else DASH for score in scores]


def _table(result: OrdinalResult) -> list[str]:
    reference, compared = result["groups"]["reference"], result["groups"]["compared"]
    head = ["", f"{compared} n", f"{reference} n", f"log odds ratio {compared}:{reference} [95 %]"]
    head += ["LR", "p", "Holm p", "perm. p", "max-T p", "SD of participants", "status"]
    cells = [
        [
            muscle_label(muscle),
            str(muscle["groups"][compared]["n"]),
            str(muscle["groups"][reference]["n"]),
            f"{number(muscle['estimate'])} {open_interval(muscle)}".strip(),
            number(muscle["statistic"]),
            *(exact_p(p) for p in (muscle["p"], muscle["p_holm"])),
            *(exact_p(p) for p in (muscle["p_permutation"], muscle["p_permutation_max_t"])),
            number(muscle["sd_participant"]),
            status_words(muscle["status"]),
        ]
        for muscle in result["muscles"]
    ]
    return aligned([head, *cells], words={0, len(head) - 1})


def _cuts(result: OrdinalResult) -> list[str]:
    scores = cut_scores(result)
    if not scores:
        return []
    head = ["", "pooled", *(f"≥ {score:g}" for score in scores)]
    cells = [
        [muscle_label(muscle), number(muscle["estimate"]), *cut_cells(muscle, scores)] for muscle in result["muscles"]
    ]
    return ["Log odds ratio (standard error) of each cut alone:", *aligned([head, *cells], words={0})]


def _cut(cut: CutResult) -> str:
    if cut["estimate"] is None:
        return status_words(cut["status"])
    return f"{number(cut['estimate'])} ({number(cut['se'])})"


def muscle_label(muscle: OrdinalMuscleResult) -> str:
    """Name the muscle."""
    return MUSCLE_BY_CODE[muscle["muscle"]].label
