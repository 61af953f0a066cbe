"""A reader's cases page by page, by how many there are in each block of their order: no page passes over others.

A count that PostgreSQL keeps can be wrong where somebody has spoiled it. Each case is on a page then, too: only the
pages are longer or shorter, and `verify` says that counts are wrong.
"""

from collections.abc import Iterator

from grading.models import Read
from grading.models.read import ReadQuerySet
from grading.models.read_count import BLOCKS, WITHOUT_PLACE, Block

Stretch = tuple[Block, Block, slice]


class CountedCases:
    """A reader's cases in some states, for a Paginator. Where no block is known to have any, they are counted."""

    def __init__(self, cases: ReadQuerySet, blocks: list[tuple[Block, int]]):
        self.cases, self.blocks = cases, blocks

    def __len__(self) -> int:
        return sum(number for _, number in self.blocks) if self.blocks else self.cases.count()

    def __getitem__(self, places: slice) -> list[Read]:
        if not self.blocks:
            return list(self.cases[places])
        found = (self.cases.filter(first.until(last))[taken] for first, last, taken in self._stretches(places))
        return [read for reads in found for read in reads]

    def _stretches(self, places: slice) -> Iterator[Stretch]:
        """Say from which block to which a page reaches, and what is taken there: of blocks that end on the page, all.

        What lies in blocks of which nothing is known goes with the block before them; or with the first page.
        """
        on_page = list(self._on_page(places))
        _, block, passed, ends = on_page[0]
        begin = block.number if places.start else 0
        if places.start > passed:
            yield block, block, slice(places.start - passed, None if ends else places.stop - passed)
            begin = block.number + 1
        index, block, passed, ends = on_page[-1]
        yield from _all_of(begin, self._after(index) if ends else block.number)
        if not ends and places.start <= passed:
            yield block, block, slice(places.stop - passed)

    def _on_page(self, places: slice) -> Iterator[tuple[int, Block, int, bool]]:
        """List the blocks that lie on a page, each with how many cases are before it, and whether it ends there."""
        passed = 0
        for index, (block, number) in enumerate(self.blocks):
            if passed + number > places.start and passed < places.stop:
                yield index, block, passed, passed + number <= places.stop
            passed += number

    def _after(self, index: int) -> int:
        """Say which block with cases follows one; beyond the last, the end of all blocks."""
        return self.blocks[index + 1][0].number if index + 1 < len(self.blocks) else BLOCKS


def _all_of(begin: int, end: int) -> Iterator[Stretch]:
    """Take all of the blocks from one to before another: those with places, and those without."""
    for first, last in ((begin, min(end, WITHOUT_PLACE)), (max(begin, WITHOUT_PLACE), end)):
        if first < last:
            yield Block(first), Block(last - 1), slice(None)
