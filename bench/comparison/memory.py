"""The memory that a comparison takes, in a process that does nothing else. Linux only.

.venv/bin/python -m bench.comparison.memory FRAME.pickle per-muscle|joint
"""

import json
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import pandas as pd

from bench.comparison.cohorts import cohort, compare_cohort

_PROC = Path("/proc/self")


@dataclass(frozen=True)
class Memory:
    """In megabytes (10⁶ bytes). before: resident with everything imported and warm, without the frame.

    with_frame: resident with the frame. peak: the most that was ever resident during the comparison.
    """

    before: float
    with_frame: float
    peak: float

    @property
    def growth(self) -> float:
        """By the comparison, the frame excluded."""
        return self.peak - self.with_frame

    @property
    def growth_with_frame(self) -> float:
        return self.peak - self.before


def is_measurable() -> bool:
    return (_PROC / "clear_refs").exists()


def store(participants: int, path: Path) -> None:
    """Keep the frame in a file: making it takes more memory than reading it, which would hide what is measured."""
    cohort(participants).to_pickle(path)


def measure(path: Path, model: str) -> Memory:
    """The memory of one comparison of a stored frame, in a process that has imported nothing else."""
    command = [sys.executable, "-m", __name__, path, model]
    root = Path(__file__).resolve().parents[2]
    return Memory(**json.loads(subprocess.run(command, cwd=root, stdout=subprocess.PIPE, check=True).stdout))


def measure_here(path: Path, model: str) -> Memory:
    """Measure one comparison of a stored frame in this process, which should have imported nothing else."""
    compare_cohort(cohort(25), model=model, permutations=0)
    before = resident("VmRSS")
    frame = pd.read_pickle(path)
    with_frame = resident("VmRSS")
    forget_peak()
    compare_cohort(frame, model=model, permutations=0)
    return Memory(before, with_frame, resident("VmHWM"))


def forget_peak() -> None:
    """Have VmHWM begin anew. ru_maxrss would do, but it begins with that of the process that started this one."""
    (_PROC / "clear_refs").write_text("5")


def resident(name: str) -> float:
    """Read this process's memory in MB: VmRSS is what is resident, VmHWM the most that was."""
    for line in (_PROC / "status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return int(line.split()[1]) * 1024 / 1e6
    raise KeyError(name)


if __name__ == "__main__":
    print(json.dumps(asdict(measure_here(Path(sys.argv[1]), sys.argv[2]))))
