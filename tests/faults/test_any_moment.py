"""Back to a moment between two backups, with PostgreSQL's own programs, as docs/guides/operator.md describes it."""

import pytest

from tests.browser.servers import Server
from tests.embedded import embedded_postgres, migrated_postgres
from tests.faults.machines import folder_of, said_by
from thighsite.embedded_postgres.programs import run

pytest.importorskip("fcntl", reason="the embedded server is for Linux and macOS")

BEFORE = "from tests.builders import make_read, make_study; make_read(study=make_study(slug='thighs'), scores=[1] * 5)"
AFTER = """
from grading.anatomy import MUSCLE_CODES
from grading.models import Read
from grading.services.entering import enter_grade
read = Read.objects.get()
for muscle in MUSCLE_CODES[5:]:
    enter_grade(read_id=read.pk, reader_id=read.reader_id, muscle=muscle, side="both", score=2)
"""
STORED = "SELECT score, count(*) FROM grading_grade GROUP BY score"


def test_mistake_is_undone_and_what_came_before_it_is_there(tmp_path, request):
    with migrated_postgres(tmp_path / "first", durable=True) as first:
        archive, base = folder_of(first, "archive"), folder_of(first, "base")
        keep = f"test ! -f {archive}/%f && cp %p {archive}/%f"
        said_by(first, "ALTER SYSTEM SET archive_mode = on", f"ALTER SYSTEM SET archive_command = '{keep}'")
        run("pg_ctl", "stop", "-w", "-m", "fast", "-D", first.data, cluster=first.data)
        first.ensure(recheck=True)
        site = Server(first.url())
        request.addfinalizer(site.stop)
        site.python(BEFORE)

        run("pg_basebackup", "-d", first.url(), "-D", base, "-c", "fast", cluster=first.data)
        # Not pg_verifybackup: the wheel's ends with a segmentation fault, whatever it is asked.
        site.python(AFTER)
        ((moment,),) = said_by(first, "SELECT clock_timestamp()::text")
        said_by(first, "DROP TABLE grading_grade CASCADE")
        ((last,),) = said_by(first, "SELECT pg_walfile_name(pg_switch_wal())")
        while not (archive / last).exists():
            said_by(first, "SELECT pg_sleep(0.1)")  # between two looks at what is awaited

        again = tmp_path / "again" / "postgres"
        again.mkdir(parents=True)
        base.rename(again / "data")
        with (again / "data" / "postgresql.auto.conf").open("a") as settings:
            settings.write("archive_mode = off\n")
            settings.write(f"restore_command = 'cp {archive}/%f %p'\n")
            settings.write(f"recovery_target_time = '{moment}'\nrecovery_target_action = promote\n")
        (again / "data" / "recovery.signal").touch()
        with embedded_postgres(tmp_path / "again", durable=True) as second:
            while said_by(second, "SELECT pg_is_in_recovery()") == [(True,)]:
                said_by(second, "SELECT pg_sleep(0.1)")
            restored = Server(second.url())
            request.addfinalizer(restored.stop)
            assert dict(restored.rows(STORED)) == {1: 5, 2: 6}
            restored.manage(["verify", "--study", "thighs"])
