"""Recording looks at a comparison before the study is locked."""

from django.utils import timezone

from analysis.models import Look
from analysis.models.look import LookCounts
from grading.models import Study

LISTED = 50

# Chance of at least one p < 0.05 when nothing differs and data that accumulate in equal steps are looked at so often:
# Armitage, McPherson, Rowe. J R Stat Soc A 1969;132:235-244, table 2 (normal, known variance).
FALSE_POSITIVE_AFTER = {1: 0.05, 2: 0.083, 3: 0.107, 4: 0.126, 5: 0.142, 10: 0.193, 20: 0.248, 50: 0.320}


def record_look(*, study: Study, user, question: str, data_version: str, participants: int) -> None:
    """Note that a user sees a comparison. Seeing the same again changes nothing; of a locked study it is no look."""
    if study.is_locked:
        return
    look = Look(
        study=study,
        user=user,
        at=timezone.now(),
        question=question,
        data_version=data_version,
        participants=participants,
    )
    Look.objects.bulk_create([look], ignore_conflicts=True)


def false_positive_chance(counts: LookCounts) -> tuple[int, float]:
    """How many looks of the published table lie within the states of the data seen so far, and the chance by then."""
    looks = max(known for known in FALSE_POSITIVE_AFTER if known <= max(counts.states, 1))
    return looks, FALSE_POSITIVE_AFTER[looks]
