"""What a script gets by a token: the data of pages and commands, and nothing that its owner may not do now."""

import csv
import io
import json
import logging
from datetime import timedelta
from hashlib import sha256

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from ninja.errors import HttpError

from analysis.models import Look
from grading.models import Member, Participant, Study, Unblinded, Upload
from grading.services.signing import sign_off
from tests.builders import make_member, make_mri, make_participant, make_read, make_signed_off_read, make_study
from tests.made_once import made_once
from tests.thighsite.api.people import ask, token_of
from tests.thighsite.sign_in.people import give_app
from thighsite.acting import because
from thighsite.api import urls
from thighsite.api.description import api
from thighsite.api.tokens import find_token
from thighsite.jobs.models import Job
from thighsite.sign_in.models import ApiToken, SignInEvent

pytestmark = pytest.mark.django_db

NEW_PEOPLE = b"participant,group,mri\nNEW1,DM,N1\nNEW2,IMNM,N2\n"


class Cast:
    """Six participants, each read by two readers, and a comment that a spreadsheet would run; and who asks."""

    def __init__(self):
        self.study = make_study(slug="thighs")
        readers = [make_member(self.study).user for _ in range(2)]
        for number in range(6):
            participant = make_participant(
                self.study, group=("IMNM", "DM")[number % 2], code=f"=P{number}", age_years=40
            )
            mri = make_mri(participant)
            for reader in readers:
                scores = [(number + place) % 4 for place in range(11)]
                make_signed_off_read(study=self.study, mri=mri, reader=reader, scores=scores, comment="@one,\ntwo")
        self.coordinator, self.investigator = (
            make_member(self.study, role) for role in ("coordinator", "investigator")
        )


cast = made_once(Cast)


@pytest.fixture
def study(cast):
    return Study.objects.get(pk=cast.study.pk)


@pytest.fixture
def coordinator(cast):
    return Member.objects.get(pk=cast.coordinator.pk)


@pytest.fixture
def investigator(cast):
    return Member.objects.get(pk=cast.investigator.pk)


def body(response) -> str:
    assert response.status_code == 200, response.content
    return response.getvalue().decode()


def test_coordinators_script_reads_what_the_data_page_gives(client, study, coordinator):
    token = token_of(coordinator)
    client.force_login(coordinator.user)

    for address, name in (("participants.csv", "export-participants"), ("grades.csv", "export-grades")):
        assert body(ask(token, address)) == body(client.get(reverse(name, args=[study.slug])))
    assert body(ask(token, "grades.csv?layout=wide")).splitlines()[0].startswith("participant,group,mri,reader")
    people, grades = (json.loads(body(ask(token, f"{name}.json"))) for name in ("participants", "grades"))
    assert people[0] | {"mri": ""} == {
        "participant": "=P0", "group": "IMNM", "mri": "", "sex": None, "age_years": 40, "autoantibody": None,
        "ck_u_per_l": None, "disease_duration_months": None, "scan_year": None, "days_since_first_mri": 0,
        "withdrawn": False,
    }  # fmt: skip
    assert len(grades) == 6 * 2 * 11
    assert {(type(row["score"]), row["comment"], row["not_assessable"]) for row in grades} == {
        (int, "@one,\ntwo", False)
    }
    progress = json.loads(body(ask(token, "progress.json")))
    assert (progress["participants"], [each["signed_off"] for each in progress["readers"]]) == (6, [6, 6])
    assert body(ask(token, "progress.csv")).splitlines() == [
        "username,assigned,draft,signed_off,is_suspended",
        *(f"{each['username']},0,0,6,false" for each in progress["readers"]),
    ]
    assert Unblinded.objects.filter(user=coordinator.user, study=study).exists()


def test_investigators_script_reads_what_the_pages_compute_and_that_is_a_look(client, study, investigator):
    token = token_of(investigator)
    answer = json.loads(body(ask(token, "comparison.json")))
    looks = list(Look.objects.values_list("user", "data_version"))
    client.force_login(investigator.user)

    assert looks == [(investigator.user.pk, answer["data_version"])]
    assert answer == client.get(reverse("comparison-json", args=[study.slug])).json()["comparison"]
    assert ask(token, "agreement.json").json() == client.get(reverse("agreement-json", args=[study.slug])).json()
    frame = body(ask(token, "frame.csv"))
    assert sha256(frame.encode()).hexdigest() == answer["data_version"]
    rows = json.loads(body(ask(token, "frame.json")))
    assert [str(row["score"]) for row in rows] == [row["score"] for row in csv.DictReader(io.StringIO(frame))]
    assert rows[0]["participant"] == "=P0"
    result = list(csv.DictReader(io.StringIO(body(ask(token, "comparison.csv?set=all")))))
    assert [float(row["estimate"]) for row in result] == [muscle["estimate"] for muscle in answer["muscles"]]
    agreed = list(csv.DictReader(io.StringIO(body(ask(token, "agreement.csv")))))
    assert {(row["part"], row["coefficient"]) for row in agreed} >= {("inter", "ac2"), ("pairs", "exact")}
    assert ask(token, "progress.json").json()["readers"] is None
    assert ask(token, "progress.csv").status_code == 403
    assert ask(token, "comparison.json?sett=edema").status_code == 422
    assert ask(token, "comparison.json?ordinal=1").status_code == 422


