"""The flow of participants and reads in words: each step, and what was left out on the way to it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from analysis.stats.question import Question
from analysis.stats.result_types.described import (
    Count,
    DescribedParticipants,
    FlowStep,
    LeftOutBefore,
    Reason,
    StepName,
)
from analysis.words.prose import counted, listed

STEPS: dict[StepName, str] = {
    "registered": "Registered",
    "with_mri": "In the groups compared, with an MRI",
    "given_to_readers": "First MRI given to a reader",
    "signed_off": "First MRI read and signed off",
    "compared": "In the comparison",
}
# Behind a number, of participants and of reads; None where a reason never stops any.
_REASONS: dict[Reason, tuple[str | None, str | None]] = {
    "withdrawn": ("withdrawn", "of participants who have withdrawn"),
    "other_group": ("in another diagnosis group", "of another diagnosis group"),
    "other_sex": ("not {sex}", "of participants who are not {sex}"),
    "sex_missing": ("without a recorded sex", "of participants without a recorded sex"),
    "other_autoantibody": (
        "with another autoantibody than {autoantibody}",
        "of participants with another autoantibody than {autoantibody}",
    ),
    "autoantibody_missing": (
        "without a recorded autoantibody",
        "of participants without a recorded autoantibody",
    ),
    "no_mri": ("without an MRI", None),
    "no_read": ("whose MRI was given to no reader", None),
    "later_mri": ("with reads of a later MRI only", "of a later MRI"),
    "not_signed_off": ("without a signed-off read of the first MRI", "not signed off"),
    "reread": ("with re-reads only", "made again, for agreement within readers"),
    "other_sequence": ("not read on {sequence}", "not on {sequence}"),
    "other_reader": ("not read by {readers}", "not by {readers}"),
    "fat_beside_edema": (None, "for fat, beside reads for edema"),
    "fat_only": ("graded for fat only", "for fat"),
    "edema_only": ("graded for edema only", "for edema"),
    "nothing_assessed": ("without a muscle that could be assessed", "without a muscle that could be assessed"),
}


@dataclass(frozen=True)
class StepInWords:
    """One step of the flow: its title, how many came to it, and what was left out on the way."""

    title: str
    counts: tuple[str, ...]
    left_out: tuple[str, ...]


def steps_in_words(flow: list[FlowStep], question: Question) -> list[StepInWords]:
    """Say each step."""
    return [
        StepInWords(STEPS[step["step"]], tuple(_counts(step)), tuple(left_out_in_words(step["left_out"], question)))
        for step in flow
    ]


def left_out_in_words(left_out: list[LeftOutBefore], question: Question) -> Iterator[str]:
    """Say, participants first, how many were left out for each reason."""
    for part, thing in enumerate(("participant", "read")):
        for each in left_out:
            count = each["participants"] if thing == "participant" else each["reads"]
            if reason := count["total"] and _REASONS[each["reason"]][part]:
                yield f"{counted(count['total'], thing)} {_filled(reason, question)}{of_groups(count)}"


def of_groups(count: Count) -> str:
    """Write `` (DM 11, IMNM 14)``, and how many are of other groups; nothing where nobody is of the two compared."""
    others = count["total"] - sum(count["by_group"].values())
    parts = [f"{group} {number:,}" for group, number in count["by_group"].items()]
    if others == count["total"]:
        return ""
    return f" ({', '.join([*parts, f'others {others:,}'] if others else parts)})"


def flow_sentences(described: DescribedParticipants, question: Question) -> Iterator[str]:
    """Write for a paper who was left out of the comparison, and why; nothing where nobody is registered."""
    first, last = described["flow"][0]["participants"], described["flow"][-1]["participants"]
    if not first["total"]:
        return
    sizes = listed(f"{number:,} {group}" for group, number in last["by_group"].items())
    have = "was" if first["total"] == 1 else "were"
    yield f"Of {counted(first['total'], 'participant')} registered, {last['total']:,} ({sizes}) {have} analysed."
    reasons = [
        f"{each['participants']['total']:,} {_filled(reason, question)}"
        for step in described["flow"]
        for each in step["left_out"]
        if each["participants"]["total"] and (reason := _REASONS[each["reason"]][0])
    ]
    if reasons:
        yield f"Left out: {'; '.join(reasons)}."


def _counts(step: FlowStep) -> Iterator[str]:
    things: tuple[tuple[str, Callable[[FlowStep], Count]], ...] = (
        ("participant", lambda of: of["participants"]),
        ("read", lambda of: of["reads"]),
    )
    for thing, counts in things:
        count = counts(step)
        if thing == "participant" or count["total"]:
            yield f"{counted(count['total'], thing)}{of_groups(count)}"


def _filled(reason: str, question: Question) -> str:
    return reason.format(
        sex=question.sex,
        autoantibody=question.autoantibody,
        sequence=question.sequence,
        readers=listed(question.readers, "or"),
    )
