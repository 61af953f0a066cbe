"""Whether all files of an upload are of one patient and one examination. Of whom goes nowhere."""

from pydicom.dataset import Dataset

from grading.stacks.reading.header import WHO
from grading.stacks.reading.values import raw
from grading.stacks.refusal import Refused

_PATIENTS = (
    "The upload holds files of two patients or more: their number, name or date of birth differ. Upload the series of "
    "one MRI of one participant."
)
_EXAMINATIONS = "The upload holds files of two examinations or more. Upload the series of one MRI."


class Whose:
    """Remembers who the files so far are of. Refused for a file that is somebody else's."""

    def __init__(self) -> None:
        self._known: dict[str, bytes] = {}

    def add(self, dataset: Dataset) -> None:
        for keyword in WHO:
            said = raw(dataset, keyword)
            if said and self._known.setdefault(keyword, said) != said:
                raise Refused(_EXAMINATIONS if keyword == "StudyInstanceUID" else _PATIENTS)
