"""In which order participants stand in the heat map.

By group, the compared one first, and within a group by one number: the mean of the muscles that are higher in the
compared group minus the mean of those that are higher in the reference. Sorting by it puts the two patterns at the
two ends of each group, means the same in every study, and changes nothing when a participant is added; the order of
a cluster tree's leaves looks smoother, but turns around arbitrarily and cannot be said in a sentence.

Which muscles count on which side is estimated from the same participants, so the order shows the pattern and is no
evidence of it. Nobody changes group by it.
"""

from collections.abc import Mapping
from statistics import fmean

from analysis.stats.result_types.answers import Participant, ParticipantMeans
from analysis.stats.result_types.comparison import ComparisonResult, GroupPair
from analysis.stats.result_types.muscles import MuscleResult


def ordered(result: ComparisonResult, participant_means: ParticipantMeans) -> dict[str, list[Participant]]:
    """Sort the participants of the compared group, then of the reference, by descending pattern."""
    signs = {muscle["muscle"]: _sign(muscle, result["groups"]) for muscle in result["muscles"]}
    return {
        group: sorted(
            (entry for entry in participant_means["participants"] if entry["group"] == group),
            key=lambda entry: (-pattern(entry["means"], signs), entry["participant"]),
        )
        for group in (result["groups"]["compared"], result["groups"]["reference"])
    }


def pattern(means: Mapping[str, float], signs: Mapping[str, int]) -> float:
    """Subtract the mean of the muscles of negative sign from that of positive sign, in grade points; none count 0."""
    higher, lower = ([mean for muscle, mean in means.items() if signs[muscle] == sign] for sign in (1, -1))
    return (fmean(higher) if higher else 0.0) - (fmean(lower) if lower else 0.0)


def _sign(muscle: MuscleResult, groups: GroupPair) -> int:
    """Tell by the model, or else by the means, where the muscle is higher: compared group 1, reference -1."""
    difference = muscle["estimate"]
    if difference is None:
        compared, reference = (muscle["groups"][groups[role]]["mean"] for role in ("compared", "reference"))
        difference = 0.0 if compared is None or reference is None else compared - reference
    return (difference > 0) - (difference < 0)
