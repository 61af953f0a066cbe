"""One question that an investigator may ask of a study's frame."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import permutations
from typing import Protocol, TypeVar

from analysis.stats.result_types.codes import AnalysisSet, GradesName, ModelName, PName

_ALWAYS = ("reference", "compared", "analysis_set", "model")
SUBGROUPS = ("sex", "autoantibody")  # participants' values that make them
_RESTRICTIONS = ("sequence", "side", "readers", "sex", "autoantibody")


class UnanswerableError(ValueError):
    """Something was asked that has no answer; the message says what can be asked."""


class GroupsError(UnanswerableError):
    """Which two groups to compare is not settled; the message says why."""


class TooFewGroupsError(GroupsError):
    """The study has fewer than two groups, so there is nothing to compare."""


class GroupsNeededError(GroupsError):
    """The study has more than two groups and none were named."""


class HasCode(Protocol):
    """A diagnosis group, as far as a question names it."""

    @property
    def code(self) -> str: ...


Group = TypeVar("Group", bound=HasCode)


@dataclass(frozen=True)
class Question:
    """Hold the codes of two groups, how to compare them, and what the comparison is restricted to.

    Restrictions, each empty for none: reads on one ``sequence``, grades of one ``side``, reads by ``readers``
    (usernames, kept in one order), participants of one ``sex``, participants with one ``autoantibody``.

    adjust: the covariates that the muscles' models are adjusted for, as `covariates.in_order` puts them. They
        restrict nothing: participants without a value are out of these models, and in the rest of the answer.
    deciding: the p value by which muscles are called different.
    grades: those of the reads, or with what adjudicators decided in their place. They restrict nothing.
    """

    reference: str
    compared: str
    analysis_set: AnalysisSet = "all"
    model: ModelName = "per-muscle"
    sequence: str = ""
    readers: tuple[str, ...] = ()
    sex: str = ""
    autoantibody: str = ""
    adjust: tuple[str, ...] = ()
    deciding: PName = "holm"
    side: str = ""
    grades: GradesName = "reads"

    def __post_init__(self) -> None:
        # The only way to set a field of a frozen dataclass. Readers or covariates named in another order, or twice, are
        # one question.
        object.__setattr__(self, "readers", tuple(sorted(set(self.readers))))
        object.__setattr__(self, "adjust", _in_order(self.adjust))

    @classmethod
    def of_key(cls, key: str) -> "Question":
        """Make the question that has this ``key``."""
        return cls(**json.loads(key))

    @property
    def is_unrestricted(self) -> bool:
        """Say whether it is asked of all reads and participants, as the study planned it."""
        return not any(getattr(self, name) for name in _RESTRICTIONS)

    @property
    def has_subgroup(self) -> bool:
        """Say whether it is asked of some participants only, by their sex or autoantibody."""
        return bool(self.sex or self.autoantibody)

    @property
    def of_participants(self) -> tuple[str, ...]:
        """List the participants' values that its answer depends on: those that make subgroups, and the covariates."""
        return tuple(dict.fromkeys([*(SUBGROUPS if self.has_subgroup else ()), *self.adjust]))

    def without_restrictions(self) -> "Question":
        """Ask it of all reads and participants, adjusted as it is."""
        return Question(**{name: getattr(self, name) for name in (*_ALWAYS, "deciding", "adjust", "grades")})

    @property
    def key(self) -> str:
        """Write the question as text: equal questions have equal keys, different ones different keys.

        The p value that decides is left out: it changes what is called different, not what is computed and seen.
        Restrictions, covariates and adjudicated grades that are not asked for are left out, so that a new kind of
        restriction leaves stored keys as they are.
        """
        asked = {name: getattr(self, name) for name in _ALWAYS}
        asked |= {name: value for name in (*_RESTRICTIONS, "adjust") if (value := getattr(self, name))}
        if self.grades != Question.grades:
            asked["grades"] = self.grades
        return json.dumps(asked, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _in_order(covariates: Iterable[str]) -> tuple[str, ...]:
    if not covariates:
        return ()
    from analysis.stats.covariates import in_order  # here: most commands need no pandas

    return in_order(covariates)


def two_of(groups: Iterable[Group], named: str = "") -> tuple[Group, Group]:
    """Choose the reference group and the one compared with it: as named in ``"REF,COMPARED"``, else a study's two.

    Args:
        groups: all groups of the study, the reference first.

    Raises:
        TooFewGroupsError: the study has no two groups.
        GroupsNeededError: it has more than two, and none are named.
        GroupsError: the names are not two different groups of the study.
    """
    known = {group.code: group for group in groups}
    if len(known) < 2:
        raise TooFewGroupsError(f"A comparison needs two diagnosis groups; the study has {len(known)}.")
    if not named and len(known) > 2:
        raise GroupsNeededError(f"The study has more than two diagnosis groups ({', '.join(known)}): name two.")
    pairs = {",".join(pair): pair for pair in permutations(known, 2)}  # a code may have a comma of its own
    pair = pairs.get(named) if named else tuple(known)
    if pair is None:
        raise GroupsError(f"“{named}” is not two groups of the study, as in REF,COMPARED; it has {', '.join(known)}.")
    return known[pair[0]], known[pair[1]]
