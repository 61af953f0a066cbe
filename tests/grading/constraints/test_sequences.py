"""A study's choice of what stands beside the form: two sequences that there are, one for each side."""

import pytest
from django.db import IntegrityError, transaction

from grading.models import Study

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("name", "chosen"), [("study_sequences", ("PD", "")), ("study_two_sequences", ("T1W", "T1W"))])
def test_database_refuses_a_choice_that_cannot_be_shown(study, name, chosen):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Study.objects.filter(pk=study.pk).update(left_sequence=chosen[0], right_sequence=chosen[1])
