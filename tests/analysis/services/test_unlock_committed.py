"""What goes round the two people who take a lock back, in rows that others see at once: verify finds it.

In a file of their own, so that the tests in test_unlock_rules.py share a study that is made once.
"""

import pytest
from django.core.management import CommandError, call_command

from analysis.models import FrozenFrame
from grading.models import Study
from tests.analysis.services.unlocking import unlocked
from tests.ownership import rules_off


@pytest.mark.django_db(transaction=True)
def test_verify_finds_a_lock_that_nobody_took_back(locked):
    with rules_off():
        Study.objects.filter(pk=locked.pk).update(locked_at=None, locked_by=None)

    with pytest.raises(CommandError, match="no two people unlocked it"):
        call_command("verify", study=locked.slug)


@pytest.mark.django_db(transaction=True)
def test_verify_finds_what_was_done_to_the_frame_of_a_former_lock(locked, root, coordinator):
    unlocked(locked, root, coordinator)
    with rules_off():
        FrozenFrame.objects.filter(study=locked).update(csv="other")

    with pytest.raises(CommandError, match="not what its SHA-256 says"):
        call_command("verify", study=locked.slug)
