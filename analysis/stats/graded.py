"""What a comparison's grades were read on, and which of them are missing (STROBE, item 12c).

Stored with the result, as what JSON can hold: the text for a paper needs no frame.
"""

from analysis.stats.frame.cut import CutData
from analysis.stats.result_types.answers import Graded

_READ = ["participant", "mri", "reader", "feature"]


def graded(cut: CutData) -> Graded:
    """Count what a comparison's rows were read on, and which of them have no score."""
    rows = cut.analysed
    # observed: a frame knows every sequence that there is, and a sentence names those that were read
    reads = rows.drop_duplicates(_READ).groupby(["feature", "sequence"], observed=True).size().sort_index()
    readers = rows.groupby("participant", observed=True)["reader"].nunique()
    return {
        "read_on": [
            {"feature": feature, "sequence": sequence, "reads": int(count)}
            for (feature, sequence), count in reads.items()
        ],
        "not_assessable": len(cut.rows) - len(rows),
        "grades": len(cut.rows),
        "fewer_readers": int((readers < readers.max()).sum()) if len(readers) else 0,
    }
