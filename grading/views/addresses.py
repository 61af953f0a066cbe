"""What may stand in an address beside what Django knows: sequences, and numbers of slices."""

from grading.scale import SEQUENCES


class Sequence:
    """STIR, T1W or T2FS."""

    regex = "|".join(SEQUENCES)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class SliceNumber:
    """A number from 0, written in one way."""

    regex = "0|[1-9][0-9]{0,3}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)
