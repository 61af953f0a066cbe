"""How a file is to be read: what people say of it because it does not say so itself. Pure: no Django."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from grading.sheets.refusal import refuse

GIVEN = ("mri", "reader", "feature", "sequence", "occasion")  # what may be said once for a whole file of grades


@dataclass(frozen=True)
class Reading:
    """What somebody says of a file.

    ``Reading(**of_json)`` restores what ``dataclasses.asdict`` gave.
    """

    sheet: str = ""  # name of the workbook's sheet; its first one where none is named
    columns: Mapping[str, str] = field(default_factory=dict)  # name in the file → column of ours, or "" to leave it out
    given: Mapping[str, str] = field(default_factory=dict)  # column of ours → what every row of the file has there

    @property
    def said(self) -> dict[str, str]:
        """Look up what is said of a column by its name in the file, without capitals."""
        return {name.strip().casefold(): ours for name, ours in self.columns.items()}


AS_IT_IS = Reading()


def meant_columns(
    names: list[str], reading: Reading, known: tuple[str, ...], is_known: Callable[[str], bool]
) -> list[str]:
    """Write the names of a header as ours where the reading says which they are; left out ones are empty.

    Raises:
        ImportRefused: the reading names a column that the file or the import does not have.
    """
    if missing := [name for name in reading.columns if name.strip().casefold() not in map(str.casefold, names)]:
        raise refuse(f"The header has no column {missing[0]}. It has: {', '.join(filter(None, names))[:300]}.")
    if unknown := [ours for ours in reading.columns.values() if ours and not is_known(ours)]:
        raise refuse(f"There is no column {unknown[0]} to import. There are: {', '.join(known)}.")
    said = reading.said
    return [said.get(name.casefold(), name.lower()) for name in names]
