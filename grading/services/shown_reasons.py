"""Reasons that a reader is shown: they name no group, and nobody."""

import re
from collections.abc import Iterator

from grading.codes.mentions import is_telling, mentioned, runs
from grading.codes.naming import named_group
from grading.models import Participant, Read
from grading.roles import BLIND_ROLES

_REMEDY = "leave it out of the reason, or do not show the reason."


def why_not_shown(read: Read, reason: str) -> str | None:
    """Say what the reader of a read would learn from a reason that they must not; None where it names nothing such."""
    told = what_is_told(read, reason)
    return told and f"{told}: {_REMEDY}"


def what_is_told(read: Read, text: str) -> str | None:
    """Say what the reader of a read would learn from a text that they must not; None where it names nothing such.

    Neither a group, whom and what the scan is of, nor another participant, reader or case: from the code of another
    case a reader could learn that both are of one scan. The case itself may be named, whatever its code looks like.
    """
    text = re.sub(re.escape(read.code), " ", text, flags=re.IGNORECASE)
    if named := named_group(text, read.study.groups.values_list("code", "name")):
        return f"The reader would learn of the group {named}"
    if code := mentioned(text, _codes(read)) or _other_case(read, text):
        return f"The reader would learn the code {code}"
    if name := mentioned(text, _others(read)):
        return f"The reader would learn the name {name}"
    return None


def _others(read: Read) -> Iterator[str]:
    """List the usernames and last names of all others who read or decide, or did."""
    reads = Read.objects.filter(study=read.study_id).exclude(reader=read.reader_id)
    members = read.study.members.filter(role__in=BLIND_ROLES).exclude(user=read.reader_id)
    names = reads.values_list("reader__username", "reader__last_name").union(
        members.values_list("user__username", "user__last_name")
    )
    yield from filter(None, (name for pair in names for name in pair))


def _codes(read: Read) -> Iterator[str]:
    """List the codes of participant and MRI, and of the other participants those that are no words."""
    yield from (read.mri.participant.code, read.mri.code)
    participants = Participant.objects.filter(study=read.study_id).exclude(pk=read.mri.participant_id)
    yield from filter(is_telling, participants.values_list("code", flat=True))


def _other_case(read: Read, text: str) -> str | None:
    """Find a blind code of another read of the study; its letters and digits are taken for no others."""
    written = {run.upper() for run in runs(text)}
    others = Read.objects.filter(study=read.study_id, code__in=written).exclude(pk=read.pk)
    return others.values_list("code", flat=True).first()
