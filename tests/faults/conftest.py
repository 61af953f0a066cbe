"""A site of its own for each test, over a database server that keeps what it has acknowledged."""

import pytest

from tests.embedded import embedded_postgres
from tests.faults.machines import migrated_site


@pytest.fixture
def postgres(tmp_path):
    with embedded_postgres(tmp_path, durable=True) as server:
        yield server


@pytest.fixture
def site(postgres, static_files):
    site = migrated_site(postgres)
    site.start()
    yield site
    site.stop()
