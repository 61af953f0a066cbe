"""The engine's own tables, made for it by a migration of the site's.

procrastinate brings each change of them as a file of SQL, named by the release that needs it. A migration of the site
runs those of some releases, so that neither a start of the site nor `migrate` imports the engine for its sake. A test
(tests/thighsite/jobs/test_engine.py) finds a file of the installed release that no migration runs.
"""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.db import migrations, transaction
from django.db.migrations.exceptions import IrreversibleError

REMOVE = """
DO $do$
DECLARE
    name text;
BEGIN
    DROP TABLE IF EXISTS procrastinate_events, procrastinate_periodic_defers, procrastinate_jobs, procrastinate_workers
        CASCADE;
    FOR name IN SELECT oid::regprocedure::text FROM pg_proc
                WHERE proname LIKE 'procrastinate\\_%' AND pronamespace = 'public'::regnamespace LOOP
        EXECUTE format('DROP ROUTINE IF EXISTS %s CASCADE', name);
    END LOOP;
    FOR name IN SELECT oid::regtype::text FROM pg_type
                WHERE typname LIKE 'procrastinate\\_%' AND typnamespace = 'public'::regnamespace LOOP
        EXECUTE format('DROP TYPE IF EXISTS %s CASCADE', name);
    END LOOP;
END $do$
"""


def sql_files() -> list[Path]:
    """List procrastinate's files of SQL in their order; each name begins with its release: 03.04.00_01_…."""
    spec = find_spec("procrastinate")  # finds without importing
    folder = ((spec and spec.submodule_search_locations) or [""])[0]
    return sorted((Path(folder) / "sql" / "migrations").glob("*.sql"))


def release_of(file: Path) -> tuple[int, ...]:
    """Read the release that needs a file: 03.04.00_01_… is (3, 4, 0)."""
    return tuple(int(part) for part in file.name.partition("_")[0].split("."))


def change_engine_tables(*, after: tuple[int, ...], up_to: tuple[int, ...]) -> migrations.RunPython:
    """Make the operation of a migration without a transaction that runs the files of ``after < release <= up_to``.

    Each file has a transaction of its own: up to release 16, PostgreSQL lets no file use a value that was added to an
    enumeration before it is committed. The first such migration begins by removing what an interrupted one left.
    """

    def change(apps: Any, schema_editor: Any) -> None:
        if not after:
            schema_editor.execute(REMOVE, params=None)
        for file in sql_files():
            if after < release_of(file) <= up_to:
                with transaction.atomic(using=schema_editor.connection.alias):
                    schema_editor.execute(file.read_text(), params=None)

    def take_back(apps: Any, schema_editor: Any) -> None:
        if after:
            raise IrreversibleError("procrastinate has no way back between releases.")
        schema_editor.execute(REMOVE, params=None)

    return migrations.RunPython(change, take_back)
