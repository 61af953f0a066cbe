"""What goes beyond the plain comparison, beside R: the tests of the pattern, adjustment, and the ordinal model.

R stays and is asked in turns with us, so that whatever else the machine does slows both alike. In a turn each is asked
again and again for a moment, at least once, and the median taken: what is short is not measured in the caches that the
other left behind.
"""

import json
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.stats.covariates import Covariates, in_order
from analysis.stats.frame.analysis_sets import assessed
from analysis.stats.frame.cut import CutData, cut_data
from analysis.stats.mixed_model.pattern import pattern_tests
from bench.comparison.cohort import OURS, DifferentAnswersError
from bench.comparison.cohorts import GROUPS, SEED, cohort, compare_cohort, odds_of_cohort
from bench.comparison.timing import Seconds, seconds, timed
from bench.page_tables import table

SIZES = {25: 8, 2500: 40}  # participants, and how many times faster than each of the others ours has to be
ROUNDS = {25: 5, 2500: 3}
MOMENT = 0.5  # seconds of a turn after which nothing is asked again
SMALL = 25  # participants: pbkrtest handles matrices of grades × grades, clmm takes minutes of more
SMALL_ENGINES = {"pattern": ("lmerTest", "pbkrtest"), "adjusted": ("lmerTest", "pbkrtest"), "ordinal": ("clmm",)}
LARGE_ENGINES = {"pattern": ("lmerTest",), "adjusted": ("lmerTest",)}
TITLES = {
    "pattern": "pattern, and any difference",
    "adjusted": "adjusted for age and sex, beside unadjusted",
    "ordinal": "ordinal, two fits of each muscle",
}
TOLERANCE = 1e-3  # of F, relative, and of estimates, in standard errors: R's optimisers run as they come

_SCRIPT = Path(__file__).parent / "beyond.R"


@dataclass(frozen=True)
class Beside:
    """One question of one cohort: our seconds, and those of each engine that was asked in turns with us."""

    participants: int
    question: str
    ours: Seconds
    others: dict[str, Seconds]

    def least(self) -> float:
        """Give the smallest of the ratios."""
        return min(self.ours.times_faster_than(other) for other in self.others.values())


def beyond_report() -> str:
    """Measure everything, and write the table with its targets.

    Raises:
        DifferentAnswersError: R's answers are not ours.
    """
    found = [one for participants in SIZES for one in measure(participants)]
    rows = [
        [f"{one.participants:,}", TITLES[one.question], _seconds(one.ours), engine, _seconds(other), _times(one, other)]
        for one in found
        for engine, other in one.others.items()
    ]
    targets = [
        [
            f"{one.participants:,} participants, {one.question}: at least {SIZES[one.participants]} times faster",
            f"{one.least():.1f} ×",
            "yes" if one.least() >= SIZES[one.participants] else "**no**",
        ]
        for one in found
    ]
    heads = ["participants", "", "thighsite", "beside", "seconds", "times faster"]
    return f"{table(['target', 'measured', 'holds'], targets)}\n\n{table(heads, rows)}"


def measure(participants: int) -> Iterator[Beside]:
    """Ask each question of a cohort."""
    frame = cohort(participants)
    covariates = _covariates(frame)
    is_small = participants <= SMALL
    ours: Mapping[str, Callable[[], Any]] = {
        "pattern": lambda: pattern_tests(_cut(frame).observed, GROUPS),
        "adjusted": partial(compare_cohort, frame, covariates=covariates, permutations=0),
        "ordinal": partial(odds_of_cohort, frame, has_interval=False),
    }
    with _asked_of_r(frame.merge(covariates.values, on="participant"), is_small) as ask:
        for question, engines in (SMALL_ENGINES if is_small else LARGE_ENGINES).items():
            yield _in_turns(participants, question, ours[question], engines, ask)


