"""All that can be said of a study's integrity, in words: what is wrong, and what is only to be known."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import DataError, transaction

from grading.integrity import actors, acts, chain, entries, guards, kept_counts, trail_replay
from grading.integrity.corrections import Correction, FormerNames, corrections
from grading.integrity.row_names import RowNames
from grading.integrity.scope import scope_of
from grading.integrity.signed_reads import stored_signatures
from grading.integrity.taken_back import TakenBack, imported_reads_taken_back
from grading.models import Study, TrailRecord
from grading.trail.differences import Difference
from grading.trail.words import in_words
from grading.words import counted

LONGEST = 40  # characters of a value


@dataclass
class Verified:
    """What was found: ``faults`` must not be, ``notes`` may."""

    signed: int = 0
    imported: int = 0
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def verify_study(study: Study) -> Verified:
    """Play signatures, trail and tables of a study against one another."""
    scope, names, found = scope_of(study), RowNames(), Verified()
    found.faults += faults_of(scope, names, found)
    found.notes += _as_far_as_possible(_notes(scope, names))
    return found


def faults_of(scope: dict[str, Any], names: RowNames, found: Verified) -> Iterator[str]:
    """Say what must not be, each when it is asked for; ``found`` is told how many signatures there are."""
    for check in (_not_as_signed(scope, names, found), *(each(scope, names) for each in CHECKS)):
        yield from _as_far_as_possible(check)


def _as_far_as_possible(check: Iterator[str]) -> Iterator[str]:
    """Pass on what a check says; where a stored value keeps PostgreSQL from going on, that it is so."""
    try:
        with transaction.atomic():
            yield from check
    except DataError as error:
        what = str(error).partition("\n")[0]
        yield f"something is stored that cannot be, so that not all could be checked: {what}"


def _not_as_signed(scope: dict[str, Any], names: RowNames, found: Verified) -> Iterator[str]:
    former = FormerNames(corrections(scope), scope)
    for stored in stored_signatures(scope):
        found.imported += stored.is_imported
        found.signed += not stored.is_imported
        if not stored.holds(former):
            yield f"{names.of_read(stored.read)}: not what was signed"


def _notes(scope: dict[str, Any], names: RowNames) -> Iterator[str]:
    yield from (_correction(one, names) for one in corrections(scope) if one.reads)
    yield from (_taken_back(one, names) for one in imported_reads_taken_back(scope))
    yield from (_outside(one, names) for one in actors.outside(scope))


def _unlike_the_trail(scope: dict[str, Any], names: RowNames) -> Iterator[str]:
    for unlike in trail_replay.unlike_rows(scope):
        if isinstance(unlike, trail_replay.NotPlayable):
            yield _not_played(names, unlike)
            continue
        name = names.of(unlike.table, unlike.key, unlike.stored or unlike.told)
        if unlike.told is None:
            yield f"{name}: stored without a record in the trail"
        elif unlike.stored is None:
            yield f"{name}: gone without a record in the trail"
        else:
            yield f"{name}: changed without a record in the trail: {_differences(unlike)}"
    for read, cells in trail_replay.unlike_cells(scope).items():
        yield f"{names.of_read(read)}: changed without a record in the trail: {', '.join(cells)}"
    for read, cells in trail_replay.unlike_entries(scope).items():
        yield f"{names.of_read(read)}: not what was entered last: {', '.join(cells)}"
    for read in trail_replay.of_another_study(scope):
        yield f"{names.of_read(read)}: a grade or an entry of it names another study"
    yield from _unlike_the_entries(scope, names)
    for table in trail_replay.unwatched_tables():
        yield f"{table}: the trail does not watch it any more"


def _not_played(names: RowNames, what: trail_replay.NotPlayable) -> str:
    if what.key is None:
        return f"{what.table}: the trail tells of values that cannot be"
    return f"{names.of(what.table, what.key)}: not what the trail tells, and one of the two cannot be read"


def _unlike_the_entries(scope: dict[str, Any], names: RowNames) -> Iterator[str]:
    for read, cells in entries.changed_entries(scope).items():
        yield f"{names.of_read(read)}: its entries are not those that made its grades: {', '.join(cells)}"
    for read, cells in entries.other_times(scope).items():
        yield f"{names.of_read(read)}: version or times are not those of the entries: {', '.join(cells)}"
    for read in entries.entries_not_as_signed(scope):
        yield f"{names.of_read(read)}: its entries are not those of the sign-off"
    for read in entries.other_pace(scope):
        yield f"{names.of_read(read)}: its reading times are none that its entries can have made"
    for read in entries.not_as_noted(scope):
        yield f"{names.of_read(read)}: its entries, or a version or time of them, are not those of its last change"


def _differences(unlike: trail_replay.Unlike) -> str:
    """Say of each value that differs what the trail tells and what is stored."""
    told, stored = ({name: (row or {}).get(name) for name in unlike.columns} for row in (unlike.told, unlike.stored))
    (words,) = in_words([TrailRecord(table=unlike.table, before=told, after=stored)])
    return ", ".join(f"{each.name} ({_change(each)})" for each in words.differences)


def _change(difference: Difference) -> str:
    return f"{_short(difference.before)} → {_short(difference.after)}"


def _short(value: str) -> str:
    if not value:
        return "nothing"
    return value if len(value) <= LONGEST else f"{value[:LONGEST]}…"


def _broken_trail(scope: dict[str, Any], names: RowNames) -> Iterator[str]:
    for broken in chain.broken_records(scope):
        of = names.of_read(broken.read) if broken.read else names.of(broken.table, broken.key)
        what = "was changed" if broken.was_changed else "follows a record that is missing"
        yield f"{of}: record {broken.record} of the trail {what}"
    yield from chain.broken_seals(scope)


def _not_theirs(scope: dict[str, Any], names: RowNames) -> Iterator[str]:
    for one in actors.unvouched(scope):
        of = names.of_read(one.read) if one.read else names.of(one.table, one.key)
        who = f"in the name of {one.person}, by somebody else" if one.person else "by somebody who is not the site"
        records = f"{counted(one.records, 'record')} of the trail, the last {one.last_record}"
        yield f"{of}: changed {who}: {one.source or 'a program'} as {one.role} ({records})"
    yield from _acts(scope, names)
    yield from _not_the_projects()
    for table, rule in actors.rules_switched_off():
        yield f"{table}: a rule of the database is switched off: {rule}"


def _not_the_projects() -> Iterator[str]:
    """Say what `migrate` did not leave in the database; whether or not it matters to this study, nobody can know."""
    foreign, lacking = guards.keys()
    if foreign:
        yield (
            f"trail_key: {counted(foreign, 'key is', 'keys are')} not this site's, and lets whoever has it write in "
            "anybody's name. If it is of a former SECRET_KEY, run: manage.py migrate"
        )
    if lacking:
        yield "trail_key: the database does not know this site by its SECRET_KEY. Run: manage.py migrate"
    for name in guards.other_program():
        what = name or "a function or rule is missing"
        yield f"{what}: not as migrate left it. If the server or SECRET_KEY is another now, run: manage.py migrate"
    for table, column in guards.columns_not_noted():
        yield f"{table}: nothing says since when the trail watches {column}"


def _other_counts(scope: dict[str, Any], names: RowNames) -> Iterator[str]:
    for reader in kept_counts.readers_counted_wrongly(scope):
        yield f"{reader}: the counts that the database keeps are not those of the reads. Run: manage.py migrate"


CHECKS = (_unlike_the_trail, _broken_trail, _not_theirs, _other_counts)


def _acts(scope: dict[str, Any], names: RowNames) -> Iterator[str]:
    for one in acts.acts_of_others(scope):
        of = names.of_read(one.read) if one.read else names.of(one.table, one.key)
        program = f"{one.source or 'a program'} as {one.role}"
        who = f"in the name of {one.person}, by somebody else" if one.person else "by somebody who is not the site"
        yield f"{of}: {one.what} {who}: {program} (record {one.record} of the trail)"
    for record, read in acts.sign_offs_undone(scope):
        yield f"{names.of_read(read)}: its sign-off was taken away without a reopening (record {record} of the trail)"


def _outside(one: actors.Outside, names: RowNames) -> str:
    changed = sorted({names.of_read(read) if read else names.of(table, key) for table, key, read in one.rows})
    more = f" and {one.number - len(one.rows):,} more" if one.number > len(one.rows) else ""
    return (
        f"{counted(one.records, 'change was', 'changes were')} made at the database itself, by "
        f"{one.source or 'a program'} as {one.role}, the last on {one.at:%Y-%m-%d %H:%M} UTC: "
        f"{'; '.join(changed)}{more}"
    )


def _correction(one: Correction, names: RowNames) -> str:
    record = TrailRecord(table=one.table, before={one.column: one.before}, after={one.column: one.after})
    (words,) = in_words([record])
    because = f"because “{one.reason}”" if one.reason else "no reason given"
    return (
        f"corrected since: {names.of(one.table, one.key)}: {words.differences[0].name} {_change(words.differences[0])} "
        f"on {one.at:%Y-%m-%d %H:%M} UTC by {one.person or one.source or 'a program'}, {because} "
        f"({counted(one.reads, 'read')} had been signed off)"
    )


def _taken_back(one: TakenBack, names: RowNames) -> str:
    return (
        f"taken back: {names.of_read(one.read)}: brought in by a file, taken back on {one.at:%Y-%m-%d %H:%M} UTC by "
        f"{one.person or one.source or 'a program'}, because “{one.reason}”"
    )
