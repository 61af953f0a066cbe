"""Errors that end a command, or the site while it starts, as lines among the others."""

import logging
import sys
from types import TracebackType

from thighsite.environment import program_name


def note_uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Write down an uncaught error, as sys.excepthook. Before logging is set up, it is printed as Python would."""
    if not issubclass(kind, Exception):
        sys.__excepthook__(kind, error, trace)
        return
    told = logging.getLogger("thighsite.program")
    told.critical("%s ended with an error.", program_name(sys.argv), exc_info=(kind, error, trace))