def _in_turns(
    participants: int, question: str, ours: Callable[[], Any], engines: tuple[str, ...], ask: Callable[[str], Any]
) -> Beside:
    asks: dict[str, Callable[[], tuple[Seconds, Any]]] = {OURS: lambda: timed(ours, 1)}
    asks |= {engine: partial(_said, ask, f"{question}, {engine}") for engine in engines}
    turns: dict[str, list[Seconds]] = {name: [] for name in asks}
    for turn in range(ROUNDS[participants] + 1):
        found = {name: _asked(once) for name, once in asks.items()}
        for engine in engines:
            _refuse_difference(question, engine, found[OURS][1], found[engine][1])
        for name, (took, _) in found.items() if turn else ():  # at the first call things are loaded and kept
            turns[name].append(took)
    medians = {name: _median(every) for name, every in turns.items()}
    return Beside(participants, question, medians.pop(OURS), medians)


def _asked(once: Callable[[], tuple[Seconds, Any]]) -> tuple[Seconds, Any]:
    """Ask for a moment: the median, and the last answer."""
    took: list[Seconds] = []
    while not took or sum(one.wall for one in took) < MOMENT:
        seconds_of_one, answer = once()
        took.append(seconds_of_one)
    return _median(took), answer


def _said(ask: Callable[[str], Any], question: str) -> tuple[Seconds, Any]:
    said = ask(question)
    return Seconds(said["wall"], said["cpu"], 1), said["answer"]


def _median(every: list[Seconds]) -> Seconds:
    return seconds([one.wall for one in every], [one.cpu for one in every])


def _refuse_difference(question: str, engine: str, ours: Any, theirs: Any) -> None:
    """Hold F of Kenward and Roger's test, and adjusted and unadjusted estimates, against R's."""
    if question == "pattern" and engine == "pbkrtest":
        here, there = np.array([ours.pattern.test.F, ours.any.test.F]), np.array(theirs)
        differences = abs(here / there - 1)
    elif question == "adjusted":
        of = {muscle: np.array(said) for muscle, said in theirs.items()}
        pairs = ((of[one.muscle][0], one.contrast.estimate) for one in ours.muscles)
        differences = np.array([abs(estimate - said[0]) / said[1] for said, estimate in pairs])
    else:
        return  # Satterthwaite's F has another covariance matrix, and clmm warns or fails of most muscles
    if differences.max() > TOLERANCE:
        raise DifferentAnswersError(f"{question}: {engine} differs from us by {differences.max():.2g}.")


def _covariates(frame: pd.DataFrame) -> Covariates:
    codes = frame["participant"].cat.categories
    draw = np.random.default_rng([SEED, len(codes)])
    values = pd.DataFrame(
        {
            "participant": codes,
            "age_years": draw.integers(20, 85, len(codes)).astype(float),
            "sex": draw.choice(["female", "male"], len(codes)),
        }
    )
    return Covariates(in_order(("age_years", "sex")), values)


def _cut(frame: pd.DataFrame) -> CutData:
    return cut_data(frame, reference=GROUPS[0], compared=GROUPS[1])


@contextmanager
def _asked_of_r(frame: pd.DataFrame, is_small: bool) -> Iterator[Callable[[str], Any]]:
    """An R that stays: what asks it a question, and gives its seconds and answer."""
    with tempfile.TemporaryDirectory() as folder:
        grades = Path(folder) / "grades.csv"
        columns = ["participant", "group", "reader", "muscle", "score", "age_years", "sex"]
        assessed(frame)[columns].to_csv(grades, index=False)
        command = ["Rscript", _SCRIPT, grades, *(["1", "1"] if is_small else ["0", "0"])]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            if process.stdin is None or process.stdout is None:
                raise RuntimeError("R has no pipes.")
            asked, said = process.stdin, process.stdout

            def ask(question: str) -> Any:
                print(question, file=asked, flush=True)
                return json.loads(said.readline())

            yield ask
            asked.close()


def _seconds(measured: Seconds) -> str:
    return f"{measured.wall:.2g} ({measured.cpu:.2g})"


def _times(one: Beside, other: Seconds) -> str:
    ratio = one.ours.times_faster_than(other)
    return f"{ratio:.0f} ×" if ratio >= 10 else f"{ratio:.1f} ×"
