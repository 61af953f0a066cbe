"""What an assignment would give whom, and why it is fewer than one might expect: to be looked at before it is done."""

import math
import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast

from django.db.models import Q

from grading.models import MRI, AdjudicationCase, Read, Study
from grading.services.choosing_mris import Asked
from grading.services.drawing_readers import draw_readers


@dataclass(frozen=True)
class Planned:
    """How many reads a reader would get, out of how many ``of`` there are; ``why`` the others are left out, in words.

    ``from_day`` and ``to_day`` are when the first and the last re-read come up. Where readers are drawn, ``load`` is
    how many first reads for the feature the reader would have in all, and ``lacking`` how many MRIs would still have
    fewer readers than the study asks for.
    """

    reader: Any
    new: int
    of: int
    why: str
    from_day: date | None = None
    to_day: date | None = None
    load: int | None = None
    lacking: int = 0


def planned_reads(
    *,
    study: Study,
    readers: Iterable[Any],
    feature: str,
    in_place_of: Any = None,
    graded_for_fat: bool = False,
    seed: int | None = None,
) -> list[Planned]:
    """Count what assign_reads would give each reader; where readers are drawn, with the same seed."""
    asked = Asked(study, feature, in_place_of, graded_for_fat)
    if study.draws_readers:
        return _planned_draw(asked, readers, seed)
    plans = []
    for reader in readers:
        may_have = asked.mris().for_reader(study, reader)
        of = may_have.count()
        new = asked.mris_to_read(reader).count()
        own = Read.objects.filter(Q(feature=feature) | Q(assigned_for=feature), study=study, reader=reader)
        given = may_have.filter(reads__in=own).distinct().count()
        plans.append(Planned(reader, new, of, _why_no_more(of, given, of - new - given, feature, in_place_of)))
    return plans


def _planned_draw(asked: Asked, readers: Iterable[Any], seed: int | None) -> list[Planned]:
    drawn, of = draw_readers(asked, readers, random.Random(seed)), asked.mris().count()
    return [
        Planned(reader, len(mris), of, "", load=drawn.loads[reader.pk], lacking=drawn.lacking)
        for reader, mris in drawn.given.items()
    ]


def _why_no_more(of: int, given: int, brought_in: int, feature: str, in_place_of: Any) -> str:
    if not of and in_place_of is not None:
        return f"{in_place_of.get_username()} has no {feature} read that is still open"
    if not of:
        return "the study has no MRIs yet"
    reasons = []
    if given:
        reasons.append(f"{_count(given, of)} assigned for {feature} already")
    if brought_in:
        has = "has" if brought_in == 1 else "have"
        reasons.append(f"{brought_in} {has} a fat read that a file brought in, which stands for the edema read")
    return ", and ".join(reasons)


def _count(number: int, of: int) -> str:
    some = f"all {of}" if number == of > 1 else str(number)
    return f"{some} {'is' if number == 1 else 'are'}"


@dataclass(frozen=True)
class RereadDraw:
    """What a reader's re-reads are drawn from: ``candidates``, of which none was assigned again, and how many of them.

    ``first`` counts the signed-off first reads, those that were assigned again included; of neither are those whose
    readers may have seen what others graded, for they decided about the MRI together. ``left_out`` counts these.
    """

    candidates: list[Read]
    number: int
    first: int
    left_out: int


def draw_for_rereads(*, study: Study, reader: Any, share: float) -> RereadDraw:
    """Find the signed-off first reads that a share (0 to 1] of them can still be drawn from. ValueError for others."""
    if not 0 < share <= 1:
        raise ValueError("The share is above 0 and at most 1.")
    shown = AdjudicationCase.objects.filter(study=study).shown_to_readers().values("mri")
    may_have = MRI.objects.filter(study=study).for_reader(study, reader).values("pk")
    of_reader = Read.objects.filter(study=study, reader=reader, mri__in=may_have).for_comparison()
    reads, left_out = of_reader.exclude(mri__in=shown), of_reader.filter(mri__in=shown)
    first = list(reads.signed_off().filter(occasion=1).order_by("id"))
    again = set(reads.filter(occasion=2).values_list("mri_id", "feature"))
    candidates = [read for read in first if (read.mri_id, read.feature) not in again]
    of_first = math.ceil(round(share * len(first), 6))  # 0.07 * 100 is a little more than 7
    number = min(max(of_first - len(again), 0), len(candidates))
    return RereadDraw(candidates, number, len(first), left_out.signed_off().filter(occasion=1).count())


def planned_rereads(*, study: Study, readers: Iterable[Any], share: float, wash_out_days: int) -> list[Planned]:
    """Count what assign_rereads would give each reader, and when they would come up after a wash-out."""
    wash_out = timedelta(days=wash_out_days)
    plans = []
    for reader in readers:
        draw = draw_for_rereads(study=study, reader=reader, share=share)
        signed = [cast(datetime, read.signed_off_at) for read in draw.candidates] if draw.number else []
        days = [(at + wash_out).date() for at in (min(signed), max(signed))] if signed else [None, None]
        plans.append(Planned(reader, draw.number, draw.first, _why_no_more_again(draw), *days))
    return plans


def _why_no_more_again(draw: RereadDraw) -> str:
    said = [_why_of_first(draw)] if draw.first or not draw.left_out else []
    if draw.left_out:
        verb = "is" if draw.left_out == 1 else "are"
        said.append(f"{draw.left_out} more {verb} left out, for the readers may have seen there what others graded")
    return "; ".join(filter(None, said))


def _why_of_first(draw: RereadDraw) -> str:
    if not draw.first:
        return "nothing is signed off yet"
    again = draw.first - len(draw.candidates)
    if again and not draw.number:
        return f"{again} of them {'is' if again == 1 else 'are'} assigned again already, which is the share or more"
    return f"{again} of the share {'is' if again == 1 else 'are'} assigned again already" if again else ""
