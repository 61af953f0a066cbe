"""What an address of the planning page asks for."""

from collections.abc import Mapping

from django.http import QueryDict

from analysis.stats.planning.setting import NAMES, Setting, read_setting
from analysis.web.forms.question import refuse_unknown_names

_LONGEST = 1000  # characters: every number of participants that there may be takes fewer


def said_words(said: Mapping[str, str]) -> dict[str, str]:
    """List what an address or a form says of a setting, cut where no setting is so long."""
    return {name: str(said[name])[:_LONGEST] for name in NAMES if name in said}


def read_plan(query: QueryDict) -> Setting:
    """Read the setting of an address.

    Raises:
        UnanswerableError: it asks what cannot be asked.
    """
    refuse_unknown_names(query, NAMES)
    return read_setting(said_words(query))
