"""The study that a participants CSV founds: its groups are those of the file."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.db import transaction

from grading.codes.spelling import composed, why_unseen
from grading.codes.suspicion import why_mangled
from grading.csv.imports.participant_rows import read_participants
from grading.csv.imports.participants import import_participants
from grading.csv.imports.reading import AS_IT_IS, Reading
from grading.csv.imports.row_parser import quoted
from grading.models import DiagnosisGroup, Study
from grading.sheets.refusal import Problems, refuse

# Okabe and Ito's colours, safe for the colour-blind; black, which a dark screen swallows, is grey here.
COLOURS = {"IMNM": "#009E73", "DM": "#D55E00"}
MAX_TITLE_LENGTH = 200
FURTHER_COLOURS = ("#0072B2", "#E69F00", "#CC79A7", "#56B4E9", "#F0E442", "#999999")


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
    lines: dict[str, int] = {}
    in_file, _ = read_participants(file, problems, reading)
    for participant in in_file.values():
        lines.setdefault(participant.fields["group"], participant.line)
    for code, line in lines.items():
        if why := why_mangled(code):
            problems.add(f"{quoted(code)} {why}.", line, "group")
    problems.refuse()
    codes = sorted(lines)
    reference = _reference(codes, reference)
    colours = _colours(codes)
    study = Study.objects.create(slug=slug, title=title)
    DiagnosisGroup.objects.bulk_create(
        DiagnosisGroup(study=study, code=code, name=code, colour=colours[code], is_reference=code == reference)
        for code in codes
    )
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


def _reference(codes: list[str], named: str | None) -> str:
    if named is not None and named not in codes:
        raise refuse(f"The reference group {quoted(named)} is not in the file. Its groups: {_listed(codes)}.")
    return named or ("IMNM" if "IMNM" in codes else codes[0])


def _colours(codes: list[str]) -> dict[str, str]:
    """Give each group a colour. ImportRefused for groups that differ in case only, or more than there are colours."""
    if len({code.lower() for code in codes}) < len(codes):
        raise refuse(f"Groups differ in capital letters only: {_listed(codes)}. Spell each the same everywhere.")
    further = [code for code in codes if code not in COLOURS]
    if len(further) > len(FURTHER_COLOURS):
        raise refuse(f"The file has {len(codes)} groups, more than can be compared: {_listed(codes)}.")
    return COLOURS | dict(zip(further, FURTHER_COLOURS, strict=False))


def _listed(codes: list[str]) -> str:
    return ", ".join(codes[:10]) + (", …" if len(codes) > 10 else "")
