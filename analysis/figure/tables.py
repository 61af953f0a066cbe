"""The numbers of the figures as tables, for those who cannot see them and for those who want to compute.

The numbers of boxplots and forest plot are those of the comparison's own table.
"""

from dataclasses import dataclass

from analysis.figure.group import Group
from analysis.figure.order import ordered
from analysis.figure.thighs import difference_of_medians
from analysis.stats.result_types.answers import ParticipantMeans
from analysis.stats.result_types.comparison import ComparisonResult
from analysis.words.comparison.table import rows as comparison_rows
from analysis.words.notation import DASH, interval, median_iqr, number, p_value, stars
from analysis.words.question.deciding import deciding
from grading.anatomy import MUSCLE_BY_CODE
from grading.scale import SCALE

SHOWN = 400  # rows on a page: more than that nobody reads there, and everybody waits for


@dataclass(frozen=True)
class Table:
    """Words and numbers as they are shown; the first ``words`` columns are words, the rest numbers."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    words: int = 1

    @property
    def first(self) -> tuple[tuple[str, ...], ...]:
        """List the rows that a page shows."""
        return self.rows[:SHOWN]

    @property
    def more(self) -> int:
        """Count the rows that a page leaves to the CSV."""
        return max(0, len(self.rows) - SHOWN)


def comparison_table(
    result: ComparisonResult, participant_means: ParticipantMeans, groups: tuple[Group, Group]
) -> Table:
    """Tabulate medians, difference with its interval, and p, for boxplots and forest plot."""
    reference, compared = groups
    columns = (f"{compared.code} n", "median [IQR]", f"{reference.code} n", "median [IQR]")
    head = ("Muscle", *columns, f"{compared.code} − {reference.code}", "95 % interval", "p", "Holm p", "Method")
    marked = ("max-T p", f"mark by {deciding(result).name}")
    rows = (
        (
            row.muscle.label,
            *(cell for group in (row.compared, row.reference) for cell in (str(group["n"]), median_iqr(group))),
            number(row.fit["estimate"]),
            interval(row.fit["ci_low"], row.fit["ci_high"]),
            p_value(row.fit["p"]),
            p_value(row.fit["p_holm"]),
            row.method,
            p_value(row.fit["p_permutation_max_t"]),
            stars(row.fit["p_deciding"]),
        )
        for row in comparison_rows(result)
    )
    return Table((*head, *marked), tuple(rows))


def heatmap_table(result: ComparisonResult, participant_means: ParticipantMeans, groups: tuple[Group, Group]) -> Table:
    """Tabulate every participant's mean score of each muscle, in the heat map's order."""
    codes = [muscle["muscle"] for muscle in result["muscles"]]
    rows = (
        (entry["participant"], entry["group"], *(number(entry["means"].get(code)) for code in codes))
        for entries in ordered(result, participant_means).values()
        for entry in entries
    )
    return Table(("Participant", "Group", *(MUSCLE_BY_CODE[code].label for code in codes)), tuple(rows), words=2)


def thighs_table(result: ComparisonResult, participant_means: ParticipantMeans, groups: tuple[Group, Group]) -> Table:
    """Tabulate medians with interquartile ranges, their difference, and what the model estimates of it."""
    reference, compared = groups
    rows = (
        (
            MUSCLE_BY_CODE[muscle["muscle"]].label,
            *(median_iqr(muscle["groups"][group.code]) for group in (compared, reference)),
            number(difference_of_medians(muscle, result["groups"])),
            number(muscle["estimate"]),
            stars(muscle["p_deciding"]),
        )
        for muscle in result["muscles"]
    )
    estimated = ("estimated difference", f"mark by {deciding(result).name}")
    medians = (f"{group.code} median [IQR]" for group in (compared, reference))
    return Table(("Muscle", *medians, "difference of medians", *estimated), tuple(rows))


def grades_table(result: ComparisonResult, participant_means: ParticipantMeans, groups: tuple[Group, Group]) -> Table:
    """Tabulate counts and shares of the grades."""
    reference, compared = groups
    rows = (
        (
            MUSCLE_BY_CODE[muscle["muscle"]].label,
            group.code,
            *_counts(participant_means["grades"][muscle["muscle"]][group.code]),
        )
        for muscle in result["muscles"]
        for group in (compared, reference)
    )
    steps = (f"{step.score} {step.name}" for step in SCALE)
    return Table(("Muscle", "Group", *steps, "grades"), tuple(rows), words=2)


def _counts(counts: list[int]) -> tuple[str, ...]:
    total = sum(counts)
    shares = (f"{count} ({count / total:.0%})".replace("%", " %") if total else DASH for count in counts)
    return (*shares, str(total))
