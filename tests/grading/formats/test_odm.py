"""CDISC ODM 1.3.2, by the rules of its schema, which no package brings: order of elements, attributes, references."""

import io
import json
import zipfile
from datetime import datetime
from xml.etree import ElementTree

import pytest

from analysis.services.lock import lock_study
from grading import services
from grading.models import Read
from tests.builders import enter_grade, make_read, make_signed_off_read
from tests.grading.formats.asked import exported

ODM = "{http://www.cdisc.org/ns/odm/v1.3}"
# What an element may hold, in this order, and the attributes that it needs.
RULES = {
    "ODM": ("Study AdminData ClinicalData", "ODMVersion FileType FileOID CreationDateTime"),
    "Study": ("GlobalVariables MetaDataVersion", "OID"),
    "GlobalVariables": ("StudyName StudyDescription ProtocolName", ""),
    "MetaDataVersion": ("Protocol StudyEventDef FormDef ItemGroupDef ItemDef CodeList", "OID Name"),
    "Protocol": ("StudyEventRef", ""),
    "StudyEventRef": ("", "StudyEventOID Mandatory"),
    "StudyEventDef": ("FormRef", "OID Name Repeating Type"),
    "FormRef": ("", "FormOID Mandatory"),
    "FormDef": ("ItemGroupRef", "OID Name Repeating"),
    "ItemGroupRef": ("", "ItemGroupOID Mandatory"),
    "ItemGroupDef": ("ItemRef", "OID Name Repeating"),
    "ItemRef": ("", "ItemOID Mandatory"),
    "ItemDef": ("Description CodeListRef", "OID Name DataType"),
    "Description": ("TranslatedText", ""),
    "TranslatedText": ("", ""),
    "CodeListRef": ("", "CodeListOID"),
    "CodeList": ("CodeListItem", "OID Name DataType"),
    "CodeListItem": ("Decode", "CodedValue"),
    "Decode": ("TranslatedText", ""),
    "AdminData": ("User Location SignatureDef", ""),
    "User": ("LoginName", "OID UserType"),
    "Location": ("MetaDataVersionRef", "OID Name LocationType"),
    "MetaDataVersionRef": ("", "StudyOID MetaDataVersionOID EffectiveDate"),
    "SignatureDef": ("Meaning LegalReason", "OID Methodology"),
    "ClinicalData": ("SubjectData", "StudyOID MetaDataVersionOID"),
    "SubjectData": ("StudyEventData", "SubjectKey"),
    "StudyEventData": ("FormData", "StudyEventOID StudyEventRepeatKey"),
    "FormData": ("AuditRecord Signature ItemGroupData", "FormOID FormRepeatKey"),
    "ItemGroupData": ("AuditRecord Signature ItemData", "ItemGroupOID"),
    "ItemData": ("", "ItemOID"),
    "AuditRecord": ("UserRef LocationRef DateTimeStamp ReasonForChange", ""),
    "Signature": ("UserRef LocationRef SignatureRef DateTimeStamp", ""),
    "UserRef": ("", "UserOID"),
    "LocationRef": ("", "LocationOID"),
    "SignatureRef": ("", "SignatureOID"),
    "StudyName": ("", ""),
    "StudyDescription": ("", ""),
    "ProtocolName": ("", ""),
    "LoginName": ("", ""),
    "Meaning": ("", ""),
    "LegalReason": ("", ""),
    "DateTimeStamp": ("", ""),
    "ReasonForChange": ("", ""),
}
DEFINED = {"StudyOID": "Study", "MetaDataVersionOID": "MetaDataVersion", "StudyEventOID": "StudyEventDef",
           "FormOID": "FormDef", "ItemGroupOID": "ItemGroupDef", "ItemOID": "ItemDef", "CodeListOID": "CodeList",
           "UserOID": "User", "LocationOID": "Location", "SignatureOID": "SignatureDef"}  # fmt: skip


