"""Study sites: who is limited to one sees and changes what is of its participants, whichever page asks."""

import re
from dataclasses import dataclass
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from grading import services
from grading.csv.exports import LAYOUTS, export_participants
from grading.csv.imports import ImportRefused, import_grades, import_participants
from grading.formats.catalogue import FORMATS
from grading.models import MRI, Member, Participant, Query, Read, Stack, Study, StudySite, TrailRecord, Upload
from grading.services.members import change_site
from grading.services.queries import close
from tests.builders import (
    approve,
    make_discrepancy,
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
    make_upload_of_scans,
    make_user,
)
from tests.grading.csv.csv_files import as_csv, complete_read, grade
from tests.made_once import made_once
from tests.offers import Visitor
from tests.site_urls import site_urls
from tests.thighsite.api.people import ask, token_of
from thighsite.acting import acting_for
from thighsite.limiting import limiting_to

pytestmark = pytest.mark.django_db

HERE, THERE = "HERE", "ELSEWHERE"
NOT_ASKED = ("/admin/", "/accounts/", "/api/")  # of accounts; scripts ask by tokens
SEEN_OF_OTHERS = "ELSEWHEREP|ELSEWHEREM|Elsewhere-question"


@dataclass
class TwoSites:
    study: Study
    sites: dict[str, StudySite]
    limited: Member
    reader: Member
    objects: dict[str, list]  # by the site's code: one of each kind that has an address

    def participant(self, site: str) -> Participant:
        return self.study.participants.filter(site=self.sites[site]).order_by("code").first()


def make_two_sites() -> TwoSites:
    study = make_study(slug="two-sites")
    sites = {code: StudySite.objects.create(study=study, code=code, name=f"Hospital {code}") for code in (HERE, THERE)}
    boss, reader = make_member(study, "coordinator"), make_member(study)
    limited = Member.objects.create(
        study=study, user=make_member(make_study(), "coordinator").user, role="coordinator", site=sites[HERE]
    )
    objects = {site: _filled(study, sites[site], boss, reader.user) for site in sites}
    objects[HERE] += [make_upload(study, limited.user), make_upload_of_scans(study, limited.user)]
    objects[HERE] += [make_job(study, limited.user)]
    objects[THERE] += [make_upload(study, boss.user, b"participant,group,mri\nELSEWHEREP9,DM,ELSEWHEREM9\n")]
    objects[THERE] += [make_upload_of_scans(study, boss.user), make_job(study, boss.user, doing="ELSEWHEREP1")]
    return TwoSites(study, sites, limited, reader, objects)


def _filled(study: Study, site: StudySite, boss: Member, reader) -> list:
    """Something of everything that is of a site's participants."""
    first, second = (
        make_mri(make_participant(study, code=f"{site.code}P{n}", site=site), code=f"{site.code}M{n}") for n in (1, 2)
    )
    read = make_signed_off_read(mri=first, reader=reader, comment=f"{site.code}P1 moved")
    query = make_query(read, f"{site.name.split()[1].title()}-question", by=boss.user)
    case = make_discrepancy(study, mri=second)
    approve(make_stack(first, by=boss.user, approved=False), boss.user)
    return [first.participant, first, read, query, case, Stack.objects.get(mri=first)]


two_sites = made_once(make_two_sites)


def limited_client(two_sites: TwoSites) -> Client:
    client = Client()
    client.force_login(two_sites.limited.user)
    return client


