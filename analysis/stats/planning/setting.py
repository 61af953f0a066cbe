"""What a plan assumes of a study: its size, its readers, and where its scores come from.

A score is a latent normal value cut at 0.5, 1.5 and 2.5. For participant i of group g (0 reference, 1 compared), side s
and reader r, with a, b and e normal with mean 0, and ρ drawn anew in every data set,

    z = level + g · difference + ρ_r + a_i + b_is + e_isr
    score = how many of 0.5, 1.5 and 2.5 lie under z

so all of them are in grade points. At the ends of the scale scores differ by less than z does.
"""

from dataclasses import dataclass, fields
from typing import Any

from analysis.stats.question import UnanswerableError

SEED = 20250949
LEVEL = 0.05
MOST_WORK = 20_000  # data sets of one plan
LEAST_SD = 0.001  # grade points, below which squares are lost in rounding


class PlanError(UnanswerableError):
    """A plan cannot be made of these assumptions; the message says which stands in the way."""


@dataclass(frozen=True)
class Setting:
    """Hold what is assumed of one muscle; participants are those of each group, all else but shares is as in z.

    participant, reader, side, residual: standard deviations of a, ρ, b and e, in grade points.
    missing: the share of reads that are missing at random, 0 to 1.
    muscles: that are tested: the strictest step of Holm's correction asks for 0.05 / muscles.
    bound: above which the interval of a coefficient of agreement is to lie.
    """

    participants: tuple[int, ...] = (10, 15, 20, 30, 40)
    readers: int = 3
    sides: int = 1
    missing: float = 0.0
    level: float = 1.0
    difference: float = 0.5
    participant: float = 0.6
    reader: float = 0.2
    side: float = 0.0
    residual: float = 0.4
    muscles: int = 11
    bound: float = 0.75
    data_sets: int = 500
    seed: int = SEED

    def __post_init__(self) -> None:
        for name, (least, most) in RANGES.items():
            value = getattr(self, name)
            for one in value if isinstance(value, tuple) else (value,):
                if not least <= one <= most:  # false of what is no number, too
                    raise PlanError(f"{name} is {one}: it has to be from {least:g} to {most:,}.")
        if not self.participants or list(self.participants) != sorted(set(self.participants)):
            raise PlanError("participants are numbers in ascending order, each once.")
        if self.data_sets * len(self.participants) > MOST_WORK:
            raise PlanError(f"That is more than {MOST_WORK:,} data sets: ask for fewer, or fewer sizes of groups.")
        if max(self.participant, self.residual, self.side) < LEAST_SD:
            raise PlanError(f"participant, side and residual are all below {LEAST_SD:g}: then nothing varies.")

    @property
    def icc(self) -> float:
        """Give ICC(2,1) of the latent values within a group: the share of variance that is not of readers."""
        between = self.participant**2 + self.side**2
        return between / (between + self.reader**2 + self.residual**2)


RANGES: dict[str, tuple[float, float]] = {
    "participants": (3, 200),
    "readers": (1, 10),
    "sides": (1, 2),
    "missing": (0, 0.9),
    "level": (-3, 6),
    "difference": (-6, 6),
    "participant": (0, 5),
    "reader": (0, 5),
    "side": (0, 5),
    "residual": (0, 5),
    "muscles": (1, 100),
    "bound": (0, 0.99),
    "data_sets": (20, 5000),
    "seed": (0, 2**31 - 1),
}
WHOLE = ("readers", "sides", "muscles", "data_sets", "seed")
NAMES = tuple(field.name for field in fields(Setting))


def read_setting(words: dict[str, str]) -> Setting:
    """Read a setting from words as an address or a command has them; what is left out is as in `Setting`.

    Raises:
        PlanError: a word is no such number, or the numbers make no plan.
    """
    return Setting(**{name: _number(name, word) for name, word in words.items() if word.strip()})


def all_words(setting: Setting) -> dict[str, str]:
    """Write every number of a setting, so that ``read_setting`` reads it again."""
    return {name: _word(getattr(setting, name)) for name in NAMES}


def _word(value: Any) -> str:
    return ",".join(map(str, value)) if isinstance(value, tuple) else f"{value:.10g}"


def _number(name: str, word: str) -> Any:
    try:
        if name == "participants":
            return tuple(int(part) for part in word.split(","))
        return int(word) if name in WHOLE else float(word)
    except ValueError:
        asked = "whole numbers" if name == "participants" else "a whole number" if name in WHOLE else "a number"
        raise PlanError(f"{name}: “{word[:40]}” is not what is asked for, {asked}.") from None
