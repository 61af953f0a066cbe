"""Studies: who may set one up, and setting one up."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from grading.models import DiagnosisGroup, Member, Study

PERMISSION = "grading.add_study"  # a site admin gives it to an account


def may_set_up_studies(user: Any) -> bool:
    return user.has_perm(PERMISSION)


@transaction.atomic
def set_up(*, study: Study, groups: Iterable[DiagnosisGroup], by: Any) -> Member:
    """Store a new study with its groups. Who set it up is its coordinator."""
    study.save(force_insert=True)
    for group in groups:
        group.study = study
        group.save(force_insert=True)
    return Member.objects.create(study=study, user=by, role=Member.Role.COORDINATOR)