@pytest.fixture
def root(study):
    anna = study.members.get().user
    make_signed_off_read(study=study, reader=anna, comment="<&\x07\n\tnext")
    enter_grade(read=services.open_read(make_read(study=study, reader=anna)), muscle="VL", side="both", score=2)
    return ElementTree.fromstring(exported(study, "odm"))


def name_of(element) -> str:
    assert element.tag.startswith(ODM)
    return element.tag.removeprefix(ODM)


def form_of(root, read: Read):
    return root.find(f".//{ODM}FormData[@FormRepeatKey='{read.code}']")


def value(form, item: str) -> str | None:
    return form.find(f".//{ODM}ItemData[@ItemOID='{item}']").get("Value")


def test_each_element_holds_what_the_schema_lets_it(root):
    for element in root.iter():
        children, attributes = (part.split() for part in RULES[name_of(element)])
        places = [children.index(name_of(child)) for child in element]
        assert places == sorted(places), name_of(element)
        assert not set(attributes) - set(element.attrib), name_of(element)
    for stamp in root.iter(f"{ODM}DateTimeStamp"):
        assert datetime.fromisoformat(stamp.text).tzinfo is not None


def test_each_reference_leads_to_a_definition(root):
    for element in root.iter():
        for attribute, definition in DEFINED.items():
            if oid := element.get(attribute):
                assert root.find(f".//{ODM}{definition}[@OID='{oid}']") is not None, oid
    kinds = {item.get("OID"): item.get("DataType") for item in root.iter(f"{ODM}ItemDef")}
    for item in root.iter(f"{ODM}ItemData"):
        if kinds[item.get("ItemOID")] == "integer" and not item.get("IsNull"):
            int(item.get("Value"))


def test_reads_say_who_entered_and_who_signed_what(root, study):
    anna = f"U.{study.members.get().user.pk}"
    signed = Read.objects.get(status="signed_off", handed_out=True)
    imported = Read.objects.filter(handed_out=False).get(status="signed_off")
    drafted = Read.objects.get(status="draft", handed_out=True)

    form = form_of(root, signed)
    assert form.find(f"{ODM}Signature/{ODM}UserRef").get("UserOID") == anna
    assert datetime.fromisoformat(form.find(f"{ODM}Signature/{ODM}DateTimeStamp").text) == signed.signed_off_at
    assert {who.get("UserOID") for who in form.iterfind(f".//{ODM}AuditRecord/{ODM}UserRef")} == {anna}
    assert value(form, "I.COMMENT") == "<&\ufffd\n\tnext"
    assert form_of(root, drafted).find(f"{ODM}Signature") is None
    assert value(form_of(root, drafted), "I.SCORE") == "2"
    records = form_of(root, imported).findall(f".//{ODM}AuditRecord")
    assert len(records) == 11
    assert {record.find(f"{ODM}UserRef").get("UserOID") for record in records} == {"U.SITE"}
    assert {record.find(f"{ODM}ReasonForChange").text for record in records} != {None}
    assert not [
        form for form in root.iter(f"{ODM}SubjectData") if "SECRET" in form.get("SubjectKey") and len(form) == 0
    ]


def test_file_says_whether_its_data_are_final(study):
    make_signed_off_read(study=study, reader=study.members.get().user)
    interim = ElementTree.fromstring(exported(study, "odm"))
    lock_study(study=study, by=study.members.get().user)
    final = ElementTree.fromstring(exported(study, "odm"))
    study.refresh_from_db()

    assert interim.get("Description").startswith("Interim: ")
    assert (
        final.get("Description")
        == f"Final: entry ended {study.locked_at:%Y-%m-%d %H:%M} UTC, when the study was locked."
    )
    assert described(exported(study, "data-package"))["description"].startswith(final.get("Description"))


def described(package: bytes) -> dict:
    with zipfile.ZipFile(io.BytesIO(package)) as files:
        return json.loads(files.read("datapackage.json"))
