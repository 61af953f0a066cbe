"""A study in which everything that a reader must not learn is unmistakable, and readers in every situation."""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import uuid4

import numpy as np
from django.contrib.auth import get_user_model
from django.utils import timezone

from grading import services
from grading.adjudicator_cases import shown_discrepancies
from grading.anatomy import MUSCLE_CODES
from grading.charter_page import as_text, facts_of
from grading.models import Covariate, CovariateValue, DiagnosisGroup, Read, Study, StudySite
from grading.services import queries
from grading.services.adjudicating import Decision, decide, draw_cases
from grading.services.charters import HEADINGS, write_charter
from grading.stacks.packing import pack
from tests.builders import (
    make_calibration_case,
    make_job,
    make_member,
    make_mri,
    make_participant,
    make_query,
    make_read,
    make_signed_off_read,
    make_stack,
    make_study,
    make_upload,
)
from tests.thighsite.api.people import token_of
from thighsite.acting import acting_for
from thighsite.sign_in.models import ApiToken

SECRETS = {
    "title": "Quuxoma against Zyxitis",
    "slug": "quuxoma-vs-zyxitis",
    "group code": "QUUX",
    "other group code": "ZYXI",
    "group name": "Quuxoma polyfocalis",
    "other group name": "Zyxitis migrans",
    "group colour": "#1A2B3C",
    "participant": "PQX-7731",
    "MRI": "MQX-5519",
    "autoantibody": "anti-Vwxyz",
    "creatine kinase": "73519.25",
    "disease duration": "641.125",
    "label of a covariate": "Brillig vorpality",
    "value of a covariate": "84213.375",
    "code of a study site": "QUIBBLEFORD",
    "name of a study site": "Hospital of Quibbleford-Norrington",
    "scan year": "2187",
    "days since the first MRI": "48317",
    "other reader": "grendelwick",
    "other reader's first name": "Ottilowen",
    "other reader's last name": "Umbrastone",
    "investigator": "fennimora",
    "coordinator": "haldrivane",
    "other reader's comment": "Lamellar wobblegrid artefact",
    "reason of a reopening": "Wrongly hung gramophone scan",
    "query to another reader": "Is the flubbermelt there?",
    "remark on a query": "Twistlegrove agrees",
    "reason of a decision": "Mistyped the snaffleboard",
    "name burned into a scan": "Wolfhardine Eisenpfennig",
}
# Another reader's grades in the muscles' order, which no reader here gives themselves.
OTHER_GRADES = (3, 0, 3, 1, 3, 0, 2, 3, 0, 1, 3)
PLAIN_GRADES = [1] * len(MUSCLE_CODES)


@dataclass
class MarkedStudy:
    study: Study
    other_study: Study
    secrets: dict[str, str]
    readers: dict[str, object] = field(default_factory=dict)
    foreign_read: Read | None = None
    codes: dict[str, tuple[int, str]] = field(default_factory=dict)  # by read: whose it is, and its blind code

    def secrets_from(self, reader) -> dict[str, str]:
        """What a reader must not receive: blind codes of others too, and their own of cases that have not come up."""
        own = {str(each) for each in reader.memberships.values_list("pk", flat=True)}
        secrets = {secret: value for secret, value in self.secrets.items() if value not in own}
        later = {
            str(pk) for pk in self.study.reads.filter(available_at__gt=timezone.now()).values_list("pk", flat=True)
        }
        return secrets | {
            f"blind code of read {pk}": code
            for pk, (whose, code) in self.codes.items()
            if whose != reader.pk or pk in later
        }

    def secrets_from_adjudicator(self) -> dict[str, str]:
        """What an adjudicator must not receive: groups and codes, who the readers are, and the codes of their reads."""
        adjudicator = self.study.members.get(role="adjudicator")
        names = {f"reader {name}": str(user.username) for name, user in self.readers.items() if " " in name}
        codes = {f"blind code of read {pk}": code for pk, (_, code) in self.codes.items()}
        ids = {f"read {pk}": pk for pk in self.codes}
        return {
            secret: value
            for secret, value in (self.secrets | names | codes | ids).items()
            if value not in (str(adjudicator.pk), SECRETS["reason of a decision"])
        }

    def values_for(self, reader) -> dict[str, list[str]]:
        """Arguments for URLs: a reader's own, those of others in the study, those of another study, and nothing's."""
        study, other = self.study, SECRETS["other reader"]
        own = study.reads.filter(reader=reader)
        objects = [
            *({own.first(), own.open().first(), own.filter(occasion=2).last()} - {None}),
            study.reads.filter(reader__username=other).first(),
            study.participants.first(),
            study.mris.first(),
            study.members.get(user__username=other),
            study.jobs.first(),
            study.uploads.first(),
            study.stacks.first(),
            study.queries.first(),
            study.adjudication_cases.first(),
            ApiToken.objects.first(),
        ]
        people = [str(study.members.get(user__username=other).user_id)]
        return {
            "slug": [study.slug, self.other_study.slug],
            "pk": [str(each.pk) for each in (study, self.other_study, self.foreign_read, *objects)],
            "name": ["boxplots", "agreement-forest", "nothing"],
            "form": ["svg", "json"],
            "id": people,
            "object_id": [str(study.pk)],
            "content_type_id": ["1"],
            "app_label": ["grading"],
            "url": ["nowhere"],
            "uidb64": ["MQ"],
            "credential": ["AQ"],
            "token": ["set-password", "nothing"],
            "sequence": ["STIR", "T1W"],
            "number": ["0", "2", "7"],
        }


