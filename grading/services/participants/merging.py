"""Making one participant of two that are the same person."""

from collections.abc import Collection, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from grading.models import Participant
from grading.models.covariate import load_covariates
from grading.services.participants.checks import lock_for_correction
from grading.services.participants.correcting import clinical_of, write_values
from grading.services.participants.placing import PlacedMRI, write_placement
from grading.services.reasons import checked_reason
from thighsite.acting import because

EMPTY = (None, "")


def merged(participant: Participant) -> tuple[str, ...]:
    """List the values that two participants have each, and one has after merging."""
    return ("group", "site", *clinical_of(participant))


def differing(kept: Participant, gone: Participant) -> dict[str, tuple[Any, Any]]:
    """List the values that two participants have and that differ, so that somebody has to choose: kept's, gone's."""
    for each in (kept, gone):
        if "own_covariates" not in vars(each):
            load_covariates([each])
    pairs = {name: (getattr(kept, name), getattr(gone, name)) for name in merged(kept)}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1] and not set(pair) & set(EMPTY)}


@transaction.atomic
def merge_participants(
    *,
    kept: Participant,
    gone: Participant,
    chosen: Mapping[str, Any],
    placed: Collection[PlacedMRI],
    reason: str,
    seen: str,
) -> None:
    """Give the MRIs of one participant to another, who is the same person, and delete the one that is empty then.

    What only one of them has is taken over. Who has withdrawn under one code has withdrawn.

    Args:
        chosen: for each of ``differing``, which of the two values holds.
        placed: all MRIs of both, as they shall be.

    Raises:
        ChangedMeanwhile: they are not as the page showed them.
        ValidationError: a value is not chosen, codes or days do not fit, there is no reason, or the study is locked.
    """
    reason = checked_reason(reason)
    if kept.pk == gone.pk or kept.study_id != gone.study_id:
        raise ValidationError("Two participants of one study can be merged.")
    kept, gone = lock_for_correction([kept, gone], seen=seen)
    values = joined(kept, gone, chosen)
    with because(reason):
        write_placement([kept, gone], placed)
        for name, value in values.items():
            setattr(kept, name, value)
        write_values(kept, values)
        gone.delete()


def joined(kept: Participant, gone: Participant, chosen: Mapping[str, Any]) -> dict[str, Any]:
    """List the values that both have together. ValidationError for one that differs and that nobody chose."""
    to_choose = differing(kept, gone)
    if wrong := [name for name, pair in to_choose.items() if chosen.get(name) not in pair]:
        raise ValidationError(f"Choose which value holds: {', '.join(wrong)}.")
    withdrawn = kept if kept.is_withdrawn else gone
    values = {name: getattr(gone if getattr(kept, name) in EMPTY else kept, name) for name in merged(kept)}
    values |= {name: chosen[name] for name in to_choose}
    return values | {"withdrawn_at": withdrawn.withdrawn_at, "withdrawn_by": withdrawn.withdrawn_by}
