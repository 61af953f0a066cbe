"""One question that an investigator may ask of a study's frame. Pure: no Django."""

import json
from dataclasses import dataclass

_ALWAYS = ("reference", "compared", "analysis_set", "model")
_RESTRICTIONS = ("sequence", "readers", "sex", "autoantibody")


@dataclass(frozen=True)
class Question:
    """The codes of two groups, how to compare them, and what the comparison is restricted to.

    Restrictions, each empty for none: reads on one ``sequence``, reads by ``readers`` (usernames, kept in one order),
    participants of one ``sex``, participants with one ``autoantibody``.
    """

    reference: str
    compared: str
    analysis_set: str = "all"
    model: str = "per-muscle"
    sequence: str = ""
    readers: tuple[str, ...] = ()
    sex: str = ""
    autoantibody: str = ""

    def __post_init__(self) -> None:
        # The only way to settle a field of a frozen dataclass: whoever is named first or twice, it is one question.
        object.__setattr__(self, "readers", tuple(sorted(set(self.readers))))

    @classmethod
    def of_key(cls, key: str) -> "Question":
        """The question whose ``key`` it is."""
        asked = json.loads(key)
        return cls(**asked | {"readers": tuple(asked.get("readers", ()))})

    @property
    def is_plain(self) -> bool:
        """Whether it is asked of all reads and participants, as the study planned it."""
        return not any(getattr(self, name) for name in _RESTRICTIONS)

    @property
    def has_subgroup(self) -> bool:
        """Whether it is asked of some participants only, by what is known of them."""
        return bool(self.sex or self.autoantibody)

    def without_restrictions(self) -> "Question":
        return Question(**{name: getattr(self, name) for name in _ALWAYS})

    @property
    def key(self) -> str:
        """The question as text: equal questions have equal keys, different ones different keys.

        Restrictions that are not asked for are left out, so that a new kind of restriction leaves stored keys as they
        are.
        """
        asked = {name: getattr(self, name) for name in _ALWAYS}
        asked |= {name: value for name in _RESTRICTIONS if (value := getattr(self, name))}
        return json.dumps(asked, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
