"""A study in whose database each table has a row."""

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group, Permission
from django.utils import timezone

from analysis.models import Look
from analysis.services.lock import lock_study
from grading.anatomy import MUSCLE_CODES
from grading.models import Covariate, CovariateValue, ReaderDraw, Stack, StudySite
from grading.services import queries
from grading.services.calibration import let_in
from grading.services.sealing import seal_trail
from grading.services.unlocking import ask_to_unlock, confirm_unlock
from tests.builders import (
    adjudicate,
    approve,
    make_calibration_case,
    make_discrepancy,
    make_member,
    make_participant,
    make_query,
    make_user,
    withdraw,
)
from tests.grading.integrity.worked_study import Worked, make_worked_study
from thighsite.acting import acting_for


def make_rich_study() -> Worked:
    """A row in each table: groups, second factors, looks, calibration, a lock, an unlock, and a lock again."""
    made = make_worked_study()
    study, carl = made.study, made.study.members.get(role="coordinator").user
    group = Group.objects.create(name="helpdesk")
    permission = Permission.objects.first()
    group.permissions.add(permission)
    carl.groups.add(group)
    carl.user_permissions.add(permission)
    draw = {"feature": "edema", "readers_per_mri": 2, "readers": "ann", "seed": 1}
    ReaderDraw.objects.create(study=study, drawn_by=carl, in_place_of=made.signed.reader, **draw)
    covariate = Covariate.objects.create(study=study, name="fvc", label="Vital capacity", unit="%")
    treated = Covariate.objects.create(study=study, name="drug", label="Drug", kind="levels", levels="none\nIVIG")
    of_p1 = {"study": study, "participant": study.participants.get(code="P1")}
    CovariateValue.objects.create(**of_p1, covariate=covariate, number=81.5)
    CovariateValue.objects.create(**of_p1, covariate=treated, level="IVIG")
    site = StudySite.objects.create(study=study, code="BER", name="Berlin")
    study.participants.filter(code="P1").update(site=site)
    make_member(study, "coordinator", make_user("cora"))
    study.members.filter(user__username="cora").update(site=site)
    Authenticator.objects.create(user=carl, type=Authenticator.Type.TOTP, data={"secret": "x"})
    iris = study.members.get(role="investigator").user
    told = {"question": "q", "data_version": "a", "study_data_version": "b", "participants": 4}
    Look.objects.create(study=study, user=iris, at=timezone.now(), **told)
    withdraw(make_participant(study, code="P7"))
    approve(Stack.objects.get(), carl)
    make_calibration_case(study, grades={"edema": [1] * len(MUSCLE_CODES)}, code="P8")
    let_in(member=study.members.get(user__username="ann"), by=carl, reason="Has read before.")
    with acting_for(carl.pk):
        query = make_query(made.signed, by=carl, muscle="VL", side="both")
    with acting_for(made.signed.reader_id):
        queries.answer(query=query, by=made.signed.reader, text="It is so.")
    with acting_for(carl.pk):
        queries.close(query=query, by=carl)
    adjudicator = make_member(study, "adjudicator", make_user("otto")).user
    case = make_discrepancy(study, scores=(0, 3, None))
    adjudicate(case, adjudicator, score=1)
    adjudicate(case, adjudicator)  # which corrects it
    admin = make_user("root")
    admin.is_superuser = True
    admin.save()
    with acting_for(carl.pk):
        lock_study(study=study, by=carl)
        unlock = ask_to_unlock(study=study, by=carl, reason="by mistake")
    with acting_for(admin.pk):
        confirm_unlock(unlock=unlock, by=admin)
    with acting_for(carl.pk):
        lock_study(study=study, by=carl)
    seal_trail(study)
    return made
