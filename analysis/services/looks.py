"""Looking at a comparison: the one way in which a view gets one, and how each look is recorded.

Before a study is locked each look is recorded, and a study may keep its comparison from everybody until then.
"""

from typing import Any

from django.core.exceptions import PermissionDenied

from analysis.models import Look
from analysis.models.look import LookCounts
from analysis.services.results import LiveComparison, live_comparison
from analysis.stats.question import Question
from grading.models import Study
from thighsite.clock import database_now

# Chance of at least one p < 0.05 where nothing differs, when data that accumulate in equal steps are looked at so
# often. Armitage, McPherson, Rowe. J R Stat Soc A 1969;132:235-244, table 2 (normal, known variance).
FALSE_POSITIVE_AFTER = {1: 0.05, 2: 0.083, 3: 0.107, 4: 0.126, 5: 0.142, 10: 0.193, 20: 0.248, 50: 0.320}


class ComparisonHidden(PermissionDenied):
    """The study shows its comparison to nobody until it is locked."""


def check_shown(study: Study) -> None:
    """Raise ComparisonHidden unless investigators may see the groups compared."""
    if not study.shows_comparison:
        raise ComparisonHidden("This study hides its comparison until it is locked.")


def look_at(
    *, study: Study, user: Any, question: Question, may_compute: bool = True, has_score: bool = False
) -> LiveComparison:
    """Get the comparison for a user who will see it, and record the look.

    Args:
        may_compute, has_score: as of ``results.live_comparison``.

    Raises:
        ComparisonHidden: the study hides it.
        BeingComputed: it is not there yet, and somebody else is computing it or this caller may not.
    """
    check_shown(study)
    live = live_comparison(study, question, may_compute=may_compute, has_score=has_score)
    if not study.is_locked:
        _record(study, user, question, live)
    return live


def _record(study: Study, user: Any, question: Question, live: LiveComparison) -> None:
    """Record the look, once per user, question and data version. A comparison without participants is no look."""
    participants = live.result["n"]["participants"]
    if participants:
        look = Look(
            study=study,
            user=user,
            at=database_now(),
            question=question.key,
            data_version=live.result["data_version"],
            study_data_version=live.study_data_version,
            participants=participants,
        )
        Look.objects.bulk_create([look], ignore_conflicts=True)


def false_positive_chance(counts: LookCounts) -> tuple[int, float]:
    """Give the largest published number of looks that is not above the data versions seen, and the chance then."""
    looks = max(known for known in FALSE_POSITIVE_AFTER if known <= max(counts.states, 1))
    return looks, FALSE_POSITIVE_AFTER[looks]
