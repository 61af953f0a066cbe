"""Studies: who may set one up, setting one up, and changing its settings one after another."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from grading.models import Covariate, DiagnosisGroup, Member, Study

PERMISSION = "grading.add_study"  # a site admin gives it to an account


def may_set_up_studies(user: Any) -> bool:
    return user.has_perm(PERMISSION)


@transaction.atomic
def set_up(*, study: Study, groups: Iterable[DiagnosisGroup], by: Any, covariates: Iterable[Covariate] = ()) -> Member:
    """Store a new study with its groups and covariates. Who set it up is its coordinator."""
    study.save(force_insert=True)
    of_study: list[Any] = [*groups, *covariates]
    for row in of_study:
        row.study = study
        row.save(force_insert=True)
    return Member.objects.create(study=study, user=by, role=Member.Role.COORDINATOR)


def lock_settings(study: Study) -> Study:
    """Fetch a study as it is now, and let nobody else change its settings until the transaction ends."""
    return Study.objects.select_for_update(no_key=True).get(pk=study.pk)
