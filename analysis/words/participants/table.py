"""Table 1 in words: the participants of a comparison, group by group."""

from collections.abc import Iterator
from dataclasses import dataclass

from analysis.stats.result_types.described import Characteristic, Count, Described, DescribedParticipants
from analysis.words.notation import DASH, MINUS
from analysis.words.prose import capitalised, counted
from grading.scale import FEATURE_NAMES

TITLE = "Table 1. Participants of the comparison"
NOTE = (
    "Numbers are median [quartiles], or the range where it is said; counts are n (per cent of the participants with a "
    "value). Groups are described and not tested."
)
_LABELS = {
    "sex": "Sex, n (%)",
    "age_years": "Age at first MRI, years",
    "disease_duration_months": "Disease duration, months",
    "ck_u_per_l": "Creatine kinase, U/L",
    "autoantibody": "Autoantibody, n (%)",
    "scan_year": "Year of first MRI, range",
    "mris": "MRIs per participant, n (%)",
    "sequence": "Sequence read, n (%)",
    "feature": "Graded for, n (%)",
    "reads": "Reads per participant",
}
_NO_VALUE = "missing, n"


@dataclass(frozen=True)
class TableRow:
    """One row: its label, a cell for each column, and whether it is one level of the characteristic above it."""

    label: str
    cells: tuple[str, ...]
    is_level: bool = False


@dataclass(frozen=True)
class TableInWords:
    """Table 1: head, rows, and what to know of it."""

    title: str
    head: tuple[str, ...]
    rows: tuple[TableRow, ...]
    note: str


def table_in_words(described: DescribedParticipants) -> TableInWords:
    """Write Table 1: the compared group, the reference, and both together."""
    sizes = described["participants"]
    columns = [*sizes["by_group"].items(), ("All", sizes["total"])]
    shown = [each for each in described["characteristics"] if _is_told(each)]
    return TableInWords(
        title=TITLE,
        head=("", *(f"{name} (n = {number:,})" for name, number in columns)),
        rows=tuple(row for each in shown for row in _rows(each, sizes)),
        note=" ".join([NOTE, *_reading_days(described)]),
    )


def _is_told(characteristic: Characteristic) -> bool:
    """Leave out what nobody has a value of, unless readers of a paper look for it."""
    return bool(characteristic["total"]["n"]) or characteristic["name"] in ("sex", "age_years")


def _rows(characteristic: Characteristic, sizes: Count) -> Iterator[TableRow]:
    name, columns = characteristic["name"], [*characteristic["by_group"].values(), characteristic["total"]]
    if characteristic["kind"] == "number":
        write = _range if name == "scan_year" else median_and_quartiles
        yield TableRow(_label(characteristic), tuple(write(each) for each in columns))
    else:
        yield TableRow(_label(characteristic), ("",) * len(columns))
        for level in characteristic["total"]["levels"] if characteristic["total"]["n"] else ():
            yield TableRow(_level(name, level), tuple(_share(each, level) for each in columns), is_level=True)
    if characteristic["total"]["missing"]:
        yield TableRow(_NO_VALUE, tuple(f"{each['missing']:,}" for each in columns), is_level=True)


def _label(characteristic: Characteristic) -> str:
    """Write what a characteristic is called; one that the study defines by its label there."""
    if label := _LABELS.get(characteristic["name"]):
        return label
    behind = "n (%)" if characteristic["kind"] == "levels" else characteristic["unit"]
    return ", ".join(filter(None, (characteristic["label"], behind)))


def _level(name: str, level: str) -> str:
    return FEATURE_NAMES[level] if name == "feature" else level


def _share(described: Described, level: str) -> str:
    count, known = described["levels"].get(level, 0), described["n"]
    return f"{count:,} ({_per_cent(count, known)})" if known else DASH


def _per_cent(count: int, known: int) -> str:
    """Write whole per cents: 0 of nobody alone, and 100 of everybody alone."""
    share = 100 * count / known
    if 0 < share < 1:
        return "<1"
    return ">99" if 99 < share < 100 else f"{share:.0f}"


def median_and_quartiles(described: Described) -> str:
    """Write ``54 [45–63]``; a dash where nobody has a value."""
    if described["median"] is None:
        return DASH
    median, q1, q3 = (_number(described[key]) for key in ("median", "q1", "q3"))
    return f"{median} [{q1}–{q3}]"


def _range(described: Described) -> str:
    low, high = described["min"], described["max"]
    if low is None or high is None:
        return DASH
    return f"{low:.0f}" if low == high else f"{low:.0f}–{high:.0f}"


def _number(value: float | None) -> str:
    """Write up to one decimal, none from a hundred on: a quartile between two values is no more exact than they are.

    What is smaller than 1 has two digits that count.
    """
    if value is None:
        return DASH
    text = f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}".removesuffix(".0")
    return (text if abs(value) >= 1 else f"{value:.2g}").replace("-", MINUS)


def _reading_days(described: DescribedParticipants) -> Iterator[str]:
    days = reading_days(described)
    if days:
        yield f"{capitalised(days)}."


def reading_days(described: DescribedParticipants) -> str:
    """Say when reads were signed off on this site; nothing where none was. Times in files are not told."""
    signed = described["signed_off_here"]
    if not signed["reads"]:
        return ""
    were = f"{counted(signed['reads'], 'read')} {'was' if signed['reads'] == 1 else 'were'} signed off"
    if signed["first"] == signed["last"]:
        return f"{were} on {signed['first']}"
    return f"{were} from {signed['first']} to {signed['last']}"
