"""What was graded on which sequence, and what is missing of it, as sentences of a paper."""

from collections.abc import Iterator
from itertools import groupby

from analysis.stats.graded import Graded
from analysis.words.prose import counted, listed
from grading.scale import FEATURE_NAMES


def features_and_sequences(graded: Graded) -> str:
    """Name what was graded on what: ``edema on STIR or T2FS and fatty infiltration on T1W``; nothing of nothing."""
    by_feature = groupby(graded.read_on, key=lambda each: each.feature)
    parts = [
        f"{FEATURE_NAMES[name]} on {listed((each.sequence for each in found), 'or')}" for name, found in by_feature
    ]
    return listed(parts)


def reads_on(graded: Graded) -> Iterator[str]:
    """Say how many reads are of which feature on which sequence, where there are several."""
    if len(graded.read_on) > 1:
        first, *others = graded.read_on
        parts = [f"{each.reads:,} for {FEATURE_NAMES[each.feature]} on {each.sequence}" for each in others]
        were = f"{counted(first.reads, 'read')} for {FEATURE_NAMES[first.feature]} on {first.sequence}"
        yield f"There {'was' if first.reads == 1 else 'were'} {listed([were, *parts])}."


def missing(graded: Graded) -> Iterator[str]:
    """Count the grades that say "not assessable", and the participants whom not every reader graded."""
    if graded.not_assessable:
        share = 100 * graded.not_assessable / graded.grades
        yield (
            f"In {graded.not_assessable:,} of {counted(graded.grades, 'grade')} ({share:.1f} %) the muscle could not "
            "be assessed, which leaves it without a score."
        )
    if graded.fewer_readers:
        who = counted(graded.fewer_readers, "participant")
        yield f"Of {who}, not every reader’s grades were there; those that were there were used."