def body_of(response) -> str:
    """The text of an answer; of an archive, that of its files."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    if content.startswith(b"PK"):
        archive = ZipFile(BytesIO(content))
        content = b"".join(name.encode() + archive.read(name) for name in archive.namelist())
    return content.decode(errors="replace")


def test_limited_coordinator_finds_nothing_of_another_site_at_any_address(two_sites):
    """Every address of the site, with the keys of all that there is elsewhere."""
    client, seen_here, leaks = limited_client(two_sites), set(), []
    study = two_sites.study
    keys = [str(each.pk) for each in (study, *two_sites.objects[THERE], two_sites.participant(HERE))]
    values = {"slug": [study.slug], "pk": keys, "name": ["boxplots"], "form": ["svg"], "sequence": ["STIR"],
              "number": ["0"], "uidb64": ["MQ"], "token": ["x"]}  # fmt: skip

    urls = [url for url in site_urls() if "<" in url.route and not url.route.startswith(NOT_ASKED)]
    for path in (path for url in urls for path in url.paths(values)):
        with transaction.atomic():
            response = client.get(path)
            said = body_of(response) if response.status_code == 200 else ""
            transaction.set_rollback(True)
        of_another = any(str(each.pk) in path for each in two_sites.objects[THERE])
        if re.search(SEEN_OF_OTHERS, said) or (of_another and response.status_code == 200):
            leaks.append(path)
        seen_here |= {path} if "HEREP1" in said.replace(THERE, "") else set()

    assert leaks == []
    assert len(seen_here) >= 6  # a crawl that is refused everywhere finds no leak either


def test_limited_coordinators_downloads_and_scripts_hold_their_own_participants_alone(two_sites):
    client, slug = limited_client(two_sites), two_sites.study.slug
    token = token_of(two_sites.limited)
    addresses = [f"{reverse('export-grades', args=[slug])}?layout={layout}&without_grades=1" for layout in LAYOUTS]
    addresses += [reverse("export-participants", args=[slug]), reverse("export-reading-lists", args=[slug])]
    formats = [name for name, format in FORMATS.items() if not format.has_trail]
    answers = [client.get(address) for address in addresses]
    answers += [client.get(reverse("export-in-format", args=[slug]), {"format": name}) for name in formats]
    answers += [ask(token, name) for name in ("participants.csv", "participants.json", "grades.csv", "grades.json")]
    there = Read.objects.filter(mri__participant__site=two_sites.sites[THERE]).values_list("code", flat=True)
    of_others = re.compile("|".join([SEEN_OF_OTHERS, *there]))

    said = [body_of(answer) for answer in answers]

    assert [answer.status_code for answer in answers] == [200] * len(answers)
    assert len(there) == 3
    assert [of_others.findall(text) for text in said] == [[]] * len(said)
    assert all("HEREP1" in text for text in said[: len(LAYOUTS) + 1] + said[-4:])
    assert client.get(reverse("export-in-format", args=[slug]), {"format": "data-package"}).status_code == 403
    assert ask(token, f"imports/{two_sites.objects[THERE][6].pk}").status_code == 404
    whole = token_of(_boss(two_sites))
    assert "ELSEWHEREP1" in body_of(ask(whole, "participants.csv"))  # the limit ended with its request


def _boss(two_sites: TwoSites) -> Member:
    return two_sites.study.members.filter(role="coordinator", site=None).first()


def test_limited_coordinator_is_offered_nothing_that_is_refused(two_sites):
    visitor = Visitor(two_sites.limited.user, within=r"/(studies/|jobs/|account/|$)")

    answers = visitor.visit(reverse("data", args=[two_sites.study.slug]))

    assert len(visitor.pages) > 20
    refused = [answer for answer in answers if answer.status in (403, 404) or answer.status >= 500]
    assert [(answer.page, answer.action, answer.status) for answer in refused] == []


def test_what_concerns_the_whole_study_is_refused(two_sites):
    client, slug = limited_client(two_sites), two_sites.study.slug

    whole = ("members", "study-settings", "trail", "lock-study", "calibration", "charter", "study-report", "assign-one")
    for name in whole:
        assert client.get(reverse(name, args=[slug])).status_code == 403, name
    own = two_sites.limited.pk
    assert client.post(reverse("change-role", args=[slug, own]), {"role": "coordinator", "site": ""}).status_code == 403


def test_import_of_a_limited_coordinator_is_of_their_site(two_sites):
    study = two_sites.study
    row = {"participant": "NEW1", "group": "DM", "mri": "N1"}

    with limiting_to(two_sites.limited.pk):
        import_participants(study=study, file=as_csv([row]))
        with pytest.raises(ImportRefused, match="limited to the study site HERE") as refused:
            import_participants(study=study, file=as_csv([row | {"participant": "NEW2", "site": THERE}]))
        with pytest.raises(ImportRefused, match="who is not of your study site has the code"):
            import_participants(study=study, file=as_csv([row | {"participant": "ELSEWHEREP1"}]))

    assert "but the study has" not in str(refused.value)  # of somebody who is not in it
    assert study.participants.get(code="NEW1").site == two_sites.sites[HERE]
    exported = "".join(export_participants(study))
    assert exported.splitlines()[0].endswith(",withdrawn,site")
    assert "ELSEWHEREP2,IMNM,ELSEWHEREM2,,,,,,,0,false,ELSEWHERE" in exported
    assert import_participants(study=study, file=exported.encode(), dry_run=True).participants == 0


def test_first_file_of_a_limited_coordinator_sets_no_groups_of_the_study():
    study = make_study()
    study.groups.all().delete()
    limited = make_member(study, "coordinator")
    change_site(member=limited, site=StudySite.objects.create(study=study, code=HERE, name=HERE), by=None)
    file = as_csv([{"participant": f"NEW{group}", "group": group, "mri": "N1"} for group in ("XX", "YY")])

    with limiting_to(limited.pk), pytest.raises(ImportRefused, match="coordinator of the whole study sets the groups"):
        import_participants(study=study, file=file)

    assert import_participants(study=study, file=file, dry_run=True).participants == 2


def test_limited_coordinators_grades_go_beside_those_of_other_sites_whom_they_do_not_see():
    study = make_study()
    here, there = (StudySite.objects.create(study=study, code=code, name=code) for code in (HERE, THERE))
    participants = [make_participant(study, code=site.code, site=site) for site in (here, there)]
    mris = [make_mri(participant, code="M1") for participant in participants]
    reader, of_there = make_member(study).user, make_member(study)
    make_read(mri=mris[1], reader=reader, position=1)
    change_site(member=of_there, site=there, by=None)
    limited = Member.objects.create(study=study, user=make_user("cora"), role="coordinator", site=here)
    row = {"participant": HERE, "reader": reader.username}

    with limiting_to(limited.pk):
        with pytest.raises(ImportRefused, match="who is not of your study site"):
            import_grades(study=study, file=as_csv([grade(**row, position="1")]))
        with pytest.raises(ImportRefused, match="this study grades both"):
            import_grades(study=study, file=as_csv([grade(**row, side="left")]))
        import_grades(study=study, file=as_csv([grade(**row)]))
        with pytest.raises(ImportRefused, match="limited to one study site"):
            import_grades(study=study, file=as_csv(complete_read(**row | {"reader": of_there.user.username})))

    assert study.reads.get(mri=mris[0]).position == 2


def test_database_shows_and_takes_nothing_of_another_site_under_the_limit_also_after_an_undone_transaction(two_sites):
    there = two_sites.participant(THERE)

    with limiting_to(two_sites.limited.pk):
        with transaction.atomic():
            transaction.set_rollback(True)
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM grading_participant WHERE id = %s", [there.pk])
            assert cursor.fetchone() == (0,)
        for model in (MRI, Read, Stack, Query, Upload):
            assert not model.objects.filter(pk__in=[each.pk for each in two_sites.objects[THERE]]).exists(), model
        with pytest.raises(Exception, match="row-level security"), transaction.atomic():
            make_participant(two_sites.study, site=two_sites.sites[THERE])

    assert Participant.objects.filter(pk=there.pk).exists()


def test_participant_is_moved_to_another_site_with_a_reason_that_the_trail_keeps(two_sites):
    client, study, here = Client(), two_sites.study, two_sites.participant(HERE)
    client.force_login(_boss(two_sites).user)
    address = reverse("correct-participant", args=[study.slug, here.pk])
    form = client.get(address).context["form"]
    sent = {name: field.value() or "" for name, field in ((each.name, each) for each in form)}
    sent |= {"site": str(two_sites.sites[THERE].pk), "reason": "Was referred.", "group": str(here.group_id)}

    shown = client.post(address, sent)
    stored = client.post(address, sent | {"confirmed": "1"})

    assert "HERE" in shown.content.decode()
    assert stored.status_code == 302
    here.refresh_from_db()
    assert here.site == two_sites.sites[THERE]
    record = TrailRecord.objects.filter(table="grading_participant", key=str(here.pk)).order_by("id").last()
    assert (record.reason, record.after["site_id"]) == ("Was referred.", str(two_sites.sites[THERE].pk))


@pytest.mark.parametrize("drawn", [None, 1])
def test_limited_reader_is_given_mris_of_their_site_alone(drawn):
    study = make_study()
    study.readers_per_mri = drawn
    study.save()
    here, there = (StudySite.objects.create(study=study, code=code, name=code) for code in (HERE, THERE))
    mris = [make_mri(make_participant(study, site=site)) for site in (here, there, None)]
    limited = make_member(study)
    change_site(member=limited, site=here, by=None)

    new = services.assign_reads(study=study, readers=[limited.user], feature="edema", seed=3)

    assert [read.mri for read in new] == mris[:1]
    with pytest.raises(IntegrityError, match="limited to the study site HERE"), transaction.atomic():
        Read.objects.create(study=study, mri=mris[1], reader=limited.user)
    with pytest.raises(ValidationError, match="has open reads of other participants"):
        change_site(member=limited, site=there, by=None)


def test_invitation_and_change_carry_the_site_and_other_roles_have_none(two_sites):
    client, study, here = Client(), two_sites.study, two_sites.sites[HERE]
    client.force_login(_boss(two_sites).user)
    invited = {"username": "cora", "role": "coordinator", "site": str(here.pk)}

    client.post(reverse("invite", args=[study.slug]), invited)
    refused = client.post(reverse("invite", args=[study.slug]), invited | {"username": "iris", "role": "investigator"})

    cora = study.members.get(user__username="cora")
    assert cora.site == here
    assert (refused.status_code, study.members.filter(user__username="iris").exists()) == (422, False)
    address = reverse("change-role", args=[study.slug, cora.pk])
    shown = client.post(address, {"role": "coordinator", "site": ""})
    assert "Let cora be for all study sites" in shown.content.decode()
    shown = client.post(address, {"role": "reader"})
    assert "They are then for the study site HERE." in shown.content.decode()
    pia = make_member(study, "investigator")
    shown = client.post(reverse("change-role", args=[study.slug, pia.pk]), {"role": "coordinator", "site": ""})
    assert "They are then for all study sites: nothing limits them." in shown.content.decode()
    client.post(address, {"role": "coordinator", "site": "", "confirmed": "yes"})
    cora.refresh_from_db()
    assert cora.site is None
    with pytest.raises(IntegrityError, match="member_site_of_a_role_with_limits"), transaction.atomic():
        study.members.filter(pk=cora.pk).update(role="investigator", site=here)


def test_command_limits_a_member_to_a_site_and_changes_nobodys_limit(two_sites):
    slug, out = two_sites.study.slug, StringIO()
    command = ("add_member", "--study", slug, "cora", "--role", "coordinator", "--create")

    call_command(*command, "--site", HERE, stdout=out)

    assert f"cora is coordinator of {slug}, for the study site HERE." in out.getvalue()
    assert two_sites.study.members.get(user__username="cora").site == two_sites.sites[HERE]
    for refused, more in (
        ("coordinator for the study site HERE already", ["--site", THERE]),
        ("no study site 'NONE'", ["--site", "NONE"]),
        ("Only coordinators and readers", ["--site", HERE, "--role", "investigator"]),
    ):
        with pytest.raises(CommandError, match=refused):
            call_command(*command, *more)


def test_study_sites_of_a_locked_study_stay_as_they_are(two_sites):
    study, boss = two_sites.study, _boss(two_sites)
    client, address = Client(), reverse("study-settings", args=[study.slug])
    client.force_login(boss.user)
    form = client.get(address).context["form"]
    sent = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False, True)}
    site = two_sites.sites[HERE]
    sent |= {"sites-TOTAL_FORMS": "1", "sites-INITIAL_FORMS": "1", "sites-0-id": str(site.pk), "reason": "Slip."}
    sent |= {"sites-0-code": "OTHER", "sites-0-name": site.name}
    for query in Query.objects.filter(study=study):
        with acting_for(boss.user.pk):
            close(query=query, by=boss.user)
    Study.objects.filter(pk=study.pk).update(locked_at=timezone.now(), locked_by=boss.user)

    refused = client.post(address, sent)
    shown = [limited_client(two_sites).get(reverse(name, args=[study.slug])) for name in ("reads", "progress", "data")]

    assert (refused.status_code, "HERE: Hospital HERE" in refused.content.decode()) == (422, True)
    assert StudySite.objects.filter(pk=site.pk, code=HERE).exists()
    assert all(reverse("lock-study", args=[study.slug]) not in page.content.decode() for page in shown)
