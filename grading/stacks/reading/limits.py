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
# Of a processor, not of the clock: a server that is busy with others must not refuse an honest upload.
CPU_SECONDS = 50  # then the reading gives up in words
CPU_SECONDS_TO_END = 56  # then the system ends it, inside a decoder too
SECONDS_TO_KILL = 240  # of the clock; then it is ended from outside, however little of a processor it had

TOO_LONG = (
    "Reading the upload takes longer than a minute. Upload fewer series at a time: those that are graded are enough."
)
TOO_BUSY = (
    f"The site was too busy to read the upload within {SECONDS_TO_KILL // 60} minutes. Try again later, or upload "
    "fewer series at a time."
)
TOO_MANY = f"The upload has more than {MAX_FILES:,} files. Upload the series that are graded alone."
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
    _limit(resource.RLIMIT_CPU, CPU_SECONDS_TO_END, further=1)  # in which the system says why it ends it
    _limit(resource.RLIMIT_FSIZE, MAX_OUTPUT_BYTES)
    _limit(resource.RLIMIT_CORE, 0)
    signal.signal(signal.SIGPROF, _give_up)
    signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS)


def was_ended_for_time(ended: int) -> bool:
    """Say whether a reading ended, by the number that it ended with, because it had all the time that it may have."""
    return ended == -signal.SIGXCPU


def _limit(kind: int, most: int, further: int = 0) -> None:
    hard = resource.getrlimit(kind)[1]
    if hard != resource.RLIM_INFINITY:
        most, further = min(most, hard), min(further, max(hard - most, 0))
    try:
        resource.setrlimit(kind, (most, most + further))
    except (ValueError, OSError):
        if kind != resource.RLIMIT_AS:  # macOS, where sites are tried out, limits no addresses
            raise


def _give_up(signal_number: int, frame: FrameType | None) -> None:
    raise TookTooLong
