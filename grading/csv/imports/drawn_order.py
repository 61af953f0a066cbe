"""Places in their readers' order for reads that a file leaves open and gives none.

Files are sorted, often by group; whoever reads in that order reads one group and then the other.
"""

import random
from collections import defaultdict
from collections.abc import Iterable

from grading.csv.imports.grade_rows import ReadKey
from grading.csv.imports.imported_reads import Change
from grading.csv.imports.stored import Stored
from grading.scale import SIGNED_OFF


def draw_positions(changes: Iterable[Change], stored: Stored) -> dict[ReadKey, int]:
    """Draw places behind those that each reader has, stored or in the file, as assigning does."""
    waiting: dict[str, list[ReadKey]] = defaultdict(list)
    for change in changes:
        has_place = change.in_file.position or (change.stored and change.stored.position)
        if change.status != SIGNED_OFF and not has_place:
            waiting[change.in_file.key.reader].append(change.in_file.key)
    last: dict[str, int] = defaultdict(int)
    for reader, position in stored.positions:
        last[reader] = max(last[reader], position)
    drawn: dict[ReadKey, int] = {}
    for reader, keys in waiting.items():
        random.SystemRandom().shuffle(keys)
        drawn |= {key: position for position, key in enumerate(keys, start=last[reader] + 1)}
    return drawn
