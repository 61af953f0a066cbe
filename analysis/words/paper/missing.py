"""What was graded on which sequence, and what is missing of it, as sentences of a paper."""

from collections.abc import Iterator
from itertools import groupby

from analysis.stats.result_types.answers import Graded, ReadOn
from analysis.words.prose import counted, listed
from grading.scale import FEATURE_NAMES


def has_both_features(graded: Graded) -> bool:
    """Say whether some reads are of edema and some of fat."""
    return len({each["feature"] for each in graded["read_on"]}) > 1


def features_and_sequences(graded: Graded) -> str:
    """Name what was graded on what: ``edema on STIR or T2FS and fatty infiltration on T1W``; nothing of nothing."""
    by_feature = groupby(graded["read_on"], key=lambda each: each["feature"])
    parts = [
        f"{FEATURE_NAMES[name]} on {listed((each['sequence'] for each in found), 'or')}" for name, found in by_feature
    ]
    return listed(parts)


def reads_on(graded: Graded) -> Iterator[str]:
    """Say how many reads are of which feature on which sequence, where there are several."""
    if len(graded["read_on"]) > 1:
        first, *others = graded["read_on"]
        parts = [
            f"{counted(first['reads'], 'read')} {_for(first)}",
            *(f"{each['reads']:,} {_for(each)}" for each in others),
        ]
        yield f"There {'was' if first['reads'] == 1 else 'were'} {listed(parts)}."


def _for(reads: ReadOn) -> str:
    return f"for {FEATURE_NAMES[reads['feature']]} on {reads['sequence']}"


def missing(graded: Graded) -> Iterator[str]:
    """Count the grades that say "not assessable", and the participants whom not every reader graded."""
    without, grades = graded["not_assessable"], graded["grades"]
    if without:
        yield (
            f"In {without:,} of {counted(grades, 'grade')} ({100 * without / grades:.1f} %) the muscle could not be "
            "assessed, which leaves it without a score."
        )
    if graded["fewer_readers"]:
        who = counted(graded["fewer_readers"], "participant")
        yield f"Of {who}, not every reader’s grades were there; those that were there were used."
