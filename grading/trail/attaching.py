"""For migrations: put a table under the trail, or take it off again."""

from collections.abc import Iterable

from django.db import migrations


def attach_trail(
    table: str, *, without: Iterable[str] = (), hidden: Iterable[str] = (), inserts: bool = True
) -> migrations.RunSQL:
    """Have the trail note from here on what is inserted into a table, updated in it and deleted from it.

    ``without`` are columns that it takes no notice of; of ``hidden`` ones it notes that they changed, not from what
    to what. Without ``inserts`` it leaves out new rows: of a table that is itself a log.
    """
    columns = [f"ARRAY[{', '.join(map(_quoted, names))}]::text[]" for names in (without, hidden)]
    attach = f"SELECT trail_attach({_quoted(table)}, {', '.join(columns)}, {str(inserts).lower()})"
    return migrations.RunSQL(attach, f"SELECT trail_detach({_quoted(table)})")


def _quoted(name: str) -> str:
    return "'{}'".format(name.replace("'", "''"))
