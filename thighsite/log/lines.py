"""A record of the log as one line of JSON, or as the fields of one."""

import json
import logging
import re
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from thighsite.log import requests

# Exceptions whose words come from code or from the machine. Those of others may repeat a value: KeyError: 'P-0042'.
SPEAK_OF_CODE = {
    "AttributeError", "ImportError", "IndexError", "MemoryError", "NameError", "NotImplementedError", "OSError",
    "RuntimeError", "TypeError", "ImproperlyConfigured", "TemplateDoesNotExist", "TemplateSyntaxError",
}  # fmt: skip
DATA_EXCEPTION = "22"  # class of SQLSTATEs whose message repeats the value that does not fit
ADDRESS = re.compile(r"(https?://[^/\s]+)/\S+")


class JsonLines(logging.Formatter):
    """One record, one line, in ASCII: nothing that somebody sends can begin another."""

    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(fields(record), default=str)


def fields(record: logging.LogRecord) -> dict[str, Any]:
    """List everything that is written down of a record; fields without a value are left out."""
    made = {
        "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname.lower(),
        "logger": record.name,
        "message": message(record),
        **requests.described(record),
        "traceback": traceback_of(record.exc_info[1]) if record.exc_info and record.exc_info[1] else None,
    }
    return {name: value for name, value in made.items() if value is not None}


def message(record: logging.LogRecord) -> str:
    """Write a record's message, with no more of addresses than may be shown."""
    args = record.args
    if isinstance(args, tuple):
        args = tuple(requests.beginning(str(arg)) if str(arg).startswith("/") else arg for arg in args)
    said = str(record.msg) % args if args else str(record.msg)
    if said.startswith("Invalid request from ip="):  # gunicorn goes on with what was sent
        said = said.partition(": ")[0]
    return ADDRESS.sub(r"\1/…", said)


def in_one_line(said: object) -> str:
    """Write words without line breaks, which psycopg has in its own: it tells of each address that it tried."""
    return " ".join(str(said).split())


def traceback_of(error: BaseException) -> str:
    """Write the traceback as Python prints it, of an exception and of those that led to it, without values."""
    return "\nwhich led to:\n\n".join(
        f"{''.join(traceback.format_tb(each.__traceback__))}{type(each).__qualname__}{words(each)}\n"
        for each in reversed(list(_chain(error)))
    )


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def words(error: BaseException) -> str:
    """Repeat what an exception says, if none of it can be a value; of a database error, what PostgreSQL calls it."""
    diagnosis = getattr(error, "diag", None) or getattr(error.__cause__, "diag", None)
    if diagnosis is None:
        speaks = {kind.__name__ for kind in type(error).__mro__} & SPEAK_OF_CODE
        return f": {error}" if speaks else ""
    if diagnosis.sqlstate is None:  # the connection's own words
        return f": {error}"
    named = (diagnosis.sqlstate, diagnosis.table_name, diagnosis.column_name, diagnosis.constraint_name)
    said = f"[{', '.join(filter(None, named))}]"
    return f": {said}" if diagnosis.sqlstate.startswith(DATA_EXCEPTION) else f": {diagnosis.message_primary} {said}"