def test_frame_is_of_what_was_looked_at_or_is_not_sent(study, investigator):
    """A read is signed off between the look and the frame."""
    waiting = [make_read(study=study, mri=make_mri(make_participant(study, group="DM")), scores=[3] * 11)]

    def then_sign(execute, sql, *more):
        found = execute(sql, *more)
        if 'INSERT INTO "analysis_look"' in sql and waiting:
            sign_off(waiting.pop())
        return found

    with transaction.get_connection().execute_wrapper(then_sign):
        changed = ask(token_of(investigator), "frame.csv")
    again = body(ask(token_of(investigator), "frame.csv"))

    assert (changed.status_code, "ask again" in changed.json()["error"]) == (202, True)
    assert sha256(again.encode()).hexdigest() == Look.objects.latest("at").data_version
    assert Look.objects.count() == 2


def test_comparison_that_the_study_hides_is_hidden_from_scripts_too(study, investigator):
    token = token_of(investigator)
    study.hides_comparison = True
    study.save()

    statuses = {name: ask(token, name).status_code for name in ("comparison.json", "frame.csv", "agreement.json")}

    assert statuses == {"comparison.json": 403, "frame.csv": 403, "agreement.json": 200}
    assert not Look.objects.exists()


def bring(token: str, content: bytes, what: str = "participants"):
    return ask(token, f"imports/{what}", "POST", {"file": SimpleUploadedFile("people.csv", content)})


def confirm(token: str, shown: dict):
    told = {"fingerprint": shown["fingerprint"]}
    return ask(token, f"imports/{shown['id']}/confirm", "POST", told, content_type="application/json")


def test_import_is_shown_first_and_stored_as_shown(study, coordinator):
    token, people = token_of(coordinator), Participant.objects.filter(code__startswith="NEW")

    looked = bring(token, NEW_PEOPLE)
    assert (looked.status_code, looked.json()["state"], people.count()) == (201, "ready", 0)
    assert looked.json() == ask(token, f"imports/{looked.json()['id']}").json()

    done = confirm(token, looked.json())
    assert (done.status_code, done.json()["state"], people.count()) == (200, "imported", 2)
    assert Upload.objects.get().by == coordinator.user
    assert confirm(token, looked.json()).status_code == 409


def test_several_files_at_once_are_refused_rather_than_one_of_them_taken(study, coordinator):
    token = token_of(coordinator)
    files = [SimpleUploadedFile(name, NEW_PEOPLE) for name in ("a.csv", "b.csv")]

    for sent in ({"file": files}, {"file": files[0], "another": files[1]}):
        refused = ask(token, "imports/participants", "POST", sent)
        assert (refused.status_code, "one file at a time" in refused.json()["error"]) == (422, True)
    assert not Upload.objects.exists()


def test_what_is_sent_wrongly_is_named_as_its_sender_named_it(study, coordinator):
    token = token_of(coordinator)
    looked = bring(token, NEW_PEOPLE).json()
    address = f"imports/{looked['id']}/confirm"

    no_json = ask(token, address, "POST", {"fingerprint": looked["fingerprint"]})
    assert (no_json.status_code, "Send JSON" in no_json.json()["error"]) == (400, True)
    lacking = ask(token, address, "POST", {}, content_type="application/json")
    assert (lacking.status_code, lacking.json()["error"]) == (422, "fingerprint: Field required.")
    assert ask(token, "grades.csv?layout=tall").json()["error"].startswith("layout: ")


def test_refusal_of_another_status_is_not_said_to_be_about_json(rf):
    refused = api.on_exception(rf.post("/api/v1/imports/participants"), HttpError(503, "Later."))

    assert (refused.status_code, json.loads(refused.content)) == (503, {"error": "Later."})


