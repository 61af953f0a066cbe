"""What of a bundle's numbers is random: by which program, from which seed, how often."""

from pathlib import Path

from analysis.bundle.pattern_score import scored
from analysis.bundle.permutations import permuted_muscles
from analysis.stats import pattern_resamples, permutation
from analysis.stats.agreement import bootstrap
from analysis.stats.index import over_readers
from analysis.stats.result_types.comparison import ComparisonResult

_GENERATOR = "numpy.random.default_rng (PCG64)"
_PROGRAMS = {
    "permutations": permutation,
    "agreement_intervals": bootstrap,
    "index_intervals": over_readers,
    "pattern_score_interval": pattern_resamples,
}


def programs() -> dict[str, str]:
    """Give the site's own programs of what is random, as they are, to be read."""
    return {f"program/{path.name}": path.read_text() for path in map(_path, _PROGRAMS)}


def randomness(result: ComparisonResult) -> dict[str, dict[str, object]]:
    """Say seed, generator, program and number of permutations, and of resamples."""
    number = {
        "permutations": permutations_of(result),
        "agreement_intervals": bootstrap.RESAMPLES,
        "index_intervals": over_readers.RESAMPLES,
        "pattern_score_interval": pattern_resamples.RESAMPLES if scored(result) else 0,
    }
    return {
        name: {
            "seed": module.SEED,
            "generator": _GENERATOR,
            "number": number[name],
            "program": f"program/{_path(name).name}",
        }
        for name, module in _PROGRAMS.items()
    }


def permutations_of(result: ComparisonResult) -> int:
    """Count the permutations behind a result: those that the site makes, or none."""
    return permutation.default_permutations(result["n"]["participants"]) if permuted_muscles(result) else 0


def _path(name: str) -> Path:
    return Path(str(_PROGRAMS[name].__file__))
