"""New codes of a participants CSV that are none, or that are easily taken for another. Pure: no Django."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from grading.codes.similarity import similar_codes, unlike_letters
from grading.codes.suspicion import why_mangled, why_personal
from grading.csv.imports.participant_rows import ParticipantInFile
from grading.csv.imports.row_parser import quoted
from grading.sheets.refusal import Problems, Questions

_COMMON = 3  # participants from which on an MRI's code is a usual one, such as MRI1
_PARTS = re.compile(r"[^\W\d_]+|\d+")

Codes = Mapping[str, Iterable[str]]  # of MRIs, by participant


def check_new_codes(
    in_file: dict[str, ParticipantInFile], stored: Codes, problems: Problems, questions: Questions
) -> None:
    """Refuse what a spreadsheet made of a code, and ask about the new codes that are rarely meant.

    Args:
        stored: the codes of each stored participant's MRIs.
    """
    lines = {code: found.line for code, found in in_file.items() if code not in stored}
    _check_each(lines, "participant", problems, questions)
    _ask_about_similar("participant", lines, stored, "participant", questions)
    for code, found in in_file.items():
        known = stored.get(code, ())
        new = {mri: of_file.line for mri, of_file in found.mris.items() if mri not in known}
        _check_each(new, "mri", problems, questions)
        _ask_about_similar(f"MRI of participant {quoted(code)}", new, known, "mri", questions)
    _ask_about_carried(in_file, stored, questions)


def check_code(code: str, line: int, column: str, problems: Problems, questions: Questions) -> None:
    """Refuse a code that a spreadsheet has mangled; ask about one that seems to tell who somebody is."""
    if why := why_mangled(code):
        problems.add(f"{quoted(code)} {why}.", line, column)
    elif why := why_personal(code):
        questions.add(f"{quoted(code)} {why}. Codes are pseudonyms, without names and dates.", line, column)


def similar_words(what: str, code: str, other: str) -> str:
    """Say that a code is easily taken for another, naming the letters that only look alike."""
    letters = unlike_letters(code, other)
    written = f" It is written with {', '.join(letters)}." if letters else ""
    return f"{quoted(code)} is easily taken for {quoted(other)}, another {what}.{written}"


def _check_each(lines: dict[str, int], column: str, problems: Problems, questions: Questions) -> None:
    for code, line in lines.items():
        check_code(code, line, column, problems, questions)


def _ask_about_similar(
    what: str, lines: dict[str, int], known: Iterable[str], column: str, questions: Questions
) -> None:
    for code, other in similar_codes(lines, known):
        where = f" on line {lines[other]}" if other in lines else " of the study"
        questions.add(similar_words(f"{what}{where}", code, other), lines[code], column)


def _ask_about_carried(in_file: dict[str, ParticipantInFile], stored: Codes, questions: Questions) -> None:
    """Ask about MRIs whose code carries that of another participant, where one of the two is new."""
    owners = {tuple(_parts(code)): code for code in [*stored, *in_file] if _tells_somebody(code)}
    bearers = defaultdict(set)
    for code, mri, _ in _mris(in_file, stored):
        bearers[mri].add(code)
    for code, mri, line in _mris(in_file, stored):
        other = _carried(code, mri, owners)
        is_new = line is not None or (other in in_file and other not in stored)
        if other and is_new and len(bearers[mri]) < _COMMON:
            message = (
                f"MRI {quoted(mri)} of participant {quoted(code)} carries the code of participant {quoted(other)}."
            )
            questions.add(message, line or in_file[other].line, "mri")


def _mris(in_file: dict[str, ParticipantInFile], stored: Codes) -> Iterator[tuple[str, str, int | None]]:
    """Yield participant, code and line of every MRI; no line for those that are stored."""
    for code, mris in stored.items():
        yield from ((code, mri, None) for mri in mris)
    for code, found in in_file.items():
        known = set(stored.get(code, ()))
        yield from ((code, mri, of_file.line) for mri, of_file in found.mris.items() if mri not in known)


def _carried(code: str, mri: str, owners: dict[tuple[str, ...], str]) -> str | None:
    """Find the participant whose code an MRI's carries while it does not carry that of its own participant."""
    runs = set(_runs(_parts(mri)))
    if tuple(_parts(code)) in runs:
        return None
    return next((owners[run] for run in sorted(runs, key=len, reverse=True) if run in owners), None)


def _runs(parts: list[str]) -> Iterator[tuple[str, ...]]:
    return (tuple(parts[start:end]) for start in range(len(parts)) for end in range(start + 1, len(parts) + 1))


def _parts(code: str) -> list[str]:
    """List the words and numbers of a code."""
    return _PARTS.findall(code.casefold())


def _tells_somebody(code: str) -> bool:
    """Say whether a code is long enough to be no chance in another: not "1", "12" or "A"."""
    letters_and_digits = "".join(_parts(code))
    mixed = not letters_and_digits.isdigit() and not letters_and_digits.isalpha()
    return mixed or len(letters_and_digits) > 2
