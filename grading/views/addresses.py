"""What may stand in an address beside what Django knows: sequences, and numbers of slices."""

from django.urls.converters import IntConverter, StringConverter

from grading.scale import SEQUENCES


class Sequence(StringConverter):
    """STIR, T1W or T2FS."""

    regex = "|".join(SEQUENCES)


class SliceNumber(IntConverter):
    """A number from 0, written in one way."""

    regex = "0|[1-9][0-9]{0,3}"
