"""What analysis sets and models are called, wherever they are named: a set or a model gets its words here alone."""

from dataclasses import dataclass

from analysis.stats.result_types.codes import AnalysisSet, GradesName, ModelName


@dataclass(frozen=True)
class SetWords:
    """An analysis set in words, each without a capital or a full stop."""

    code: AnalysisSet
    name: str  # on a tab, and within a question
    about: str  # who and what is in it
    in_caption: str  # about, in as few words as a figure's caption has room for


@dataclass(frozen=True)
class ModelWords:
    """A model in words, each without a capital or a full stop."""

    code: ModelName
    name: str  # on a tab, and within a question
    about: str
    in_caption: str
    fitted: str  # in a methods paragraph, of {kind}: "linear mixed-effects model" or "linear model"


@dataclass(frozen=True)
class GradesWords:
    """Which grades are compared, in words, each without a capital or a full stop."""

    code: GradesName
    name: str  # on a tab, and within a question
    about: str
    in_caption: str  # nothing of what every figure shows unless it says something else
    in_paper: str  # a sentence, with a full stop


SETS = {
    words.code: words
    for words in (
        SetWords(
            "all",
            name="all participants",
            about="every participant once, by edema or, where only fat was graded, by fat",
            in_caption="all reads, edema before fat",
        ),
        SetWords(
            "edema",
            name="edema only",
            about="edema reads only, without participants scored for fat",
            in_caption="edema reads only",
        ),
        SetWords(
            "fat",
            name="fat only",
            about="fat reads only, also of MRIs that were read for edema, too",
            in_caption="fat reads only",
        ),
    )
}
MODELS = {
    words.code: words
    for words in (
        ModelWords(
            "per-muscle",
            name="per muscle",
            about="one model for each muscle",
            in_caption="a model per muscle",
            fitted="{kind}s fitted to each muscle apart",
        ),
        ModelWords(
            "joint",
            name="joint model",
            about="one model for all muscles, a sensitivity analysis: it assumes equal variances in all of them",
            in_caption="joint model",
            fitted="one {kind} of all muscles, which assumes equal variances in all of them, fitted",
        ),
    )
}
GRADES = {
    words.code: words
    for words in (
        GradesWords(
            "reads",
            name="readers’ grades",
            about="what the readers graded, also where something else was decided",
            in_caption="",
            in_paper="",
        ),
        GradesWords(
            "adjudicated",
            name="adjudicated grades",
            about="where a decision stands, of an adjudicator or of the readers together, it takes the place of each "
            "reader’s grade of that muscle",
            in_caption="adjudicated grades where there are any",
            in_paper="Where readers differed and an adjudicator, or the readers together, had decided, blind to the "
            "groups, the adjudicated grade took the place of each reader’s grade.",
        ),
    )
}
