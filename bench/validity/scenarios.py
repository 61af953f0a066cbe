"""Worlds to simulate: data sets of known truth, with the shape of a study of 25 participants.

A grade is a latent normal score cut at three thresholds. For participant i of group g, muscle m and reader r:

    z = level_m + shift_gm + reader_r + scale_gm (a_i + b_im + e_imr)      a, b, e normal with mean 0
    score = how many of 0.5, 1.5 and 2.5 lie under z

so that z is in grade points. The readers are the same three in every data set, as the models take them. The mean
score of a group has a closed form, the mean over readers of Σ_t P(z > t), from which follow

- the true difference of mean scores, which is what the models estimate;
- for a null data set with unequal variances, the shift that makes the mean scores of the groups equal (equal latent
  means would not: the ends of the scale pull the mean of the more variable group towards its middle).
"""

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtr

from analysis.stats.frame.observations import Observations, participant_rows
from grading.anatomy import MUSCLE_CODES

MUSCLES = len(MUSCLE_CODES)
GROUP_SIZES = (14, 11)  # reference, compared
GROUP = np.repeat([0, 1], GROUP_SIZES)
READERS = np.array([-0.2, 0.0, 0.2])  # strict to lenient
THRESHOLDS = np.array([0.5, 1.5, 2.5])
EFFECTS = np.resize([0.0, 0.4, 0.8], MUSCLES)  # on the latent score

_LEVELS = np.linspace(-0.4, 0.4, MUSCLES)
_UNEQUAL = tuple(np.linspace(0.3, 1.7, MUSCLES)[[5, 0, 8, 3, 10, 1, 6, 9, 2, 7, 4]].tolist())  # unlike the levels


@dataclass(frozen=True)
class Scenario:
    """How the data of a world come about; standard deviations on the latent score.

    participant, cell, residual: of a, b (participant × muscle) and e.
    muscles, groups: factors of the standard deviations, for each muscle and each group.
    missing_grades: the share of grades that are missing at random.
    missing_reader: the last reader did not read a random half of the participants.
    effects: of the compared group; all 0 under the null hypothesis.
    """

    name: str
    participant: float = 0.7
    cell: float = 0.7
    residual: float = 0.4
    level: float = 1.5
    muscles: tuple[float, ...] = (1.0,) * MUSCLES
    groups: tuple[float, float] = (1.0, 1.0)
    missing_grades: float = 0.0
    missing_reader: bool = False
    effects: tuple[float, ...] = (0.0,) * MUSCLES

    @property
    def levels(self) -> np.ndarray:
        """(11,) latent means of the reference group, for the middle reader."""
        return self.level + _LEVELS

    @property
    def scales(self) -> np.ndarray:
        """(2, 11) factors of the standard deviations."""
        return np.outer(self.groups, self.muscles)

    @property
    def is_null(self) -> bool:
        return not any(self.effects)


NULL = (
    Scenario("strong correlation"),
    Scenario("10 % of grades missing", missing_grades=0.1),
    Scenario("one reader missing for half", missing_reader=True),
    Scenario("weak correlation", participant=0.15, cell=0.15, residual=0.9),
    Scenario("low grades", level=-0.6),
    Scenario("muscles of different variance", muscles=_UNEQUAL),
    Scenario("larger group twice as variable", groups=(1.2, 0.6)),
    Scenario("smaller group twice as variable", groups=(0.6, 1.2)),
)
WITH_EFFECTS = tuple(replace(scenario, effects=tuple(EFFECTS.tolist())) for scenario in NULL)


def draw(scenario: Scenario, random: np.random.Generator) -> Observations:
    """One data set."""
    shape = (len(GROUP), MUSCLES, len(READERS))
    means, scales = group_means(scenario)[GROUP], scenario.scales[GROUP]
    latent = means[:, :, None] + READERS + scales[:, :, None] * deviations(scenario, shape, random)
    return _observed(scores(latent), _is_read(scenario, shape, random))


def deviations(scenario: Scenario, shape: tuple[int, int, int], random: np.random.Generator) -> np.ndarray:
    """a_i + b_im + e_imr of participants × muscles × readers."""
    return (
        scenario.participant * random.standard_normal((shape[0], 1, 1))
        + scenario.cell * random.standard_normal((*shape[:2], 1))
        + scenario.residual * random.standard_normal(shape)
    )


def scores(latent: np.ndarray) -> np.ndarray:
    """The grades 0–3 of latent scores."""
    return (latent[..., None] > THRESHOLDS).sum(axis=-1)


@cache
def group_means(scenario: Scenario) -> np.ndarray:
    """(2, 11) latent means of reference and compared group, for the middle reader."""
    shifts = [_levelling_shift(scenario, muscle) for muscle in range(MUSCLES)]
    return np.array([scenario.levels, scenario.levels + shifts + scenario.effects])


@cache
def true_differences(scenario: Scenario) -> np.ndarray:
    """(11,) differences of mean scores, compared minus reference, in grade points."""
    reference, compared = _mean_score(group_means(scenario), _latent_sd(scenario))
    return compared - reference


def _levelling_shift(scenario: Scenario, muscle: int) -> float:
    """The shift of the compared group's latent mean at which the groups' mean scores are equal."""
    if scenario.groups[0] == scenario.groups[1]:
        return 0.0
    level, (sd, other) = scenario.levels[muscle], _latent_sd(scenario)[:, muscle]
    target = _mean_score(level, sd)
    return brentq(lambda shift: _mean_score(level + shift, other) - target, -5, 5, xtol=1e-14)


def _latent_sd(scenario: Scenario) -> np.ndarray:
    """(2, 11) standard deviations of the latent score of one reader."""
    return scenario.scales * np.sqrt(scenario.participant**2 + scenario.cell**2 + scenario.residual**2)


def _mean_score(mean: np.ndarray, sd: np.ndarray) -> np.ndarray:
    """Mean over the readers of Σ_t P(z > t)."""
    z = (np.asarray(mean)[..., None, None] + READERS[:, None] - THRESHOLDS) / np.asarray(sd)[..., None, None]
    return ndtr(z).sum(axis=-1).mean(axis=-1)


def _is_read(scenario: Scenario, shape: tuple[int, ...], random: np.random.Generator) -> np.ndarray:
    """Which grades there are."""
    is_read = random.random(shape) >= scenario.missing_grades
    if scenario.missing_reader:
        is_read[random.permutation(shape[0])[: shape[0] // 2], :, -1] = False
    return is_read


def _observed(score: np.ndarray, is_read: np.ndarray) -> Observations:
    """The grades as the models take them; it saves making a frame and encoding it again."""
    participant, muscle, reader = np.nonzero(is_read)
    return Observations(
        row=participant_rows(participant, GROUP[participant]),
        read=participant * len(READERS) + reader,
        reader=reader,
        muscle=muscle,
        side=np.zeros_like(reader),
        is_fat=np.zeros(len(reader), dtype=bool),
        score=score[is_read].astype(float),
        participants=len(GROUP),
        readers=("reader1", "reader2", "reader3"),
    )
