"""The trail as CSV: one row for each thing that changed, streamed."""

from collections.abc import Iterator
from itertools import islice

from grading.csv.lines import csv_lines
from grading.csv.record_columns import TRAIL_COLUMNS
from grading.models.trail import TrailRecordQuerySet
from grading.trail.words import RecordInWords, in_words

CHUNK = 2000
COLUMNS = tuple(column.name for column in TRAIL_COLUMNS)


def export_trail(records: TrailRecordQuerySet) -> Iterator[str]:
    """Write the lines of the trail's CSV, header first."""
    return csv_lines(COLUMNS, _rows(records))


def _rows(records: TrailRecordQuerySet) -> Iterator[tuple]:
    stream = records.with_what_they_tell_of().iterator(chunk_size=CHUNK)
    while chunk := list(islice(stream, CHUNK)):
        for line in in_words(chunk):
            yield from _rows_of(line)


def _rows_of(line: RecordInWords) -> Iterator[tuple]:
    record, read = line.record, line.read
    person = line.who if record.actor_id is not None else None
    who = (record.id, record.at, person, record.source, record.role, line.what, record.get_operation_display())
    place: tuple[str | int | None, ...] = (None,) * 5
    if read is not None:
        place = (read.participant, read.mri, read.reader, read.feature, read.occasion)
    more = (record.reason, record.vouched, record.hash, line.subject, line.happened, record.transaction or None)
    blind_code = read.code if read else None
    for difference in line.differences:
        yield (*who, *place, *vars(difference).values(), *more, blind_code)
