"""Which MRIs an assignment is about, and whose reads of them are there already."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from grading.models import MRI, Read, Study
from grading.models.mri import MRIQuerySet
from grading.models.read import ReadQuerySet


@dataclass(frozen=True)
class Asked:
    """Which first reads an assignment is about: of a study, for a feature.

    ``in_place_of`` is a reader: then of MRIs whose reads of theirs for the feature are not signed off. Where readers
    are drawn, only of those that they have in hand: others are handed over, or taken back. With ``graded_for_fat`` only
    of the MRIs of participants of whom somebody has signed off a read for fat.
    """

    study: Study
    feature: str
    in_place_of: Any = None
    graded_for_fat: bool = False

    def mris(self) -> MRIQuerySet:
        mris = MRI.objects.filter(study=self.study).for_comparison()
        if self.graded_for_fat:
            fat = Read.objects.filter(study=self.study, feature=Read.Feature.FAT).signed_off()
            mris = mris.filter(participant__in=fat.values("mri__participant"))
        if self.in_place_of is None:
            return mris
        given = Q(assigned_for=self.feature) | Q(assigned_for="", feature=self.feature)
        unfinished = Read.objects.filter(given, study=self.study, reader=self.in_place_of, occasion=1).open()
        if self.study.draws_readers:
            unfinished = unfinished.in_hand()
        return mris.filter(pk__in=unfinished.values("mri"))

    def settled(self) -> ReadQuerySet:
        """Choose the reads for which their readers need no first read of the MRI for the feature.

        Those for it, and those assigned for it and read for the other. For edema also those for fat that a file brought
        in: an MRI without an edema sequence is read for fat instead.
        """
        settled = Q(feature=self.feature) | Q(assigned_for=self.feature)
        if self.feature == Read.Feature.EDEMA:
            settled |= Q(assigned_for="")
        return Read.objects.filter(settled, study=self.study)

    def mris_to_read(self, reader: Any) -> MRIQuerySet:
        """Choose the MRIs that still need a first read by a reader, of those that the reader may be given."""
        own = self.mris().for_reader(self.study, reader)
        return own.exclude(reads__in=self.settled().filter(reader=reader))
