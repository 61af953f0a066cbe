"""Errors of a database that is away, in a line: each request has one meanwhile, and where it met it says nothing."""

import logging

from thighsite.log.lines import in_one_line, words


class InOneLine(logging.Filter):
    """Leaves the traceback out of a record whose error is an outage, and says in its place what the database said."""

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if error is not None and _is_outage(error):
            said = in_one_line(record.getMessage()).removesuffix(".")
            record.msg, record.args = "%s: the database is away%s", (said, in_one_line(words(error)))
            record.exc_info = None
        return True


def _is_outage(error: BaseException) -> bool:
    from thighsite.refusals.outages import is_outage  # here: gunicorn's master sets logging up without psycopg

    return is_outage(error)