def test_import_is_refused_where_it_would_not_be_what_was_shown(study, coordinator):
    token = token_of(coordinator)
    shown = bring(token, NEW_PEOPLE).json()
    make_participant(study, group="DM", code="NEW1")

    refused = confirm(token, shown)

    assert (refused.status_code, Participant.objects.filter(code="NEW2").exists()) == (409, False)
    assert confirm(token, refused.json()).status_code == 200
    wrong = bring(token, b"participant,group,mri\nX1,nobody,\n").json()
    assert wrong["state"] == "refused"
    assert "Line 2" in " ".join(wrong["problems"])
    assert bring(token, b"participant,reader\n", "grades").json()["state"] == "misnamed"
    assert ask(token, "imports/grades", "POST", {}).status_code == 422


def test_long_file_is_looked_at_as_a_job(settings, coordinator):
    settings.IMPORT_AT_ONCE_BYTES = 0

    waits = bring(token_of(coordinator), NEW_PEOPLE)

    assert (waits.status_code, waits.json()["state"]) == (202, "working")


def test_long_file_is_not_confirmed_before_it_was_shown(settings, coordinator):
    settings.IMPORT_AT_ONCE_BYTES = 0
    token = token_of(coordinator)
    waits = bring(token, NEW_PEOPLE).json()

    early = confirm(token, waits)

    assert (early.status_code, early.json()["state"]) == (409, "working")
    assert [job.kind for job in Job.objects.all()] == ["look-at-file"]


def test_a_file_that_is_too_large_to_arrive_is_named_as_such(settings, coordinator):
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 2**20

    refused = bring(token_of(coordinator), b"x" * (2**20 + 1))

    assert refused.status_code == 422
    assert refused.json()["error"] == "file: Field required. A file of more than 1 MB does not arrive."


@pytest.mark.parametrize("at_once", [300_000, 0], ids=["at once", "as a job"])
def test_confirmation_that_is_none_is_refused_however_it_is_sent(settings, coordinator, at_once):
    token = token_of(coordinator)
    shown = bring(token, NEW_PEOPLE).json()
    settings.IMPORT_AT_ONCE_BYTES = at_once
    form = {"fingerprint": shown["fingerprint"]}
    address, texts = f"imports/{shown['id']}/confirm", ["\x00", "\ud800", "0" * 65, 7]

    as_text = [
        ask(token, address, "POST", json.dumps({"fingerprint": text}), content_type="text/plain").status_code
        for text in texts
    ]

    assert (as_text, ask(token, address, "POST", form).status_code) == ([422] * 4, 400)
    assert not Job.objects.exists()
    assert not Participant.objects.filter(code__startswith="NEW").exists()


def test_token_of_one_study_reaches_no_other(coordinator):
    other = make_member(make_study(), "coordinator")
    shown = bring(token_of(other), NEW_PEOPLE).json()

    assert ask(token_of(coordinator), f"imports/{shown['id']}").status_code == 404
    assert confirm(token_of(coordinator), shown).status_code == 404
    assert json.loads(body(ask(token_of(other), "participants.json"))) == []


def operations() -> list[tuple[str, str]]:
    """(address, method) of every operation."""
    nothing = "00000000-0000-4000-8000-000000000000"
    routes = [str(each.pattern) for each in urls.urlpatterns if str(each.pattern).startswith("api/")]
    addresses = [route.removeprefix("api/v1/").replace("<uuid:pk>", nothing) for route in routes]
    return [(each, "POST" if each.endswith(("participants", "grades", "confirm")) else "GET") for each in addresses]


def test_every_operation_asks_for_token_then_scope_then_method(client, study, coordinator, investigator):
    client.force_login(coordinator.user)
    without, whole = token_of(coordinator, ["nothing"]), [token_of(coordinator), token_of(investigator)]
    found = {}

    for address, method in operations():
        other = "POST" if method == "GET" else "GET"
        by_cookie = client.generic(method, f"/api/v1/{address}")
        found[address] = (
            by_cookie.status_code,
            by_cookie.headers["WWW-Authenticate"],
            ask("thighsite_x", address, method).status_code,
            ask(without, address, other).status_code,
            min(ask(token, address, other).status_code for token in whole) if address != "openapi.json" else 403,
            max(ask(token, address, other).status_code for token in whole),
        )

    assert len(found) == 17
    expected = dict.fromkeys(found, (401, "Bearer", 401, 403, 403, 405))
    both = (401, "Bearer", 401, 403, 405, 405)
    assert found == expected | {
        "openapi.json": (401, "Bearer", 401, 405, 403, 405), "progress.csv": both, "progress.json": both
    }  # fmt: skip


def suspend(member: Member) -> None:
    with because("Leaves."):
        Member.objects.filter(pk=member.pk).update(suspended_at=timezone.now())


def deactivate(member: Member) -> None:
    member.user.is_active = False
    member.user.save()


def run_out(member: Member) -> None:
    now = timezone.now()
    ApiToken.objects.update(made_at=now - timedelta(days=8), expires_at=now - timedelta(seconds=1))


