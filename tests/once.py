"""What one of several workers makes for all of a run, and what a checkout calls its own where others have theirs."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

DATA = Path(__file__).resolve().parent.parent / ".data"
# In the names of databases: two checkouts may use one PostgreSQL at a time.
OF_CHECKOUT = f"_{sha256(bytes(DATA)).hexdigest()[:8]}"
RUN = os.environ.get("PYTEST_XDIST_TESTRUNUID") or str(uuid4())


@contextmanager
def first_of_run(thing: str) -> Iterator[bool]:
    """Whether this worker is to make the thing. The others wait until the block ends, and if it fails make it anew."""
    DATA.mkdir(exist_ok=True)
    with (DATA / f"{thing}.run").open("a+") as made_by:
        fcntl.flock(made_by, fcntl.LOCK_EX)
        made_by.seek(0)
        is_first = made_by.read() != RUN
        yield is_first
        if is_first:
            made_by.truncate(0)
            made_by.write(RUN)
