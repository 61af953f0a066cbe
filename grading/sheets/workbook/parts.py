"""The parts of a workbook: its sheets by name, and what its styles say of numbers. Pure: no Django."""

import posixpath
from dataclasses import dataclass

from grading.sheets.refusal import refuse
from grading.sheets.workbook.archive import WORKBOOK, Archive
from grading.sheets.workbook.formats import CodeFormat, code_format
from grading.sheets.workbook.xml import Attributes, each_element

_RELATIONS = "xl/_rels/workbook.xml.rels"
_STYLES = "xl/styles.xml"


@dataclass(frozen=True)
class SheetPart:
    name: str
    path: str
    is_hidden: bool


def sheets_of(archive: Archive) -> list[SheetPart]:
    """List the sheets of cells, in their order. ImportRefused for a workbook without any."""
    targets: dict[str, str] = {}
    found: list[SheetPart] = []

    def take_relation(name: str, attributes: Attributes) -> None:
        if name == "Relationship" and attributes.get("Type", "").endswith("/worksheet"):
            targets[attributes.get("Id", "")] = posixpath.normpath(
                posixpath.join("/xl", attributes.get("Target", ""))
            ).lstrip("/")

    def take_sheet(name: str, attributes: Attributes) -> None:
        relation = next((value for key, value in attributes.items() if key.rpartition(":")[2] == "id"), "")
        if name == "sheet" and relation in targets:
            is_hidden = attributes.get("state", "visible") != "visible"
            found.append(SheetPart(attributes.get("name", ""), targets[relation], is_hidden))

    each_element(archive.part(_RELATIONS), take_relation)
    each_element(archive.part(WORKBOOK), take_sheet)
    if not found:
        raise refuse("The workbook has no sheet with cells.")
    return found


def chosen(sheets: list[SheetPart], name: str) -> SheetPart:
    """Find a sheet by its name, or the first that is shown. ImportRefused for a name that none has."""
    if not name:
        return next((sheet for sheet in sheets if not sheet.is_hidden), sheets[0])
    for sheet in sheets:
        if sheet.name.strip().casefold() == name.strip().casefold():
            return sheet
    raise refuse(f"The workbook has no sheet {name}. It has: {', '.join(sheet.name for sheet in sheets)[:300]}.")


def code_styles(archive: Archive) -> dict[int, CodeFormat]:
    """Find the styles that make codes of numbers, as 000 and "TM"000 do, by the style's number."""
    formats: dict[str, str] = {}
    styles: list[str] = []
    in_cells = False

    def take(name: str, attributes: Attributes) -> None:
        nonlocal in_cells
        if name == "numFmt":
            formats[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif name in ("cellXfs", "cellStyleXfs", "cellStyles", "dxfs"):
            in_cells = name == "cellXfs"
        elif name == "xf" and in_cells:
            styles.append(attributes.get("numFmtId", ""))

    if _STYLES in archive.names:
        each_element(archive.part(_STYLES), take)
    codes = {number: formats.get(identity, "") for number, identity in enumerate(styles)}
    made = {code: code_format(code) for code in set(codes.values())}
    return {number: found for number, code in codes.items() if (found := made[code])}
