"""Files of grades as hypothesis draws them: most can be taken; later ones go on with what earlier ones began."""

from hypothesis import strategies as st

from grading.anatomy import MUSCLE_CODES
from tests.grading.csv.csv_files import as_csv, grade

_TIMES = ("2025-01-31T10:00:00Z", "2025-01-31T10:05:00.000123Z", "2025-02-01T10:00:00+01:00", "2099-01-01T00:00:00Z")
_TIME = st.sampled_from(["", "", *_TIMES[:3], *_TIMES])
_OF_READ = st.fixed_dictionaries(
    {
        "participant": st.sampled_from(["P1", "P1", "P2"]),
        "reader": st.sampled_from(["anna", "bert"]),
        "occasion": st.sampled_from(["1", "1", "2"]),
        "status": st.sampled_from(["", "draft", "draft", "signed_off"]),
    },
    optional={
        "feature": st.sampled_from(["edema", "fat"]),
        "sequence": st.sampled_from(["STIR", "T2FS", "T1W"]),
        "position": st.sampled_from(["", "1", "2", "9"]),
        "opened_at": _TIME,
        "signed_off_at": _TIME,
        "comment": st.sampled_from(["", "NA", "=1+1", 'Motion,\nleft "only"; Ödem']) | st.text("a'\t =\n", max_size=9),
        "first_entry_at": _TIME,
        "last_entry_at": _TIME,
        "active_seconds": st.sampled_from(["", "0", "12.5", "1e-7", "7200"]),
    },
)
_SCORE = st.sampled_from(["0", "1", "2", "3", "NA"])
_SCORES = st.one_of(
    st.fixed_dictionaries(dict.fromkeys(MUSCLE_CODES, _SCORE)),
    st.dictionaries(st.sampled_from(MUSCLE_CODES), _SCORE, min_size=1),
)


def _rows(reads: list[tuple[dict, dict]]) -> list[dict]:
    return [
        grade(**of_read, muscle=muscle, score=score, not_assessable="true" if score == "NA" else "")
        for of_read, scores in reads
        for muscle, score in scores.items()
    ]


def _key(read: tuple[dict, dict]) -> tuple:
    of_read = read[0]
    return tuple(of_read.get(name) for name in ("participant", "reader", "occasion", "feature"))


FILES = st.lists(st.tuples(_OF_READ, _SCORES), min_size=1, max_size=4, unique_by=_key).map(_rows).map(as_csv)
