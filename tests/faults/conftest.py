"""A site of its own for each test, over a database server that keeps what it has acknowledged."""

import pytest

from tests.embedded import migrated_postgres, site_over


@pytest.fixture
def postgres(tmp_path):
    with migrated_postgres(tmp_path, durable=True) as server:
        yield server


@pytest.fixture
def site(postgres, static_files):
    site = site_over(postgres)
    site.start()
    yield site
    site.stop()
