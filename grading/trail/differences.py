"""One thing that changed, as the trail's CSV has it and as its page writes it."""

import re
from dataclasses import dataclass

# What columns with blanks for underscores do not say.
PLAIN_NAMES = {
    "days since first mri": "days since the first MRI",
    "age years": "age in years",
    "ck u per l": "creatine kinase (U/L)",
    "disease duration months": "disease duration (months)",
    "mri": "MRI",
    "is reference": "reference group",
    "at": "when",
}
# Of use to the program alone: the page leaves them out, the CSV has them.
NOT_FOR_PEOPLE = {
    "handed out",
    "pairing confirmed",
    "assigned for",
    "active seconds",
    "first entry at",
    "last entry at",
}
_TIME = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(\.\d+)?(Z|\+00:00)")


@dataclass(frozen=True)
class Difference:
    """One thing that changed; nothing stands for what was not there."""

    name: str
    before: str
    after: str

    @property
    def is_for_people(self) -> bool:
        return bool(self.before or self.after) and self.name not in NOT_FOR_PEOPLE

    @property
    def plain_name(self) -> str:
        return PLAIN_NAMES.get(self.name, self.name)

    @property
    def plain_before(self) -> str:
        return _plain(self.before)

    @property
    def plain_after(self) -> str:
        return _plain(self.after)


def _plain(value: str) -> str:
    """Write times as the pages do."""
    return _TIME.sub(r"\1 \2 UTC", value)
