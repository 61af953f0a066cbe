"""Each reader against adjudicated and reference grades, as cells of tables, with what to bear in mind of them."""

from dataclasses import dataclass

from analysis.stats.agreement.inter_reader import OVERALL
from analysis.stats.result_types.agreement import AgainstEntry, AgreementResult
from analysis.stats.result_types.codes import AgainstName
from analysis.words.agreement.coefficients import estimate_text, note_in_words, percent_text
from analysis.words.agreement.table import muscle_label
from analysis.words.comparison.table import by_reason
from grading.scale import FEATURE_NAMES

HEADS = (
    "units",
    "undecided",
    "not assessable",
    "exact, %",
    "kappa, linear",
    "kappa, quadratic",
    "mean difference",
)
_IN_NOTES = {
    "exact": "exact",
    "kappa_linear": "linear kappa",
    "kappa_quadratic": "quadratic kappa",
    "mean_difference": "mean difference",
}
_TITLES: dict[AgainstName, str] = {
    "decided": "Adjudicated grades, decided units",
    "settled": "Adjudicated grades, all settled units",
    "reference": "Reference grades of calibration cases",
}
_EXPLAINED: dict[AgainstName, str] = {
    "decided": "Units on which a decision stands, against the decision. They are units on which readers differed, by "
    "as much as the study sends to adjudication: kappa and exact agreement are lower on them than over all units.",
    "settled": "Units on which a decision stands, and those that all their readers, two or more, graded alike: of "
    "these a comparison of adjudicated grades has one grade. Where all are alike, each reader is held against a grade "
    "that is also their own, and units on which readers differ and nothing was decided are left out: agreement is "
    "higher here than against grades that came from elsewhere.",
    "reference": "First reads of calibration cases, signed off here, against the reference grades.",
}


@dataclass(frozen=True)
class AgainstRow:
    """One reader over all muscles, or one muscle of a reader: its label and the cells under `HEADS`."""

    label: str
    cells: list[str]


@dataclass(frozen=True)
class ReaderMuscles:
    """One reader against one kind of grades, muscle by muscle, with the reasons for what lacks."""

    reader: str
    rows: list[AgainstRow]
    notes: dict[str, list[str]]


@dataclass(frozen=True)
class AgainstTable:
    """The readers against one kind of grades, over all muscles and by muscle, with the reasons for what lacks."""

    code: str
    title: str
    explanation: str
    rows: list[AgainstRow]
    muscles: list[ReaderMuscles]
    notes: dict[str, list[str]]


def against_tables(result: AgreementResult) -> list[AgainstTable]:
    """Make a table for each kind of grades that there are: decided units, settled units, references by feature."""
    kinds = dict.fromkeys((entry["against"], entry["feature"]) for entry in result["against"])
    return [
        _table(
            kind, feature, [each for each in result["against"] if (each["against"], each["feature"]) == (kind, feature)]
        )
        for kind, feature in kinds
    ]


def _table(kind: AgainstName, feature: str | None, entries: list[AgainstEntry]) -> AgainstTable:
    of_feature = f", {FEATURE_NAMES[feature]}" if feature else ""
    by_reader: dict[str, list[AgainstEntry]] = {}
    for entry in entries:
        by_reader.setdefault(entry["reader"], []).append(entry)
    overall = [entry for entry in entries if entry["muscle"] == OVERALL]
    return AgainstTable(
        f"{kind}-{feature}" if feature else kind,
        _TITLES[kind] + of_feature,
        _EXPLAINED[kind],
        [AgainstRow(entry["reader"], cells(entry)) for entry in overall],
        [_of_reader(reader, own) for reader, own in by_reader.items()],
        by_reason((entry["reader"], note_in_words(entry["note"], _IN_NOTES)) for entry in overall if entry["note"]),
    )


def _of_reader(reader: str, entries: list[AgainstEntry]) -> ReaderMuscles:
    return ReaderMuscles(
        reader,
        [AgainstRow(muscle_label(entry["muscle"]), cells(entry)) for entry in entries],
        by_reason(
            (muscle_label(entry["muscle"]), note_in_words(entry["note"], _IN_NOTES))
            for entry in entries
            if entry["note"]
        ),
    )


def cells(entry: AgainstEntry) -> list[str]:
    """Write the cells of one entry in the order of `HEADS`."""
    found = (entry["kappa_linear"], entry["kappa_quadratic"], entry["mean_difference"])
    counts = (entry["units"], entry["undecided"], entry["not_assessable"])
    return [*(f"{count:,}" for count in counts), percent_text(entry["exact"]), *map(estimate_text, found)]
