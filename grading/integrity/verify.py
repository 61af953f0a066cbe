"""All that can be said of a study's integrity, in words: what is wrong, and what is only to be known."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from grading.integrity import actors, acts, chain, entries, guards, trail_replay
from grading.integrity.corrections import Correction, FormerNames, corrections
from grading.integrity.row_names import RowNames
from grading.integrity.scope import scope_of
from grading.integrity.signed_reads import stored_signatures
from grading.integrity.taken_back import TakenBack, imported_reads_taken_back
from grading.models import Study, TrailRecord
from grading.trail.differences import Difference
from grading.trail.words import in_words

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
    corrected = corrections(scope)
    _check_signatures(scope, names, corrected, found)
    found.faults += [*_unlike_the_trail(scope, names), *_broken_trail(scope, names), *_not_theirs(scope, names)]
    found.notes += [_correction(one, names) for one in corrected if one.reads]
    found.notes += [_taken_back(one, names) for one in imported_reads_taken_back(scope)]
    found.notes += [_outside(one, names) for one in actors.outside(scope)]
    return found


def _check_signatures(scope: dict[str, Any], names: RowNames, corrected: list[Correction], found: Verified) -> None:
    former = FormerNames(corrected, scope)
    for stored in stored_signatures(scope):
        found.imported += stored.is_imported
        found.signed += not stored.is_imported
        if not stored.holds(former):
            found.faults.append(f"{names.of_read(stored.read)}: not what was signed")


def _unlike_the_trail(scope: dict[str, Any], names: RowNames) -> Iterator[str]:
    for unlike in trail_replay.unlike_rows(scope):
        if isinstance(unlike, trail_replay.NotPlayable):
            yield f"{unlike}: the trail tells of values that cannot be"
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
    yield from _unlike_the_entries(scope, names)
    for table in trail_replay.unwatched_tables():
        yield f"{table}: the trail does not watch it any more"


def _unlike_the_entries(scope: dict[str, Any], names: RowNames) -> Iterator[str]:
    for read, cells in entries.changed_entries(scope).items():
        yield f"{names.of_read(read)}: its entries are not those that made its grades: {', '.join(cells)}"
    for read, cells in entries.other_times(scope).items():
        yield f"{names.of_read(read)}: version or times are not those of the entries: {', '.join(cells)}"
    for read in entries.entries_not_as_signed(scope):
        yield f"{names.of_read(read)}: its entries are not those of the sign-off"
    for read in entries.other_pace(scope):
        yield f"{names.of_read(read)}: its reading times are none that its entries can have made"


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
        records = f"{_times(one.records, 'record', 'records')} of the trail, the last {one.last_record}"
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
            f"trail_key: {_times(foreign, 'key is', 'keys are')} not this site's, and lets whoever has it write in "
            "anybody's name. If it is of a former SECRET_KEY, run: manage.py migrate"
        )
    if lacking:
        yield "trail_key: the database does not know this site by its SECRET_KEY. Run: manage.py migrate"
    for name in guards.other_program():
        what = name or "a function or rule is missing"
        yield f"{what}: not as migrate left it. If the server or SECRET_KEY is another now, run: manage.py migrate"
    for table, column in guards.columns_not_noted():
        yield f"{table}: nothing says since when the trail watches {column}"


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
        f"{_times(one.records, 'change was', 'changes were')} made at the database itself, by "
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
        f"({_times(one.reads, 'read', 'reads')} had been signed off)"
    )


def _taken_back(one: TakenBack, names: RowNames) -> str:
    return (
        f"taken back: {names.of_read(one.read)}: brought in by a file, taken back on {one.at:%Y-%m-%d %H:%M} UTC by "
        f"{one.person or one.source or 'a program'}, because “{one.reason}”"
    )


def _times(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"
