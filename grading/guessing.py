"""What lets readers guess a group: a feature or a sequence by which the MRIs of one group alone are read.

A reader sees what a case is read for, and on what. In Wilks et al. 2025 every MRI that was read for fat was of one
group: whoever notices is no longer blind for these cases. Said to coordinators, never to readers.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef

from grading.models import MRI, Read, Study
from grading.scale import FEATURE_NAMES

NEARLY_ALL = 0.9  # from this share on, guessing is nearly as good as knowing


class ReadAlike(NamedTuple):
    """How many MRIs of a group are read for these features on these sequences, by whomever."""

    group: str
    features: Sequence[str]
    sequences: Sequence[str]
    mris: int


def guesses_of_readers(study: Study) -> list[str]:
    """Say what lets the readers of a study guess its groups, as the reads of who takes part are now."""
    mris = MRI.objects.filter(study=study).taking_part().order_by()
    kinds = mris.annotate(features=_of_reads("feature"), sequences=_of_reads("sequence"))
    rows = kinds.values_list("participant__group__code", "features", "sequences").annotate(Count("pk"))
    return what_tells_the_group(ReadAlike(*row) for row in rows)


def _of_reads(column: str) -> ArraySubquery:
    """Make the expression that lists what stands in a column of an MRI's reads, each value once."""
    return ArraySubquery(Read.objects.filter(mri=OuterRef("pk")).order_by(column).values(column).distinct())


def what_tells_the_group(kinds: Iterable[ReadAlike]) -> list[str]:
    """Name in a sentence each feature and sequence of which (nearly) all MRIs, unlike the others, are of one group."""
    kinds = [kind for kind in kinds if kind.features]
    telling: dict[frozenset[int], list[str]] = defaultdict(list)  # several may be of the same MRIs: said once
    for words, places in _read_alike(kinds).items():
        telling[frozenset(places)].append(words)
    sentences = (_sentence(words, places, kinds) for places, words in telling.items())
    return [sentence for sentence in sentences if sentence]


def _read_alike(kinds: list[ReadAlike]) -> dict[str, set[int]]:
    """List, in words, what MRIs are read for and on, each with the places of the kinds that are read so."""
    alike: dict[str, set[int]] = defaultdict(set)
    for place, kind in sorted(enumerate(kinds), key=lambda pair: (pair[1].features, pair[1].sequences)):
        for feature in kind.features:
            alike[f"for {FEATURE_NAMES[feature]}"].add(place)
        for sequence in kind.sequences:
            alike[f"on {sequence}"].add(place)
    return alike


def _sentence(words: list[str], places: frozenset[int], kinds: list[ReadAlike]) -> str | None:
    own: Counter[str] = Counter()
    others: Counter[str] = Counter()
    for place, kind in enumerate(kinds):
        (own if place in places else others)[kind.group] += kind.mris
    ((group, count),) = own.most_common(1)
    if not others or count < NEARLY_ALL * own.total() or others[group] >= NEARLY_ALL * others.total():
        return None
    read = f"read {' and '.join(sorted(words))}"
    if own.total() == 1:
        which = f"The only MRI that is {read} belongs"
    else:
        of = "All" if count == own.total() else f"{count} of"
        which = f"{of} {own.total()} MRIs that are {read} belong"
    return f"{which} to {group}: readers may guess the group from that."
