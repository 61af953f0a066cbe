"""Who and what is in a comparison and what is left out, in words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from analysis.stats.inclusion import Inclusion, LeftOut
from analysis.stats.question import Question
from analysis.words.prose import listed
from analysis.words.question.covariates import NO_LABELS, covariate_names

# [one|several] by the number that the sentence begins with. No participant is left out with fat_beside_edema, whose
# edema read comes further; no read belongs to a participant without any.
_PARTICIPANTS = {
    "withdrawn": "[participant has|participants have] withdrawn.",
    "other_group": "[participant belongs|participants belong] to another diagnosis group.",
    "other_sex": "[participant is|participants are] not {sex}, and so outside the subgroup.",
    "sex_missing": "[participant has|participants have] no recorded sex, and so no place in a subgroup by sex.",
    "other_autoantibody": "[participant has|participants have] another autoantibody than {autoantibody}.",
    "autoantibody_missing": (
        "[participant has|participants have] no recorded autoantibody, and so no place in a subgroup by autoantibody."
    ),
    "no_mri": "[participant has|participants have] no MRI.",
    "no_read": "[participant has|participants have] no read: no reader was given the MRI.",
    "later_mri": "[participant has|participants have] reads of a later MRI only; the comparison takes the first.",
    "not_signed_off": (
        "[participant has|participants have] no signed-off read of the first MRI yet: it is assigned or in draft."
    ),
    "reread": "[participant has|participants have] signed-off re-reads only; the comparison takes first reads.",
    "other_sequence": "[participant was|participants were] not read on {sequence}.",
    "other_reader": "[participant was|participants were] not read by {readers}{on_sequence}.",
    "fat_only": "[participant was graded for fat only and is|participants were graded for fat only and are] left out "
    "of the edema set.",
    "edema_only": "[participant was graded for edema only and is|participants were graded for edema only and are] left "
    "out of the fat set.",
    "nothing_assessed": "[participant has|participants have] no muscle that could be assessed.",
    "covariate_missing": (
        "[participant is|participants are] in the comparison, but in no adjusted model, without a usable value of "
        "{covariates}."
    ),
}
_READS = {
    "withdrawn": "[read is|reads are] of participants who have withdrawn.",
    "other_group": "[read is|reads are] of participants of another diagnosis group.",
    "other_sex": "[read is|reads are] of participants who are not {sex}.",
    "sex_missing": "[read is|reads are] of participants without a recorded sex.",
    "other_autoantibody": "[read is|reads are] of participants with another autoantibody than {autoantibody}.",
    "autoantibody_missing": "[read is|reads are] of participants without a recorded autoantibody.",
    "later_mri": "[read is of a later MRI|reads are of later MRIs]: the comparison takes each participant’s first.",
    "not_signed_off": "[read is|reads are] not signed off yet.",
    "reread": "[read is a re-read, which serves|reads are re-reads, which serve] agreement within readers only.",
    "other_sequence": "[read is|reads are] not on {sequence}.",
    "other_reader": "[read is|reads are] not by {readers}.",
    "fat_beside_edema": "fat [read is|reads are] not used, because the MRI has edema reads.",
    "fat_only": "fat [read has|reads have] no place in the edema set.",
    "edema_only": "edema [read has|reads have] no place in the fat set.",
    "nothing_assessed": "[read has|reads have] no muscle that could be assessed.",
}
_LATER_MRIS = "later [MRI is|MRIs are] not used: the comparison takes each participant’s first."
_NOT_ASSESSABLE = "[grade says|grades say] “not assessable”, which is no score, and never counts as 0."
_ADJUDICATED = "[grade is|grades are] adjudicated: a decision in the place of what the reader graded."
_FAT_FOR_RESTRICTION = "[participant is|participants are] in by fat, since the restriction leaves the edema reads out."


@dataclass(frozen=True)
class Line:
    """A sentence, with the codes of the participants that it is about: the first of them, and how many more."""

    stage: str
    text: str
    codes: tuple[str, ...]
    more: int


@dataclass(frozen=True)
class InclusionText:
    """What the page says of an inclusion."""

    total: str
    participants: list[Line]
    reads: list[str]
    notes: list[str]


def inclusion_text(inclusion: Inclusion, question: Question, labels: Mapping[str, str] = NO_LABELS) -> InclusionText:
    """Say the totals, a sentence for each reason why participants or reads are left out, and what else to know.

    Args:
        labels: of covariates that the study defines.
    """
    covariates = listed(covariate_names(question.adjust, labels), "or")
    notes = {
        _FAT_FOR_RESTRICTION: inclusion.fat_for_restriction,
        _LATER_MRIS: inclusion.later_mris,
        _ADJUDICATED: inclusion.adjudicated,
        _NOT_ASSESSABLE: inclusion.not_assessable,
    }
    out = [*inclusion.left_out, *([inclusion.covariate_missing] if inclusion.covariate_missing else [])]
    return InclusionText(
        total=_total(inclusion),
        participants=[_line(stopped, question, covariates) for stopped in out if stopped.participants],
        reads=[_sentence(_READS[stopped.stage], stopped.reads, question) for stopped in out if stopped.reads],
        notes=[_sentence(text, count, question) for text, count in notes.items() if count],
    )


def _total(inclusion: Inclusion) -> str:
    participants = "participant" if inclusion.all_participants == 1 else "participants"
    reads = "read" if inclusion.all_reads == 1 else "reads"
    return (
        f"{inclusion.participants:,} of {inclusion.all_participants:,} {participants} and {inclusion.reads:,} of "
        f"{inclusion.all_reads:,} {reads} are in this comparison."
    )


def _line(stopped: LeftOut, question: Question, covariates: str) -> Line:
    text = _sentence(_PARTICIPANTS[stopped.stage], stopped.participants, question, covariates)
    return Line(stopped.stage, text, stopped.codes, stopped.participants - len(stopped.codes))


def _sentence(text: str, count: int, question: Question, covariates: str = "") -> str:
    """Begin a sentence with a number, and let its words agree with it."""
    agreeing = re.sub(r"\[(.*?)\|(.*?)\]", r"\1" if count == 1 else r"\2", text)
    return f"{count:,} " + agreeing.format(
        sex=question.sex,
        autoantibody=question.autoantibody,
        sequence=question.sequence,
        on_sequence=f" on {question.sequence}" if question.sequence else "",
        readers=listed(question.readers, "or"),
        covariates=covariates,
    )
