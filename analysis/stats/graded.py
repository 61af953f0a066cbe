"""What a comparison's grades were read on, and which of them are missing (STROBE, item 12c)."""

from dataclasses import dataclass

from analysis.stats.frame.cut import CutData

_READ = ["participant", "mri", "reader", "feature"]


@dataclass(frozen=True)
class ReadOn:
    """Count the reads of one feature on one sequence."""

    feature: str
    sequence: str
    reads: int


@dataclass(frozen=True)
class Graded:
    """Count what was graded and what is missing.

    read_on: by feature, then sequence, in alphabetical order; of reads with at least one assessed muscle.
    not_assessable: grades without a score, of grades in all.
    grades: with and without a score.
    fewer_readers: participants whom fewer readers graded than the most that graded one.
    """

    read_on: tuple[ReadOn, ...] = ()
    not_assessable: int = 0
    grades: int = 0
    fewer_readers: int = 0

    @property
    def features(self) -> tuple[str, ...]:
        """List the features that were graded."""
        return tuple(dict.fromkeys(each.feature for each in self.read_on))


def graded(cut: CutData) -> Graded:
    """Count what a comparison's rows were read on, and which of them have no score."""
    rows = cut.analysed
    reads = rows.drop_duplicates(_READ).value_counts(["feature", "sequence"]).sort_index()
    readers = rows.groupby("participant", observed=True)["reader"].nunique()
    return Graded(
        read_on=tuple(ReadOn(feature, sequence, int(count)) for (feature, sequence), count in reads.items()),
        not_assessable=len(cut.rows) - len(rows),
        grades=len(cut.rows),
        fewer_readers=int((readers < readers.max()).sum()) if len(readers) else 0,
    )
