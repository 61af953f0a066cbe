"""Errors that end a command, or the site while it starts, as lines among the others."""

import logging
import sys
from pathlib import PurePath
from traceback import walk_tb
from types import TracebackType

from thighsite.environment import program_name
from thighsite.log.lines import in_one_line


def note_uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Write down an uncaught error, as sys.excepthook. Before logging is set up, it is printed as Python would."""
    if not issubclass(kind, Exception):
        sys.__excepthook__(kind, error, trace)
        return
    told = logging.getLogger("thighsite.program")
    if _is_unreachable(error):  # where in the program it was found says nothing
        said = in_one_line(error)
        told.critical("%s ended, for the database cannot be reached: %s", program_name(sys.argv), said)
        return
    told.critical("%s ended with an error.", program_name(sys.argv), exc_info=(kind, error, trace))


def _is_unreachable(error: BaseException) -> bool:
    """Say whether it is a connection to PostgreSQL that was not made, rather than one that broke."""
    frames = [frame.f_code for frame, _ in walk_tb((error.__cause__ or error).__traceback__)]
    made_in = (frames[-1].co_name, PurePath(frames[-1].co_filename).parent.name) if frames else None
    return type(error).__name__ == "OperationalError" and made_in == ("connect", "psycopg")
