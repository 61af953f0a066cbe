"""Encryption of a backup's files by age or gpg, through which they are piped: what is not encrypted reaches no disk."""

import shutil
from pathlib import Path

from thighsite.backup.errors import BackupError

AGE, GPG = "age", "gpg"
MISSING = "{program} is not here, which encrypts for {recipient}. Install it, or name a recipient of {other}."
NOT_HERE = "{program} is not here, which decrypts {name}. Install it."
NO_IDENTITY = "{name} is encrypted by age: --identity FILE names the file with the key that opens it."


def encrypting(recipient: str) -> tuple[list[str], str]:
    """Make the command that encrypts for a recipient, and what it adds to a file's name.

    A recipient of age begins with ``age1`` or ``ssh-``; any other is a key that gpg knows.

    Raises:
        BackupError: the program is not here.
    """
    program, other = (AGE, GPG) if recipient.startswith(("age1", "ssh-")) else (GPG, AGE)
    if shutil.which(program) is None:
        raise BackupError(MISSING.format(program=program, recipient=recipient, other=other))
    if program == AGE:
        return [AGE, "--recipient", recipient], ".age"
    return [GPG, "--batch", "--quiet", "--trust-model", "always", "--encrypt", "--recipient", recipient], ".gpg"


def decrypting(name: str, identity: Path | None) -> list[str] | None:
    """Make the command that decrypts a file of this name; None for one that is not encrypted.

    Raises:
        BackupError: the program is not here, or age needs a key.
    """
    program = {".age": AGE, ".gpg": GPG}.get(Path(name).suffix)
    if program is None:
        return None
    if shutil.which(program) is None:
        raise BackupError(NOT_HERE.format(program=program, name=name))
    if program == GPG:
        return [GPG, "--batch", "--quiet", "--decrypt"]
    if identity is None:
        raise BackupError(NO_IDENTITY.format(name=name))
    return [AGE, "--decrypt", "--identity", str(identity)]
