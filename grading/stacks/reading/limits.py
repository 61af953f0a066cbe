"""How much one upload may be, unpack to, and cost. Far above one examination, far below what hurts the others."""

import resource
import signal
from types import FrameType

MB = 2**20

MAX_UPLOAD_BYTES = 1024 * MB
MAX_FILES = 5_000
MAX_FILE_BYTES = 320 * MB  # of one file, unpacked: 600 slices of 512 × 512 in one multi-frame file
MAX_UNPACKED_BYTES = 1024 * MB
MAX_SIDE = 2_048  # rows and columns
MAX_FRAMES = 2_000  # of one multi-frame file
MAX_SLICES = 500  # of one stack
MAX_STACKS = 24
MAX_OUTPUT_BYTES = 1536 * MB

MEMORY_BYTES = 2_000 * MB  # of addresses, which is more than what is in use
SECONDS = 50  # then the reading gives up in words
SECONDS_TO_KILL = 56  # then it is ended from outside
_CPU_SECONDS = 2 * SECONDS_TO_KILL

TOO_LONG = (
    "Reading the upload takes longer than a minute. Upload fewer series at a time: those that are graded are enough."
)
TOO_LARGE = (
    f"Unpacked, the upload is larger than {MAX_UNPACKED_BYTES // MB:,} MB. "
    "Upload fewer series at a time: those that are graded are enough."
)
TOO_MUCH_MEMORY = (
    "Reading the upload takes more memory than one examination needs. Export the series again from the PACS, and "
    "upload those that are graded alone."
)


class TookTooLong(BaseException):
    """The time is over. No mere Exception: what calls decoders takes all of those for a fault of the file."""


def restrict() -> None:
    """Limit this process for good: memory, time, what it writes; and its memory is never dumped to a file."""
    _limit(resource.RLIMIT_AS, MEMORY_BYTES)
    _limit(resource.RLIMIT_CPU, _CPU_SECONDS)
    _limit(resource.RLIMIT_FSIZE, MAX_OUTPUT_BYTES)
    _limit(resource.RLIMIT_CORE, 0)
    signal.signal(signal.SIGALRM, _give_up)
    signal.alarm(SECONDS)


def _limit(kind: int, most: int) -> None:
    hard = resource.getrlimit(kind)[1]
    if hard != resource.RLIM_INFINITY:
        most = min(most, hard)
    try:
        resource.setrlimit(kind, (most, most))
    except (ValueError, OSError):
        if kind != resource.RLIMIT_AS:  # macOS, where sites are tried out, limits no addresses
            raise


def _give_up(signal_number: int, frame: FrameType | None) -> None:
    raise TookTooLong
