"""One image of an upload: what is known of it, so that it can be put with those beside it."""

from dataclasses import dataclass

Vector = tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class Grid:
    """How the pixels of an image lie in space, but for where."""

    rows: int
    columns: int
    spacing: Vector  # mm between rows, and between columns
    orientation: Vector  # of a row towards its last pixel, then of a column, in the patient's directions L, P, H


@dataclass(frozen=True, kw_only=True)
class PixelFormat:
    """How the pixels of an image are stored, and what their values mean."""

    allocated: int
    stored: int
    high_bit: int
    signed: bool
    inverted: bool
    slope: float
    intercept: float
    padding: int | None


@dataclass(frozen=True, kw_only=True)
class PixelData:
    """Where in its file the pixels of an image are, among those of ``count`` images, and how they are written."""

    syntax: str
    encapsulated: bool
    start: int
    count: int


@dataclass(frozen=True, kw_only=True)
class Timing:
    """Times of a sequence in ms, where they are known, and whether fat was suppressed: what suggests a sequence."""

    repetition: float | None
    echo: float | None
    inversion: float | None
    fat_suppressed: bool


@dataclass(frozen=True, kw_only=True)
class Frame:
    """One image. ``piece`` and ``number`` say which file of the upload holds its pixels, and where among them."""

    piece: int
    number: int
    series: tuple  # what is alike in all images of a stack: texts, that tell stacks apart and go nowhere else
    reference: bytes  # frame of reference: images of one can be compared by position
    image: bytes  # its own identifier, by which an image is found that came twice
    content: bytes  # digest of its file's pixels, by which one is found that came twice under two identifiers
    grid: Grid
    position: Vector  # of the middle of its first pixel, mm
    thickness: float | None
    format: PixelFormat
    pixels: PixelData
    windows: tuple[tuple[float, float], ...]
    timing: Timing
    lossy: bool
    computed: bool  # from other images, after the scan

    @property
    def place(self) -> tuple[int, int]:
        """Where the image is in the upload, which no other image is."""
        return self.piece, self.number
