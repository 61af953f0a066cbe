"""The study that a participants CSV founds: its groups are those of the file."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.db import transaction

from grading.codes.spelling import composed, why_unseen
from grading.csv.imports.groups import found_groups
from grading.csv.imports.participant_rows import read_participants
from grading.csv.imports.participants import import_participants
from grading.csv.imports.reading import AS_IT_IS, Reading
from grading.csv.imports.row_parser import quoted
from grading.models import Study
from grading.sheets.refusal import Problems, refuse

MAX_TITLE_LENGTH = 200


@transaction.atomic
def create_study(
    *,
    slug: str,
    title: str,
    file: bytes,
    reference: str | None = None,
    accept_similar: bool = False,
    reading: Reading = AS_IT_IS,
) -> Study:
    """Make a study from a participants CSV: its groups, its participants and their MRIs.

    The reference group is the one named, else IMNM where present, else the first in alphabetical order.

    Raises:
        ImportRefused: the slug is taken or unusable, the file has faults, or the reference is not in it.
        ImportAsked: as ``import_participants``.
    """
    study = found_study(slug=slug, title=title, file=file, reference=reference, reading=reading)
    import_participants(study=study, file=file, accept_similar=accept_similar, reading=reading)
    return study


@transaction.atomic
def found_study(
    *, slug: str, title: str, file: bytes, reference: str | None = None, reading: Reading = AS_IT_IS
) -> Study:
    """Make the study and its groups only, for a caller that imports the participants itself.

    Raises:
        ImportRefused: as ``create_study``.
    """
    _check_slug(slug)
    title = _checked_title(title)
    problems = Problems()
    in_file, _ = read_participants(file, problems, reading)
    problems.refuse()
    study = Study.objects.create(slug=slug, title=title)
    found_groups(study, in_file, problems, reference)
    problems.refuse()
    return study


def _checked_title(title: str) -> str:
    """Write a title in NFC. ImportRefused for one in which something cannot be seen, or that is too long."""
    title = composed(title)
    if why := why_unseen(title):
        raise refuse(f"The title {why}.")
    if len(title) > MAX_TITLE_LENGTH:
        raise refuse(f"The title has {len(title)} characters; at most {MAX_TITLE_LENGTH} fit.")
    return title


def _check_slug(slug: str) -> None:
    try:
        validate_slug(slug)
    except ValidationError:
        raise refuse(f"{quoted(slug)} cannot name a study: letters, digits, hyphens and underscores only.") from None
    if len(slug) > 50:
        raise refuse(f"{quoted(slug)} cannot name a study: at most 50 characters.")
    if Study.objects.filter(slug=slug).exists():
        raise refuse(f"There is a study {slug} already.")
