"""The methods paragraph of a paper, from what was asked and how it was computed."""

from collections import Counter
from collections.abc import Iterator

from analysis.stats.agreement.bootstrap import RESAMPLES
from analysis.stats.result_types.codes import Method, PName
from analysis.stats.result_types.comparison import ComparisonResult
from analysis.words.comparison.table import estimated
from analysis.words.notation import LEVEL
from analysis.words.paper.adjusted import adjustment
from analysis.words.paper.findings import Findings
from analysis.words.paper.missing import features_and_sequences, has_both_features
from analysis.words.prose import counted, listed, sentence
from analysis.words.question.catalogue import GRADES, MODELS, SETS
from analysis.words.question.deciding import instead
from grading.anatomy import MUSCLES
from grading.scale import SCALE

LEAST_AFFECTED = 1  # a group’s median score from which the results name a muscle: "mild"
MOST_NAMED = 3  # muscles of a group

_TESTS: dict[Method, str] = {
    "kenward_roger": "a t test with Kenward–Roger standard errors and degrees of freedom",
    "satterthwaite": "a t test with Satterthwaite’s degrees of freedom",
    "wald_z": "a Wald z test",
    "linear_model": "a t test of least squares",
}
_SIGNIFICANT: dict[PName, str] = {
    "raw": "p values are two-sided and not adjusted for the number of muscles; "
    f"values below {LEVEL} were taken as significant.",
    "holm": "p values are two-sided and adjusted by Holm’s method for the muscles that could be estimated; "
    f"adjusted values below {LEVEL} were taken as significant.",
    "max-t": f"p values are two-sided; max-T p values below {LEVEL} were taken as significant.",
}


def methods(findings: Findings) -> str:
    """Write one paragraph. It says nothing of what the numbers cannot know, such as who the readers are."""
    return " ".join(
        [*_grading(findings), *_sets(findings), *_models(findings.main), *_agreement(findings), _software(findings)]
    )


def _grading(findings: Findings) -> Iterator[str]:
    steps = "; ".join(f"{step.score}, {step.name}, {step.extent}" for step in SCALE)
    by = f" by {counted(len(readers), 'reader')}" if (readers := findings.agreement["readers"]) else ""
    sides = ", the left and the right thigh apart" if findings.main["terms"]["sides"] else ""
    what = f", for {found}" if (found := features_and_sequences(findings.graded)) else ""
    yield f"On MRI, {len(MUSCLES)} thigh muscles were graded{by}{what}{sides} (share of the muscle involved: {steps})."
    over = "readers and sides" if sides else "readers"
    yield f"A participant’s score of a muscle is the mean over {over}; medians and quartiles are those of participants."
    yield (
        f"The most affected muscles named are at most {MOST_NAMED} of a group: those with the highest medians, of "
        f"{LEAST_AFFECTED} or more, and of equal medians those with the highest mean."
    )
    yield (
        "A muscle that could not be assessed has no score and counts as missing, never as 0; models took all scores "
        "that there were, which supposes that what is missing does not depend on what would have been seen."
    )


def _sets(findings: Findings) -> Iterator[str]:
    yield "Signed-off first reads of each participant’s first MRI were analysed."
    if has_both_features(findings.graded) or findings.fat_apart:
        yield f"The main comparison took {SETS['all'].about}."
        yield f"The secondary comparison took {SETS['edema'].about}."
    if findings.fat_apart:
        yield f"Fatty infiltration was compared apart, as an outcome of its own, by {SETS['fat'].about}."
    if said := GRADES[findings.main["grades"]].in_paper:
        yield said
    if findings.restriction:
        yield sentence(findings.restriction)


def _models(result: ComparisonResult) -> Iterator[str]:
    compared, reference = result["groups"]["compared"], result["groups"]["reference"]
    is_mixed = bool(result["terms"]["random"])
    fitted = MODELS[result["model"]].fitted.format(kind="linear mixed-effects model" if is_mixed else "linear model")
    by = "restricted maximum likelihood" if is_mixed else "least squares"
    yield f"{compared} was compared with {reference} by {fitted} by {by} ({result['formula']})."
    yield from adjustment(result)
    if used := Counter(muscle["method"] for muscle in estimated(result)):
        tests = [f"{_TESTS[method]} ({counted(count, 'muscle')})" for method, count in used.items()]
        yield f"Differences were tested by {listed(tests)}."
    yield f"Intervals (CI) are of 95 % and not adjusted. {_SIGNIFICANT[result['deciding']['used']]}"
    if other := instead(result):
        yield other
    yield from _pattern(result)
    yield from _all_groups(result)
    if any(muscle["p_permutation"] is not None for muscle in result["muscles"]):
        yield (
            "Permuting the groups among participants gave p values that assume no distribution, adjusted for the "
            "muscles by the largest statistic of each permutation (max-T, Westfall and Young)."
        )
    if any(muscle["index"]["value"] is not None for muscle in result["muscles"]):
        yield (
            f"As an effect size, the probability that a participant with {compared} scores higher than one with "
            f"{reference} (ties counted half) was estimated from participants’ scores, with the interval of Brunner "
            "and Munzel."
        )


def _pattern(result: ComparisonResult) -> Iterator[str]:
    """Say how the pattern was tested, where it was."""
    if result["pattern"] and result["pattern"]["pattern"]["p"] is not None:
        without = ", without covariates" if result["adjusted_for"] else ""
        yield (
            "Whether the difference varies from muscle to muscle (the pattern) was tested once, by the interaction of "
            f"muscle and group in one model of all muscles{without} (Kenward–Roger F test)."
        )


def _all_groups(result: ComparisonResult) -> Iterator[str]:
    """Say how all groups were tested, where the study has three or more."""
    if "all_groups" in result and any(each["p"] is not None for each in result["all_groups"]["muscles"]):
        yield (
            f"All groups ({listed(result['all_groups']['groups'])}) were tested at once by a Kenward–Roger F test for "
            "each muscle, p adjusted by Holm’s method for the muscles; p values of each two groups were adjusted by "
            "Holm’s method over all muscles of all pairs, too."
        )


def _agreement(findings: Findings) -> Iterator[str]:
    if len(findings.agreement["readers"]) < 2:
        return
    yield (
        f"Agreement between readers on single grades{_of_all_groups(findings)} was measured by exact agreement, "
        "Cohen’s kappa with quadratic weights (with more than two readers the mean over pairs), Gwet’s AC2 with "
        "quadratic weights and ICC(2,1), which takes the muscles that every reader graded; intervals come from "
        f"{RESAMPLES:,} bootstrap resamples of participants, those of single muscles’ ICC from F distributions."
    )
    yield "Over all muscles the ICC has its interval from resamples, too: a participant’s muscles are not independent."


def _of_all_groups(findings: Findings) -> str:
    return ", of the participants of all diagnosis groups," if findings.has_other_groups else ""


def _software(findings: Findings) -> str:
    versions = dict(findings.main["versions"])
    own = f"thighsite {versions.pop('thighsite', '')}".strip()
    if findings.main["engine"] == "reml":
        versions.pop("statsmodels", None)
        fitted = f"Models were fitted by {own}, whose estimates are checked against lme4 and pbkrtest in R"
    else:
        fitted = f"Models were fitted by statsmodels {versions.pop('statsmodels', '')} within {own}"
    libraries = listed(f"{name} {version}" for name, version in versions.items())
    return f"{fitted}, with {libraries}; data version {findings.main['data_version']}."
