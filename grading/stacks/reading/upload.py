"""An upload of DICOM files → its stacks, or why there are none."""

from collections import Counter
from collections.abc import Iterable
from typing import Any, BinaryIO

from grading.stacks.reading.frame import Frame
from grading.stacks.reading.grouping import Pile, piles_of
from grading.stacks.reading.header import DAMAGED, NO_DICOM, read_header
from grading.stacks.reading.images import images_of
from grading.stacks.reading.sources import Piece, pieces, read_all
from grading.stacks.reading.stacking import Stacking
from grading.stacks.reading.suggesting import suggest
from grading.stacks.reading.whose import Whose
from grading.stacks.refusal import LeftOut, Refused

_SEQUENCES = ("STIR", "T2FS", "T1W", None)  # the order in which stacks are listed
_NOTHING = "The upload holds no files. Choose a zip archive, a folder or files of DICOM."
_NO_DICOM = (
    "The upload holds no DICOM. Upload the files that the scanner or the PACS exports, or a zip archive of them."
)
_SAME = "Images of a series that came twice, as two series. One of the two was taken."


def read_upload(descriptor: int, spans: Iterable[tuple[int, int]], output: BinaryIO) -> dict[str, Any]:
    """Read an upload, and write the packed slices of its stacks to ``output``. Refused where nothing can be shown.

    Returns:
        ``stacks``, each with its manifest, and ``where`` its slices are in the output, in order: begin and length;
        ``left_out``, how many files or images were not taken, by reason.
    """
    found = pieces(descriptor, spans)
    left_out: Counter[str] = Counter()
    piles = piles_of(_frames(found, left_out), left_out)
    if not piles:
        raise Refused(_why_nothing(left_out))
    piles.sort(key=_order)
    stacking = Stacking(output)
    stacking.pack(found, piles)
    return {
        "stacks": _once([stacking.describe(pile, piles[0]) for pile in piles], left_out),
        "left_out": [{"count": count, "reason": reason} for reason, count in left_out.most_common() if count],
    }


def _frames(found: list[Piece], left_out: Counter[str]) -> list[Frame]:
    """Look at every file once: whose it is, and what images it has."""
    whose, frames = Whose(), []
    for number, data in enumerate(read_all(found)):
        try:
            header = read_header(data)
            whose.add(header.dataset)
            frames += images_of(data, number, header)
        except LeftOut as why:
            left_out[why.reason] += 1
        except RecursionError as error:
            raise Refused(DAMAGED) from error
    return frames


def _once(stacks: list[dict[str, Any]], left_out: Counter[str]) -> list[dict[str, Any]]:
    """Choose one of stacks with the same slices, places and times, and count the slices of the others as left out."""
    once: dict[tuple[Any, ...], dict[str, Any]] = {}
    for stack in stacks:
        manifest = stack["manifest"]
        name = (manifest["sha256"], *manifest["positions"], stack["suggested_because"])
        left_out[_SAME] += manifest["slices"] if once.setdefault(name, stack) is not stack else 0
    return list(once.values())


def _why_nothing(left_out: Counter[str]) -> str:
    if not left_out:
        return _NOTHING
    if set(left_out) == {NO_DICOM}:
        return _NO_DICOM
    reasons = " ".join(f"{count:,} × {reason}" for reason, count in left_out.most_common() if count)
    return f"The upload holds no slices that can be shown. {reasons}"


def _order(pile: Pile) -> tuple[int, int]:
    return _SEQUENCES.index(suggest(pile.middle.timing)[0]), -len(pile.frames)
