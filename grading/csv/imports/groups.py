"""The groups of a study that has none yet: those of the first participants CSV."""

from collections.abc import Mapping

from grading.codes.naming import named_group
from grading.codes.suspicion import why_mangled
from grading.csv.imports.participant_rows import ParticipantInFile
from grading.csv.imports.row_parser import quoted
from grading.models import DiagnosisGroup, Study
from grading.sheets.refusal import Problems, refuse

# Okabe and Ito's colours, safe for the colour-blind; black, which a dark screen swallows, is grey here.
COLOURS = {"IMNM": "#009E73", "DM": "#D55E00"}
FURTHER_COLOURS = ("#0072B2", "#E69F00", "#CC79A7", "#56B4E9", "#F0E442", "#999999")


def found_groups(
    study: Study, in_file: Mapping[str, ParticipantInFile], problems: Problems, reference: str | None = None
) -> list[DiagnosisGroup]:
    """Make the groups of a study, and report those that it cannot have.

    The reference group is the one named, else IMNM where present, else the first in alphabetical order.

    Raises:
        ImportRefused: the reference is not in the file, or the groups are too many or too alike.
    """
    lines: dict[str, int] = {}
    for participant in in_file.values():
        lines.setdefault(participant.fields["group"], participant.line)
    for code, line in lines.items():
        if why := why_mangled(code):
            problems.add(f"{quoted(code)} {why}.", line, "group")
        if named_group(study.reader_title, [(code, code)]):
            message = f"Readers would learn of the group from the title for readers, “{study.reader_title}”"
            problems.add(f"{message}: change that first.", line, "group", of_file=False)
    codes = sorted(lines)
    reference, colours = _reference(codes, reference), _colours(codes)
    return DiagnosisGroup.objects.bulk_create(
        DiagnosisGroup(study=study, code=code, name=code, colour=colours[code], is_reference=code == reference)
        for code in codes
    )


def _reference(codes: list[str], named: str | None) -> str:
    if named is not None and named not in codes:
        raise refuse(f"The reference group {quoted(named)} is not in the file. Its groups: {_listed(codes)}.")
    return named or ("IMNM" if "IMNM" in codes else next(iter(codes), ""))


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
