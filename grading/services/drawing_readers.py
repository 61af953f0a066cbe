"""Who reads which MRI, where a study asks for some of its readers: drawn at random, each with as many as the others.

What was assigned stays; what is drawn evens it out, as far as readers are not limited to study sites. It is drawn
within two strata, the first MRIs of participants, which are compared, and the later ones. Nothing else of a participant
but the study site goes into it, so that no load tells a group.
"""

import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django.db.models.functions import Collate

from grading.models import MRI
from grading.services.choosing_mris import Asked


@dataclass
class _Wanting:
    """An MRI with the ids of those who have a read of it; it wants so many more, of those who may be given it."""

    mri: MRI
    is_first: bool
    readers: set[int]
    more: int
    may: set[int]


@dataclass(frozen=True)
class Drawn:
    """The MRIs that each reader is given; by a reader's id how many first reads they then have for the feature.

    ``lacking`` counts the MRIs that would still have fewer readers than the study asks for.
    """

    given: dict[Any, list[MRI]]
    loads: Counter[int]
    lacking: int


def draw_readers(asked: Asked, readers: Iterable[Any], draw: random.Random) -> Drawn:
    """Draw who of some readers reads the MRIs that have fewer than the study asks for. The same draw gives the same.

    Whoever has fewest in the stratum is given the next MRI that they do not have, of several who has fewest in all, and
    of several one by lot. So nobody has more than one read more than another, in a stratum or in all, unless what was
    assigned before, or who was chosen, leaves no way to it.
    """
    readers = sorted(readers, key=attrgetter("username"))
    wanting, in_stratum, loads = _stored(asked, readers)
    given: dict[Any, list[MRI]] = {reader: [] for reader in readers}
    draw.shuffle(wanting)
    # Who has least choice before the others.
    wanting.sort(key=lambda each: (not each.is_first, len(each.may), -len(each.readers)))
    for each in wanting:
        for _ in range(each.more):
            free = [reader for reader in readers if reader.pk in each.may - each.readers]
            if not free:
                break
            least = min((in_stratum[each.is_first, reader.pk], loads[reader.pk]) for reader in free)
            tied = [r for r in free if (in_stratum[each.is_first, r.pk], loads[r.pk]) == least]
            chosen = draw.choice(tied)
            given[chosen].append(each.mri)
            each.readers.add(chosen.pk)
            each.more -= 1
            in_stratum[each.is_first, chosen.pk] += 1
            loads[chosen.pk] += 1
    return Drawn(given, loads, sum(each.more > 0 for each in wanting))


def _stored(asked: Asked, drawn_from: list[Any]) -> tuple[list[_Wanting], Counter[tuple[bool, int]], Counter[int]]:
    """Fetch the MRIs that want readers, by their codes, and how many first reads each reader has: in a stratum, in all.

    Whoever is replaced counts as nobody, and is given none of it again. Where somebody was replaced before, so that it
    has a reader more, so does whoever was suspended with it in hand.
    """
    first = set(MRI.objects.filter(study=asked.study).first_of_participants().values_list("pk", flat=True))
    readers_of: dict[Any, set[int]] = {}
    for mri, reader in asked.settled().for_comparison().filter(occasion=1).order_by().values_list("mri", "reader"):
        readers_of.setdefault(mri, set()).add(reader)
    in_stratum = Counter((mri in first, reader) for mri, readers in readers_of.items() for reader in readers)
    loads = Counter(reader for readers in readers_of.values() for reader in readers)
    replaced = {asked.in_place_of.pk} if asked.in_place_of else set()
    suspended, number = _suspended(asked), asked.study.readers_per_mri or 0
    sites = list(asked.study.members.filter(user__in=drawn_from).values_list("user", "site"))
    wanting = []
    mris = asked.mris().select_related("participant")
    for mri in mris.order_by(Collate("participant__code", "C"), Collate("code", "C")):
        may = {reader for reader, site in sites if site in (None, mri.participant.site_id)}
        readers = readers_of.get(mri.pk, set())
        more = number - len(readers - replaced) + min(max(len(readers) - number, 0), suspended[mri.pk])
        wanting += [_Wanting(mri, mri.pk in first, set(readers), more, may)] if more > 0 else []
    return wanting, in_stratum, loads


def _suspended(asked: Asked) -> Counter[Any]:
    """Count by MRI the suspended readers, but for who is replaced, who have it in hand and so will not finish it."""
    if asked.in_place_of is None:
        return Counter()
    suspended = asked.study.members.filter(suspended_at__isnull=False).exclude(user=asked.in_place_of)
    reads = asked.settled().filter(reader__in=suspended.values("user"), occasion=1).in_hand().order_by()
    return Counter(reads.values_list("mri", flat=True))
