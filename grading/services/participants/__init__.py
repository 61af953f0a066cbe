"""What corrects participants and their MRIs: each in one transaction, for a reason, and only what its page showed.

    correct · place MRIs · move an MRI · withdraw ( ─► take back ) · delete · merge

Each takes ``seen``, what ``seen_of`` gave when its page was made, and raises ChangedMeanwhile where that has changed.
"""

from grading.services.participants.checks import STUDY_IS_LOCKED, ChangedMeanwhile, seen_of
from grading.services.participants.correcting import CLINICAL, clinical_of, correct_participant
from grading.services.participants.deleting import delete_mri, delete_participant, why_kept
from grading.services.participants.effect import Effect, effect_of
from grading.services.participants.merging import differing, joined, merge_participants, merged
from grading.services.participants.placing import PlacedMRI, place_mris, placement_problems
from grading.services.participants.withdrawing import take_withdrawal_back, withdraw_participant

__all__ = [
    "CLINICAL",
    "STUDY_IS_LOCKED",
    "ChangedMeanwhile",
    "Effect",
    "PlacedMRI",
    "clinical_of",
    "correct_participant",
    "delete_mri",
    "delete_participant",
    "differing",
    "effect_of",
    "joined",
    "merge_participants",
    "merged",
    "place_mris",
    "placement_problems",
    "seen_of",
    "take_withdrawal_back",
    "why_kept",
    "withdraw_participant",
]
