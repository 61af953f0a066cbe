"""The account that PostgreSQL runs under. As root, which PostgreSQL refuses, that is another than ours."""

import os
import pwd
import shutil
from pathlib import Path

from thighsite.embedded_postgres.errors import ServerError

ORDINARY_ACCOUNTS = ("postgres", "nobody")


def command_prefix(data: Path) -> list[str]:
    """Find what stands before a command so that it runs as the owner of the cluster in `data`, made or to be made.

    Raises ServerError when the cluster belongs to somebody whom this process cannot become.
    """
    ours, owner = os.geteuid(), _owner(data)
    if ours != 0:
        if owner and owner[0] != ours:
            raise ServerError(
                f"The database in {data} belongs to {_name(owner[0])}, not to {_name(ours)}: "
                "run this as the account that made it, or delete that directory to begin with an empty database."
            )
        return []
    if not shutil.which("setpriv"):
        raise ServerError("PostgreSQL refuses to run as root, and setpriv is not here: run this as an ordinary user.")
    uid, gid = owner or _ordinary_account()
    # dac_override alone is kept: it lets the account through directories of root's, such as a private home
    # directory, on the way to the binaries and the data, so that no permission of a directory has to be opened.
    return [
        "setpriv", f"--reuid={uid}", f"--regid={gid}", "--clear-groups", "--securebits=+no_setuid_fixup",
        "--inh-caps=+dac_override", "--ambient-caps=+dac_override", "--bounding-set=-all,+dac_override",
    ]  # fmt: skip


def _owner(data: Path) -> tuple[int, int] | None:
    try:
        status = data.stat()
    except FileNotFoundError:
        return None
    return status.st_uid, status.st_gid


def _ordinary_account() -> tuple[int, int]:
    for name in ORDINARY_ACCOUNTS:
        try:
            account = pwd.getpwnam(name)
        except KeyError:
            continue
        return account.pw_uid, account.pw_gid
    raise ServerError(f"PostgreSQL refuses to run as root, and there is no account {' or '.join(ORDINARY_ACCOUNTS)}.")


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"