def make_marked_study() -> MarkedStudy:
    study = Study.objects.create(slug=SECRETS["slug"], title=SECRETS["title"], reader_title="Thighs", wash_out_days=0)
    study.archive_link = "https://archive.example.org/viewer?study={id}&case={code}"
    study.save()
    for word, colour in (("group", SECRETS["group colour"]), ("other group", "#3C2B1A")):
        code, name = SECRETS[f"{word} code"], SECRETS[f"{word} name"]
        DiagnosisGroup.objects.create(study=study, code=code, name=name, colour=colour, is_reference=word == "group")
    staff = {role: _person(SECRETS[role]) for role in ("investigator", "coordinator")}
    for role, user in staff.items():
        make_member(study, role, user)
    texts = dict.fromkeys(HEADINGS, "Everybody reads all.")
    write_charter(study=study, by=staff["coordinator"], texts=texts, known=as_text(facts_of(study)))
    other = _other_reader(study, staff["coordinator"])
    token_of(study.members.get(user=staff["coordinator"]))
    make_job(study, staff["coordinator"], doing=f"{SECRETS['participant']}-1")
    make_upload(study, staff["coordinator"], f"participant,group,mri\n{SECRETS['participant']}-9,,\n".encode())
    marked = MarkedStudy(study, make_study(slug="another"), dict(SECRETS))
    marked.readers = _readers(marked)
    marked.foreign_read = make_read(study=marked.other_study)
    _add_stacks(marked)
    for mri in marked.study.mris.all():
        mri.archive_id = uuid4().hex
        mri.save()
    marked.secrets |= _random_secrets(study, other)
    marked.codes = {str(read.pk): (read.reader_id, read.code) for read in study.reads.all()}
    return marked


def _person(username: str, **names: str):
    return get_user_model().objects.create_user(username, password="correct-horse-battery", **names)


def _site(study: Study) -> StudySite:
    name = {"name": SECRETS["name of a study site"]}
    return StudySite.objects.get_or_create(study=study, code=SECRETS["code of a study site"], defaults=name)[0]


def _scan(study: Study, number: int):
    participant = make_participant(
        study,
        group=SECRETS["group code" if number % 2 else "other group code"],
        code=f"{SECRETS['participant']}-{number}",
        sex="female",
        age_years=67,
        autoantibody=SECRETS["autoantibody"],
        ck_u_per_l=float(SECRETS["creatine kinase"]),
        disease_duration_months=float(SECRETS["disease duration"]),
        site=_site(study),
    )
    covariate, _ = Covariate.objects.get_or_create(
        study=study, name="vorpality", defaults={"label": SECRETS["label of a covariate"]}
    )
    value = float(SECRETS["value of a covariate"])
    CovariateValue.objects.create(study=study, participant=participant, covariate=covariate, number=value)
    return make_mri(
        participant,
        code=f"{SECRETS['MRI']}-{number}",
        scan_year=int(SECRETS["scan year"]),
        days_since_first_mri=int(SECRETS["days since the first MRI"]),
    )


def _other_reader(study: Study, coordinator):
    """Somebody who has signed everything off, one read twice."""
    names = {name: SECRETS[f"other reader's {name.replace('_', ' ')}"] for name in ("first_name", "last_name")}
    reader = make_member(study, user=_person(SECRETS["other reader"], **names)).user
    comment = SECRETS["other reader's comment"]
    reads = [
        make_signed_off_read(mri=_scan(study, number), reader=reader, scores=OTHER_GRADES, comment=comment)
        for number in range(4)
    ]
    services.reopen(read=reads[0], by=coordinator, reason=SECRETS["reason of a reopening"])
    services.sign_off(reads[0])
    return reader


