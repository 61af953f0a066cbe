"""What one of several workers makes for all of a run, and what a checkout calls its own where others have theirs."""

import fcntl
import os
import pickle  # nosec B403: what this run wrote itself
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from hashlib import sha256
from pathlib import Path
from typing import Any
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


def once_a_run(make: Callable[[str], Any]) -> Callable[[str], Any]:
    """Have one of several workers compute what a function makes of a name; the others read what it wrote."""
    made: dict[str, Any] = {}

    @wraps(make)
    def made_once(name: str) -> Any:
        if name not in made:
            thing = f"{make.__module__.rpartition('.')[2]}-{make.__name__}-{name.replace(' ', '-')}"
            with first_of_run(thing) as is_first:
                kept = DATA / f"{thing}.pickle"
                if is_first:
                    kept.write_bytes(pickle.dumps(make(name)))
                made[name] = pickle.loads(kept.read_bytes())  # nosec B301
        return made[name]

    return made_once
