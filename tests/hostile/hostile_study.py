"""A study with something of everything in it, and everybody signed in who could ask for anything."""

from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.contrib.auth.tokens import default_token_generator
from django.test import Client
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from analysis.services.lock import lock_study
from grading.models import Study
from grading.models.read import Read
from grading.roles import ROLE_BY_CODE
from grading.services.unblinding import note_unblinded
from tests.builders import (
    adjudicate,
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
    make_unblinded,
    make_upload,
    make_upload_of_scans,
    make_user,
)
from tests.grading.csv.csv_files import make_study_with_reader
from tests.thighsite.api.people import token_of
from tests.thighsite.sign_in.people import give_app, give_app_alone, give_passkey, give_password, sign_in
from thighsite.sign_in.models import ApiToken, SignInEvent

ROLES = ("anonymous", "between factors", *ROLE_BY_CODE, "site admin")


@dataclass(frozen=True)
class Stage:
    clients: dict[str, Client]  # by role
    arguments: dict[str, str]  # of URLs whose own name says too little
    by_route: dict[str, dict[str, str]]  # of the others

    def path(self, route) -> str:
        return route.path(self.arguments | self.by_route.get(route.name, {}))


def set_stage() -> Stage:
    study = make_study_with_reader()
    reader = study.members.get().user
    reader.set_password("correct-horse-battery")
    reader.save()
    first, second = study.mris.all()
    read = make_read(study=study, mri=first, reader=reader, scores=[1, 2, 3, 0])
    signed_off = make_signed_off_read(study=study, mri=second, reader=reader)
    make_read(study=study, mri=make_mri(make_participant(study, group="DM")), reader=make_member(study).user)
    make_stack(first)
    people = {role: make_unblinded(make_member(study, role)).user for role in ("investigator", "coordinator")}
    people |= {"adjudicator": make_member(study, "adjudicator").user}
    people |= {"reader": reader, "site admin": _site_admin()}
    clients = {role: _signed_in(user) for role, user in people.items()}
    locked = _locked_study(people, clients["coordinator"])
    _give_factors(people)
    clients |= {"anonymous": Client(raise_request_exception=False), "between factors": _between_factors()}
    return Stage(clients, _arguments(study, read, people), _by_route(study, signed_off, people, locked))


def _signed_in(user) -> Client:
    client = Client(raise_request_exception=False)
    assert sign_in(client, user).status_code == 302
    return client


def _site_admin():
    user = make_user("root")
    user.is_staff = user.is_superuser = True
    user.save()
    assert note_unblinded(user)  # as any page of the administration would
    return user


def _locked_study(people: dict, coordinator: Client) -> Study:
    """A study that the coordinator has asked to unlock."""
    study = make_study()
    make_signed_off_read(study=study)
    for role in ("investigator", "coordinator"):
        make_unblinded(make_member(study, role, people[role]))
    assert note_unblinded(people["site admin"])
    lock_study(study=study, by=people["coordinator"])
    asked = coordinator.post(reverse("unlock-study", args=[study.slug]), {"reason": "too early"})
    assert asked.status_code == 302
    return study


def _give_factors(people: dict) -> None:
    """After signing in, so that their sessions are those of people who change how they sign in."""
    give_app_alone(people["reader"])
    give_app(people["coordinator"])
    give_passkey(people["investigator"])


def _between_factors() -> Client:
    user, client = make_user(), Client(raise_request_exception=False)
    give_app(user)
    assert give_password(client, user.username).url == reverse("mfa_authenticate")
    return client


def _arguments(study: Study, read: Read, people: dict) -> dict[str, str]:
    stranger = make_user()
    return {
        "slug": study.slug,
        "pk": str(read.pk),
        "name": "boxplots",
        "form": "csv",
        "uidb64": urlsafe_base64_encode(force_bytes(stranger.get_username())),
        "token": default_token_generator.make_token(stranger),
        "app_label": "grading",
        "url": "nowhere",
        "id": str(people["reader"].pk),
        "content_type_id": "1",
        "object_id": "1",
        "sequence": "STIR",
        "number": "0",
    }


def _by_route(study: Study, signed_off: Read, people: dict, locked: Study) -> dict[str, dict[str, str]]:
    member = {"pk": str(study.members.get(user=people["investigator"]).pk)}
    objects = {
        "auth_user": people["reader"].pk,
        "grading_study": study.pk,
        "grading_member": member["pk"],
        "sign_in_signinevent": SignInEvent.objects.first().pk,
    }
    pages = {f"admin:{name}_{verb}": {"object_id": str(pk)} for name, pk in objects.items() for verb in _VERBS}
    mri = study.mris.first()
    of_participant = ("participant", "correct-participant", "correct-mris", "merge-participant", "withdraw-participant",
                      "take-withdrawal-back", "delete-participant")  # fmt: skip
    pages |= {name: {"pk": str(mri.participant_id)} for name in of_participant}
    pages |= {name: {"pk": str(mri.pk)} for name in ("move-mri", "delete-mri", "mri-stacks")}
    stack = {"pk": str(make_stack(mri, "T1W", approved=False).pk)}
    pages |= dict.fromkeys(("stack", "stack-slice", "approve-stack", "refuse-stack"), stack)
    query = make_query(signed_off, by=people["coordinator"])
    case = {"pk": str(make_discrepancy(study).pk)}
    decided = make_discrepancy(study)
    for score in (1, 3):  # the second corrects the first
        adjudicate(decided, people["adjudicator"], score=score)
    job = {"pk": str(make_job(study, people["coordinator"]).pk)}
    upload = {"pk": str(make_upload(study, people["coordinator"]).pk)}
    passkey = Authenticator.objects.get(user=people["investigator"])
    token_of(study.members.get(user=people["coordinator"]))
    token = ApiToken.objects.get()
    scans = {"pk": str(make_upload_of_scans(study, people["coordinator"]).pk)}
    return pages | {
        "agreement-figure": {"name": "agreement-forest"},
        "plan-figure": {"name": "power"},
        "open-study": {"pk": str(study.pk)},
        **dict.fromkeys(("upload", "look-at-upload", "import-upload", "give-up-upload", "upload-problems"), upload),
        **dict.fromkeys(("many-scans", "store-many-scans", "give-up-many-scans"), scans),
        **dict.fromkeys(("api-import", "api-confirm-import"), upload),
        "end-token": {"pk": str(token.pk)},
        "job": job,
        "job-json": job,
        "stop-job": job,
        "reopen": {"pk": str(signed_off.pk)},
        "export-report": {"pk": str(signed_off.pk)},
        **{name: {"pk": str(signed_off.pk)} for name in ("ask", "dismiss-query", "case-queries")},
        "adjudication-queue": {"pk": str(study.pk)},
        **dict.fromkeys(("adjudication-case", "adjudication-stacks", "adjudication-slice"), case),
        **{name: {"pk": str(query.pk)} for name in ("query", "ask-further", "close-query")},
        "unlock-study": {"slug": locked.slug},
        "take-unlock-back": {"slug": locked.slug, "pk": str(locked.unlocks.get().pk)},
        "confirm-unlock": {"slug": locked.slug, "pk": str(locked.unlocks.get().pk)},
        "suspend-member": member,
        "end-suspension": member,
        "change-role": member,
        "remove-member": member,
        "end-member-sessions": member,
        "new-link": member,
        "remind-reader": member,
        "let-in": {"pk": str(study.members.get(user=people["reader"]).pk)},
        "mfa_remove_webauthn": {"credential": passkey.data["credential"]["id"]},
    }


_VERBS = ("history", "delete", "change")