def lengthen(member: Member) -> None:
    ApiToken.objects.update(expires_at=timezone.now() + timedelta(days=80))


def widen(member: Member) -> None:
    ApiToken.objects.update(scopes=["participants", "grades"])


def spoil(member: Member) -> None:
    ApiToken.objects.update(scopes=[7])


def rewrite(member: Member) -> None:
    ApiToken.objects.update(scopes={"participants": True})


def hand_over(member: Member) -> None:
    ApiToken.objects.update(member=make_member(member.study, "coordinator"))


@pytest.mark.parametrize(
    "end",
    [suspend, deactivate, run_out, lengthen, widen, spoil, rewrite, hand_over, Member.delete],
)
def test_token_is_dead_at_once(coordinator, end):
    token = token_of(coordinator, ["participants"])
    assert ask(token, "participants.json").status_code == 200

    end(coordinator)

    assert ask(token, "participants.json").status_code == 401


def test_token_does_no_more_than_its_owners_role_now(study, coordinator):
    token = token_of(coordinator, ["participants", "comparison"])
    statuses = [ask(token, name).status_code for name in ("participants.csv", "comparison.json")]

    Member.objects.filter(pk=coordinator.pk).update(role="investigator")

    assert statuses == [200, 403]
    assert [ask(token, name).status_code for name in ("participants.csv", "comparison.json")] == [403, 200]


def test_owner_who_needs_a_second_factor_and_has_none_has_no_token_that_works(settings, coordinator):
    settings.SECOND_FACTOR_REQUIRED = True
    token = token_of(coordinator)

    refused = ask(token, "participants.csv")
    give_app(coordinator.user)

    assert (refused.status_code, "second factor" in refused.json()["error"]) == (403, True)
    assert ask(token, "participants.csv").status_code == 200


def test_cookie_of_somebody_between_two_factors_changes_no_answer(settings, client, study, coordinator):
    settings.SECOND_FACTOR_REQUIRED = True
    token, between = token_of(coordinator), make_member(study, "coordinator")
    for member in (coordinator, between):
        give_app(member.user)
    client.force_login(between.user)

    headers = {"Authorization": f"Bearer {token}"}

    assert client.get(reverse("home")).status_code == 302, "else nothing is asked for here"
    assert client.get("/api/v1/participants.csv", headers=headers).status_code == 200
    assert client.get("/api/v1/participants.csv").status_code == 401


def test_role_that_is_blind_has_no_token_that_works(study):
    token = token_of(make_member(study, "reader"), ["participants", "comparison"])

    assert {ask(token, name).status_code for name in ("participants.csv", "openapi.json")} == {401}


def test_wrong_tokens_are_counted_noted_and_written_nowhere(coordinator, caplog):
    caplog.set_level(logging.DEBUG)
    token = token_of(coordinator)
    wrong = token[:-4] + "aaaa"

    statuses = [ask(wrong, "participants.csv").status_code for _ in range(61)]

    assert (statuses[0], statuses[59], statuses[60]) == (401, 401, 429)
    assert ask(token, "participants.csv").status_code == 429
    assert SignInEvent.objects.filter(kind="refused", detail="API token").count() == 60
    assert wrong not in caplog.text
    assert wrong[-20:] not in str(list(SignInEvent.objects.values()))


def test_token_is_kept_as_a_digest_and_no_longer_than_ninety_days(coordinator):
    token = token_of(coordinator, days=90)

    assert token.rpartition("_")[2] not in str(ApiToken.objects.values().get())
    with pytest.raises(IntegrityError), transaction.atomic():
        ApiToken.objects.update(expires_at=timezone.now() + timedelta(days=91))
    with pytest.raises(IntegrityError), transaction.atomic():
        token_of(coordinator, days=91)


def test_queries_do_not_grow_with_rows(study, coordinator):
    token, counts = token_of(coordinator), []
    for _ in range(2):
        with CaptureQueriesContext(transaction.get_connection()) as queries:
            for name in ("participants.json", "grades.json", "progress.json", "progress.csv"):
                body(ask(token, name))
        counts.append(len(queries))
        for _ in range(5):
            make_read(study=study, mri=make_mri(make_participant(study)), scores=[1] * 11)

    assert counts[1] <= counts[0]


def test_secret_key_of_before_opens_until_it_is_forgotten(settings, coordinator):
    token, before = token_of(coordinator), settings.SECRET_KEY

    settings.SECRET_KEY_FALLBACKS = [before]
    settings.SECRET_KEY = "another" * 10
    assert find_token(token)
    settings.SECRET_KEY_FALLBACKS = []
    assert find_token(token) is None
