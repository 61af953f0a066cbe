"""What a CDISC ODM file says before its data: study, forms, items, code lists; people, place and kind of signature.

ODM 1.3.2, in the order of its schema. OIDs are ours: I. an item, CL. a code list, U. a user.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from grading.csv.columns import GRADE_COLUMNS, Column
from grading.formats.xml_text import begin, empty, holding, text
from grading.models import Study

EVENT, FORM, OF_READ, OF_GRADE = "SE.MRI", "F.READ", "IG.READ", "IG.GRADE"
VERSION, LOCATION, SIGNATURE, SITE = "MDV.1", "L.SITE", "S.SIGN-OFF", "U.SITE"
GRADE_ITEMS = ("muscle", "side", "score", "not_assessable")
READ_ITEMS = (
    "group", "reader", "occasion", "sequence", "feature", "position", "opened_at", "signed_off_at", "status", "comment",
    "first_entry_at", "last_entry_at", "active_seconds", "signature", "imported", "withdrawn",
)  # fmt: skip
_COLUMNS = {column.name: column for column in GRADE_COLUMNS}
_TYPES = {
    "text": "text", "whole number": "integer", "number": "float", "true or false": "boolean", "time": "datetime",
}  # fmt: skip
_LENGTHS = {"text": 2000, "integer": 10, "float": 20}
_LEGAL = "The reader's own act, after signing in; its SHA-256 binds what was signed (item signature)."


def item(column: str) -> str:
    """Name an item by its column."""
    return f"I.{column.upper()}"


def user(pk: object) -> str:
    """Name a user by the account's number, which another name would not change."""
    return f"U.{pk}"


def study_element(study: Study) -> Iterator[str]:
    """Write the Study: what a file's data are."""
    yield begin("Study", OID=study.pk)
    names = (("StudyName", study.title), ("StudyDescription", study.title), ("ProtocolName", study.slug))
    yield holding("GlobalVariables", "".join(holding(name, text(value)) for name, value in names))
    yield begin("MetaDataVersion", OID=VERSION, Name="Grades of MRIs")
    yield holding("Protocol", _reference("StudyEventRef", "StudyEventOID", EVENT, "1"))
    form = _reference("FormRef", "FormOID", FORM, "1")
    yield holding("StudyEventDef", form, OID=EVENT, Name="MRI", Repeating="Yes", Type="Scheduled")
    groups = "".join(_reference("ItemGroupRef", "ItemGroupOID", oid, n) for oid, n in ((OF_READ, "1"), (OF_GRADE, "2")))
    yield holding("FormDef", groups, OID=FORM, Name="Read", Repeating="Yes")
    yield _group(OF_READ, "Read", "No", READ_ITEMS)
    yield _group(OF_GRADE, "Grade", "Yes", GRADE_ITEMS)
    columns = [_COLUMNS[name] for name in (*READ_ITEMS, *GRADE_ITEMS)]
    yield from map(_item_def, columns)
    yield from (_code_list(column) for column in columns if column.labels)
    yield "</MetaDataVersion></Study>"


def admin_element(study: Study, users: Iterable[tuple[object, str]], meaning: str, since: datetime) -> Iterator[str]:
    """Write the AdminData: whom, where and what kind of signature the data refer to; ``users`` are number and name."""
    yield begin("AdminData", StudyOID=study.pk)
    for pk, name in users:
        yield holding("User", holding("LoginName", text(name)), OID=user(pk), UserType="Investigator")
    yield holding("User", holding("LoginName", "site"), OID=SITE, UserType="Other")
    version = empty(
        "MetaDataVersionRef", StudyOID=study.pk, MetaDataVersionOID=VERSION, EffectiveDate=since.date().isoformat()
    )
    yield holding("Location", version, OID=LOCATION, Name="thighsite", LocationType="Other")
    said = holding("Meaning", text(meaning)) + holding("LegalReason", text(_LEGAL))
    yield holding("SignatureDef", said, OID=SIGNATURE, Methodology="Electronic")
    yield "</AdminData>"


def _reference(element: str, attribute: str, oid: str, order: str) -> str:
    return empty(element, **{attribute: oid, "OrderNumber": order, "Mandatory": "Yes"})


def _group(oid: str, name: str, repeating: str, items: tuple[str, ...]) -> str:
    references = (
        empty("ItemRef", ItemOID=item(name), OrderNumber=n, Mandatory="No") for n, name in enumerate(items, start=1)
    )
    return holding("ItemGroupDef", "".join(references), OID=oid, Name=name, Repeating=repeating)


def _item_def(column: Column) -> str:
    kind = _TYPES[column.type]
    listed = empty("CodeListRef", CodeListOID=f"CL.{column.name.upper()}") if column.labels else ""
    described = holding("Description", holding("TranslatedText", text(column.meaning), xml_lang="en"))
    length = _LENGTHS.get(kind)
    digits = 3 if kind == "float" else None
    return holding(
        "ItemDef", described + listed, OID=item(column.name), Name=column.name, DataType=kind, Length=length,
        SignificantDigits=digits,
    )  # fmt: skip


def _code_list(column: Column) -> str:
    items = (
        holding(
            "CodeListItem", holding("Decode", holding("TranslatedText", text(label), xml_lang="en")), CodedValue=value
        )
        for value, label in column.labels
    )
    return holding(
        "CodeList", "".join(items), OID=f"CL.{column.name.upper()}", Name=column.name, DataType=_TYPES[column.type]
    )
