"""PostgreSQL's own floor: pgbench, which inserts one row durably per transaction."""

import subprocess
import tempfile
from pathlib import Path

from bench.saving.client import Load

TABLE = """CREATE TABLE IF NOT EXISTS bench_row
           (id bigserial PRIMARY KEY, muscle text NOT NULL, score smallint NOT NULL, at timestamptz NOT NULL)"""
INSERT = "INSERT INTO bench_row (muscle, score, at) VALUES ('VL', 2, now());\n"


def durable_inserts(clients: int, seconds: int) -> Load:
    from django.db import connection

    from thighsite.embedded_postgres.base import server
    from thighsite.embedded_postgres.programs import program

    with connection.as_owner(), connection.cursor() as cursor:
        cursor.execute(TABLE)
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "insert.sql")
        script.write_text(INSERT)
        subprocess.run(
            [program("pgbench"), "--no-vacuum", f"--file={script}", f"--client={clients}", f"--jobs={min(clients, 2)}",
             f"--time={seconds}", "--log", f"--log-prefix={folder}/log", server().url()],
            check=True, capture_output=True,
        )  # fmt: skip
        lines = [line for log in Path(folder).glob("log*") for line in log.read_text().splitlines()]
    return Load([int(line.split()[2]) / 1e6 for line in lines], seconds)
