"""What lets readers guess a group: a feature or a sequence by which the MRIs of one group alone are read.

A reader sees what a case is read for, and on what. In Wilks et al. 2025 every MRI that was read for fat was of one
group: whoever notices is no longer blind for these cases. Said to coordinators, never to readers.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from grading.models import Read, Study
from grading.scale import FEATURE_NAMES

NEARLY_ALL = 0.9  # from this share on, guessing is nearly as good as knowing


class ReadAs(NamedTuple):
    """That an MRI of a participant in a group is read for a feature on a sequence, by whomever."""

    mri: object
    group: str
    feature: str
    sequence: str


def guesses_of_readers(study: Study) -> list[str]:
    """Say what lets the readers of a study guess its groups, as its reads are now."""
    rows = Read.objects.filter(study=study).order_by()
    return what_tells_the_group(
        ReadAs(*row)
        for row in rows.values_list("mri", "mri__participant__group__code", "feature", "sequence").distinct()
    )


def what_tells_the_group(reads: Iterable[ReadAs]) -> list[str]:
    """Name in a sentence each feature and sequence of which (nearly) all MRIs, unlike the others, are of one group."""
    reads = list(reads)
    group_of = {read.mri: read.group for read in reads}
    telling: dict[frozenset, list[str]] = defaultdict(list)  # several may be of the same MRIs: said once
    for words, mris in _read_alike(reads).items():
        telling[frozenset(mris)].append(words)
    sentences = (_sentence(words, mris, group_of) for mris, words in telling.items())
    return [sentence for sentence in sentences if sentence]


def _read_alike(reads: list[ReadAs]) -> dict[str, set]:
    alike: dict[str, set] = defaultdict(set)
    for read in sorted(reads, key=lambda read: (read.feature, read.sequence)):
        alike[f"for {FEATURE_NAMES[read.feature]}"].add(read.mri)
        alike[f"on {read.sequence}"].add(read.mri)
    return alike


def _sentence(words: list[str], mris: frozenset, group_of: dict) -> str | None:
    others = Counter(group for mri, group in group_of.items() if mri not in mris)
    ((group, count),) = Counter(group_of[mri] for mri in mris).most_common(1)
    if not others or count < NEARLY_ALL * len(mris) or others[group] >= NEARLY_ALL * others.total():
        return None
    read = f"read {' and '.join(sorted(words))}"
    if len(mris) == 1:
        which = f"The only MRI that is {read} belongs"
    else:
        which = f"{'All' if count == len(mris) else f'{count} of'} {len(mris)} MRIs that are {read} belong"
    return f"{which} to {group}: readers may guess the group from that."
