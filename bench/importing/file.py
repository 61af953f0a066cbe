"""Files of made-up participants and grades, as many as are asked for."""

from collections.abc import Iterator

from grading.anatomy import MUSCLE_CODES

READERS = ("anna", "bert", "carla")
SCORES = ("0", "1", "2", "3")
GROUPS = ("IMNM", "DM")
STIR = "STIR,edema"


def many_participants(grades: int) -> bytes:
    """Write the file of as many participants, of one MRI each, as have at least so many grades by all readers."""
    rows = (f"P{number},{GROUPS[number % 2]},M1\n" for number in range(_participants(grades)))
    return ("participant,group,mri\n" + "".join(rows)).encode()


def many_grades(grades: int) -> bytes:
    """Write at least so many grades, one a row, each reader's of every muscle of every participant."""
    return ("participant,mri,reader,sequence,feature,muscle,score\n" + "".join(_rows(grades))).encode()


def _rows(grades: int) -> Iterator[str]:
    for number in range(_participants(grades)):
        for step, reader in enumerate(READERS):
            for place, muscle in enumerate(MUSCLE_CODES):
                yield f"P{number},M1,{reader},{STIR},{muscle},{SCORES[(number * 7 + step + place) % 4]}\n"


def _participants(grades: int) -> int:
    return -(-grades // (len(READERS) * len(MUSCLE_CODES)))