def _readers(marked: MarkedStudy) -> dict[str, object]:
    study, mris = marked.study, list(marked.study.mris.all())
    people = {
        name: _person(name.replace(" ", "-"))
        for name in ("open reads", "signed-off reads", "re-reads", "former member", "reader here, coordinator there")
    }
    for user in people.values():
        make_member(study, user=user)
    for name in ("open reads", "reader here, coordinator there"):
        for mri in mris:
            make_read(mri=mri, reader=people[name], scores=[1, 1])
    # Who has not signed a calibration case off does not learn its reference.
    of_group = {"group": SECRETS["group code"], "code": f"{SECRETS['participant']}-7"}
    calibration = make_calibration_case(study, grades={"edema": list(OTHER_GRADES)}, **of_group)
    make_read(mri=calibration, reader=people["open reads"], assigned_for="edema", scores=[1, 1])
    for name in ("signed-off reads", "re-reads"):
        for mri in mris:
            make_signed_off_read(mri=mri, reader=people[name], scores=PLAIN_GRADES)
    services.assign_rereads(study=study, readers=[people["re-reads"]], share=0.5, seed=1)
    soon = Read.objects.filter(study=study).filter(occasion=2).first()
    Read.objects.filter(pk=soon.pk).update(available_at=timezone.now() + timedelta(days=3))
    study.members.filter(user=people["open reads"]).update(site=_site(study))
    make_member(marked.other_study, "coordinator", people["reader here, coordinator there"])
    _ask(study, people)
    make_member(study, "adjudicator", _person("adjudicator"))
    mri = _scan(study, 9)
    for name, scores in ((SECRETS["other reader"], OTHER_GRADES), (people["signed-off reads"].username, PLAIN_GRADES)):
        make_signed_off_read(mri=mri, reader=study.members.get(user__username=name).user, scores=scores)
    draw_cases(study)
    _decide(study)
    study.members.get(user=people["former member"]).delete()
    return people


def _decide(study: Study) -> None:
    """Decide one muscle of the case, and correct the decision: others of its muscles wait."""
    case, adjudicator = study.adjudication_cases.get(), study.members.get(role="adjudicator").user
    for reason, score in ((SECRETS["reason of a decision"], 1), ("Clear on slice 4.", 3)):
        differs = shown_discrepancies(case)[0]
        decision = Decision(differs.cell, score, reason, differs.settled)
        with acting_for(adjudicator.pk):
            decide(case=case, by=adjudicator, decisions=[decision], seen={differs.cell: differs.grades})


def _ask(study: Study, people: dict[str, object]) -> None:
    """Ask readers about reads: a reader answers, a coordinator closes with a remark that is for coordinators alone."""
    coordinator = study.members.get(user__username=SECRETS["coordinator"]).user
    for reader in (people["signed-off reads"], study.members.get(user__username=SECRETS["other reader"]).user):
        read = study.reads.filter(reader=reader).signed_off().last()
        words = "Please look again." if reader in people.values() else SECRETS["query to another reader"]
        make_query(read, words, by=coordinator, muscle="VL", side="both")
        closed = make_query(read, "And the whole?" if reader in people.values() else words, by=coordinator)
        queries.answer(query=closed, by=reader, text="It is as I mean it.")
        queries.close(query=closed, by=coordinator, text=SECRETS["remark on a query"])


def _add_stacks(marked: MarkedStudy) -> None:
    """Give each MRI an approved stack; one of them, and one elsewhere, a stack with a name that is not to be seen."""
    for mri in marked.study.mris.all():
        make_stack(mri, by=marked.study.members.get(user__username=SECRETS["coordinator"]).user)
    text = SECRETS["name burned into a scan"].encode()
    slices = [pack(np.frombuffer(text, np.uint8).reshape(1, -1))] * 3
    shape = {"rows": 1, "columns": len(text), "bits": 8, "slices": slices}
    make_stack(marked.study.mris.first(), "T1W", approved=False, **shape)
    # Of fewer slices, for what is the same has the same hash, which its own coordinator may see.
    make_stack(marked.foreign_read.mri, **shape | {"slices": slices[1:]})


def _random_secrets(study: Study, other) -> dict[str, str]:
    """What was drawn: ids and signatures of others' reads; ids of participants, MRIs, stacks, groups and members."""
    reads = {f"read {number} of another": read for number, read in enumerate(other.reads.all())}
    return (
        {name: str(read.pk) for name, read in reads.items()}
        | {f"signature of {name}": read.signature for name, read in reads.items()}
        | {f"participant {each.code}": str(each.pk) for each in study.participants.all()}
        | {f"MRI {each.code}": str(each.pk) for each in study.mris.all()}
        | {f"stack {number}": str(each.pk) for number, each in enumerate(study.stacks.all())}
        | {f"hash of stack {number}": each.sha256 for number, each in enumerate(study.stacks.all())}
        | {f"group {each.code}": str(each.pk) for each in study.groups.all()}
        | {f"member {each.user}": str(each.pk) for each in study.members.all()}
    )
