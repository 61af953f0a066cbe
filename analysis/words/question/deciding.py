"""What the p values are called that may decide which muscles differ: each gets its words here alone."""

from dataclasses import dataclass

from analysis.stats.permutation import DEFAULT_UP_TO
from analysis.stats.result_types.codes import PName
from analysis.stats.result_types.comparison import ComparisonResult
from analysis.stats.result_types.muscles import SeparatedMuscle


@dataclass(frozen=True)
class PWords:
    """A p value in words, each without a capital or a full stop."""

    code: PName
    name: str  # on a tab, and as the head of a column
    own: str  # in a sentence, of one muscle
    how: str  # behind "p" or "p < 0.05": how it came about
    by: str  # before a verb
    adjustment: str  # behind "before"; empty of what is not adjusted
    about: str


P_VALUES: dict[PName, PWords] = {
    words.code: words
    for words in (
        PWords(
            "raw",
            name="raw p",
            own="raw p",
            how="not adjusted for the number of muscles",
            by="without adjustment for the number of muscles",
            adjustment="",
            about="called different by each muscle’s own p, not adjusted for the number of muscles, as in the paper",
        ),
        PWords(
            "holm",
            name="Holm p",
            own="Holm’s p",
            how="adjusted for the number of muscles by Holm’s method",
            by="after Holm’s adjustment",
            adjustment="Holm’s adjustment",
            about="called different by p adjusted for the number of muscles by Holm’s method",
        ),
        PWords(
            "max-t",
            name="max-T p",
            own="max-T p",
            how="by permuting the groups, adjusted for all muscles (max-T)",
            by="by permutation (max-T)",
            adjustment="adjustment by max-T",
            about=f"called different by permuting the groups, for all muscles; up to {DEFAULT_UP_TO} participants",
        ),
    )
}


def deciding(result: ComparisonResult) -> PWords:
    """Give the words of the p value that decides in a result."""
    return P_VALUES[result["deciding"]["used"]]


def p_of_separated(result: ComparisonResult, muscle: SeparatedMuscle) -> tuple[str, float | None]:
    """Name the p value to give of a separated muscle, and give it: the one that decides, else that of permutations."""
    if muscle["p_deciding"] is not None:
        return deciding(result).own, muscle["p_deciding"]
    return "permutation p", muscle["p_permutation"]


def instead(result: ComparisonResult) -> str:
    """Say why another p value decides than the one asked for; nothing where it is that one."""
    if result["deciding"]["asked"] == result["deciding"]["used"]:
        return ""
    return f"Max-T is not computed {_why(result)}: {deciding(result).own} decides instead."


def _why(result: ComparisonResult) -> str:
    if result["adjusted_for"]:
        return "where the comparison is adjusted for covariates"
    return f"above {DEFAULT_UP_TO} participants" if result["n"]["participants"] > DEFAULT_UP_TO else "here"
