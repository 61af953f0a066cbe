"""Statements that took long, by the name of the view that asked them. Their parameters, which are values, stay out."""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings

from thighsite.log.requests import current_view

LONGEST = 500  # characters of a statement
log = logging.getLogger("thighsite.slow")


def note_slow(execute: Callable, sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Run a statement, and write down one that took longer than settings say. An execute wrapper, the first."""
    began = time.monotonic()
    try:
        return execute(sql, params, many, context)
    finally:
        took = (time.monotonic() - began) * 1000
        if took >= settings.SLOW_STATEMENT_MS and params is not None and isinstance(sql, str):
            log.warning("A statement of %s took %d ms: %s", current_view(), took, " ".join(sql.split())[:LONGEST])
