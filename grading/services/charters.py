"""Writing the charter of a study, until a read is opened."""

from collections.abc import Mapping
from itertools import chain
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from grading.codes.mentions import is_telling, mentioned
from grading.models import Charter, Study
from grading.models.charter import FROZEN, reading_began_at

HEADINGS = ("reading", "scale", "disagreement", "analysis", "looks")


@transaction.atomic
def write_charter(*, study: Study, by: Any, texts: Mapping[str, str], known: str, seen: int = 0) -> Charter:
    """Keep a version of the charter. The same texts as in the newest make no further one.

    Args:
        texts: by heading.
        known: what the site knows of the study now, a line each.
        seen: the number of the version that was before whoever wrote this; 0 where there was none.

    Raises:
        ValidationError: a read was opened, somebody saved another version meanwhile, or readers, who read the charter,
            would learn the code of a participant or an MRI.
    """
    Study.objects.select_for_update(no_key=True).get(pk=study.pk)  # one version after another
    if reading_began_at(study):
        raise ValidationError(FROZEN)
    if code := mentioned("\n".join(texts.values()), _telling_codes(study)):
        raise ValidationError(f"Readers would learn the code {code}: leave it out.")
    newest = study.charters.newest_first().first()
    if newest and all(getattr(newest, heading) == texts[heading] for heading in HEADINGS):
        return newest
    if newest and newest.number != seen:
        raise ValidationError(
            f"{newest.written_by.get_username()} saved version {newest.number} meanwhile. What you wrote is below, and "
            "not saved: look at that version first."
        )
    number = newest.number + 1 if newest else 1
    return Charter.objects.create(study=study, number=number, written_by=by, known=known, **texts)


def _telling_codes(study: Study) -> list[str]:
    """List the codes of participants and MRIs that are no words."""
    codes = (rows.values_list("code", flat=True) for rows in (study.participants, study.mris))
    return list(filter(is_telling, chain.from_iterable(codes)))
