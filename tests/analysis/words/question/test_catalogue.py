"""Analysis sets and models have their words in one place: as many of them as the statistics have."""

from typing import get_args

from analysis.stats import comparison
from analysis.stats.frame.analysis_sets import ANALYSIS_SETS
from analysis.stats.result_types.codes import AnalysisSet, ModelName
from analysis.words.question.catalogue import MODELS, SETS


def test_every_analysis_set_has_its_words():
    assert tuple(SETS) == ANALYSIS_SETS == get_args(AnalysisSet)


def test_every_model_has_its_words():
    assert tuple(MODELS) == tuple(comparison.MODELS) == get_args(ModelName)


def test_words_fit_into_sentences():
    words = [*SETS.values(), *MODELS.values()]

    assert all(text[0].islower() and not text.endswith(".") for each in words for text in (each.name, each.about))
