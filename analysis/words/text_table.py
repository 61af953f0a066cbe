"""Aligned columns for a terminal."""

from collections.abc import Container


def aligned(table: list[list[str]], words: Container[int] = (0,)) -> list[str]:
    """Pad each column to its widest cell.

    Args:
        words: places of the columns that stand to the left; numbers stand to the right.

    Returns:
        The lines.
    """
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    return [
        "  ".join(
            cell.ljust(width) if place in words else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
        ).rstrip()
        for cells in table
    ]
