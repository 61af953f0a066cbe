"""Values of a header's elements as numbers and words; None for one that cannot be used: files are often wrong."""

import math
from typing import Any

from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

_FARTHEST = 1e9


def numbers(dataset: Dataset, keyword: str, count: int) -> tuple[float, ...] | None:
    """Read an element of so many numbers. None where it is missing, has another count, or one that is not finite."""
    value = _value(dataset, keyword)
    many = list(value) if _is_list(value) else [value]
    if any(isinstance(one, str | bytes) for one in many):  # of another kind than the element's: "16.0" is no int
        return None
    try:
        found = tuple(float(one) for one in many)
    except (TypeError, ValueError, OverflowError):
        return None
    usable = len(found) == count and all(math.isfinite(one) and abs(one) < _FARTHEST for one in found)
    return found if usable else None


def number(dataset: Dataset, keyword: str) -> float | None:
    found = numbers(dataset, keyword, 1)
    return found[0] if found else None


def whole(dataset: Dataset, keyword: str) -> int | None:
    found = number(dataset, keyword)
    return int(found) if found is not None and found == int(found) else None


def pairs(dataset: Dataset, first: str, second: str) -> list[tuple[float, float]]:
    """Read two elements of equally many numbers as pairs; none where they do not fit."""
    counts = [len(value) if _is_list(value) else 1 for value in (_value(dataset, first), _value(dataset, second))]
    ones, others = numbers(dataset, first, counts[0]), numbers(dataset, second, counts[0])
    return list(zip(ones, others, strict=True)) if ones and others else []


def words(dataset: Dataset, keyword: str) -> tuple[str, ...]:
    """Read the words of an element in capitals, to be compared; none where it is missing or cannot be read.

    Items of a sequence are no words: nothing is made of what they hold, which fails for an unknown kind.
    """
    value = _value(dataset, keyword)
    if value is None:
        return ()
    many = value if _is_list(value) else [value]
    return tuple(str(word).strip(" \0").upper() for word in many if not isinstance(word, Dataset))


def uid(dataset: Dataset, keyword: str) -> str:
    """Read an identifier; nothing where it is missing or cannot be read."""
    return next(iter(words(dataset, keyword)), "")


def item(dataset: Dataset | None, keyword: str) -> Dataset | None:
    """Find the first item of a sequence; None where there is none."""
    return next(iter(items(dataset, keyword)), None) if dataset is not None else None


def items(dataset: Dataset, keyword: str) -> list[Dataset]:
    value = _value(dataset, keyword)
    return [one for one in value if isinstance(one, Dataset)] if _is_list(value) else []


def raw(dataset: Dataset, keyword: str) -> bytes:
    """Take an element's bytes, to be compared: without fillers and in capitals, whatever alphabet they are in.

    None of a sequence, as in words().
    """
    found = element(dataset, keyword)
    value = b"" if found is None or isinstance(found.value, Sequence) else found.value
    written = value if isinstance(value, bytes) else str(value or "").encode()
    return written.strip(b" \0^").upper()


def element(dataset: Dataset, keyword: str) -> Any:
    """Take an element as it stands in the file: its value is made of it, or not, when asked for. None where missing."""
    return dataset.get_item(keyword, keep_deferred=True)  # else an empty one is made, which fails for an unknown kind


def _value(dataset: Dataset, keyword: str) -> Any:
    try:
        return dataset.get(keyword)
    except (MemoryError, RecursionError):
        raise
    except Exception:  # whatever a wrong value makes of the reader
        return None


def _is_list(value: Any) -> bool:
    return hasattr(value, "__len__") and not isinstance(value, str | bytes | Dataset)
