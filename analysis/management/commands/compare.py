"""manage.py compare: the mixed-effects comparison of two groups, on standard output."""

import argparse
from typing import Any

import pandas as pd
from django.core.management.base import CommandParser

from analysis.management.answering import AnsweringCommand
from analysis.stats.all_groups import all_groups
from analysis.stats.all_groups_json import as_json as all_groups_json
from analysis.stats.all_groups_json import of_pair
from analysis.stats.comparison import ENGINES, MODELS, Comparison, compare
from analysis.stats.comparison_json import as_json
from analysis.stats.covariates import COVARIATES, Covariates, known_in_order
from analysis.stats.deciding import decided
from analysis.stats.frame.adjudicated import adjudicated
from analysis.stats.frame.analysis_sets import ANALYSIS_SETS
from analysis.stats.frame.canonical import data_version
from analysis.stats.frame.cut import CutData, cut_data
from analysis.stats.index.over_readers import LARGEST_RESAMPLED
from analysis.stats.mixed_model.estimates import DF_METHODS
from analysis.stats.ordinal.comparison import OrdinalComparison, compare_ordinal
from analysis.stats.ordinal.ordinal_json import as_json as ordinal_json
from analysis.stats.pattern_score import Lists, refuse_lists
from analysis.stats.pattern_score_json import pattern_score_result
from analysis.stats.result_types.all_groups import AllGroupsResult
from analysis.stats.result_types.codes import GradesName
from analysis.stats.result_types.comparison import ComparisonResult
from analysis.study_data.adjudicated import decisions_table, standing_decisions
from analysis.study_data.covariates import study_covariates
from analysis.study_data.frame import covariates_of, study_frame
from analysis.study_data.options import GRADES
from analysis.study_data.reading import long_reading
from analysis.study_data.reduced import is_large, reduced_cut
from analysis.study_data.version import stored_version
from analysis.words.comparison.ordinal import as_text as ordinal_text
from analysis.words.comparison.terminal import as_text
from analysis.words.question.deciding import P_VALUES
from grading.models import Study

ORDINAL = "ordinal"  # answers with odds ratios, not with differences
_PLAIN: dict[str, tuple[Any, ...]] = {  # the values of options with which grades need not leave the database
    "grades": ("reads",), "model": ("per-muscle",), "engine": ("reml",), "verify": (False,), "permutations": (None, 0),
    "adjust": ((),), "pattern": (False,), "pattern_score": (False,), "all_groups": (False,),
}  # fmt: skip


class Command(AnsweringCommand):
    help = "Compare two diagnosis groups, muscle by muscle, from the signed-off reads of a study."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--set", choices=ANALYSIS_SETS, default="all", help="edema, fat: reads for that feature only"
        )
        parser.add_argument(
            "--grades", choices=GRADES, default="reads", help="adjudicated: decisions in place of readers' grades"
        )
        parser.add_argument("--model", choices=[*MODELS, ORDINAL], default="per-muscle")
        parser.add_argument("--df", choices=list(DF_METHODS), help="degrees of freedom (default: kenward-roger)")
        parser.add_argument("--engine", choices=ENGINES, default="reml", help="statsmodels: a second opinion, z tests")
        parser.add_argument("--verify", action="store_true", help="report how much the two engines differ")
        parser.add_argument("--permutations", type=_count, metavar="N", help="default: 10,000 up to 250 participants")
        parser.add_argument(
            "--adjust",
            type=_names,
            default=(),
            metavar="COVARIATE,…",
            help=f"of {', '.join(COVARIATES)}, and the study’s own",
        )
        parser.add_argument(
            "--pattern", action="store_true", help="test whether the groups' patterns of muscles differ"
        )
        parser.add_argument(
            "--pattern-score", action="store_true", help="how well the pattern tells the groups apart, cross-validated"
        )
        parser.add_argument(
            "--pattern-muscles",
            type=_lists,
            metavar="CODE,…/CODE,…",
            help="the score's muscles, the compared group's first; else chosen among the other participants",
        )
        parser.add_argument("--all-groups", action="store_true", help="test over all of three groups or more, too")
        parser.add_argument("--p", choices=list(P_VALUES), default="holm", help="which p value marks what differs")
        self.add_groups(parser)

    def perform(self, **options: Any) -> None:
        study = self.find_study(options["study"])
        if options["model"] == ORDINAL:
            self._refuse_beside_ordinal(options)
            odds = ordinal_json(self._compare_ordinal(study, options), study=study.slug)
            self.answer(odds, ordinal_text, options)
            return
        if options["pattern_muscles"] and not options["pattern_score"]:
            self.misused("--pattern-muscles: only with --pattern-score.")
        result = decided(self._result(study, options), options["p"])
        self.answer(result, as_text, options)

        if options["df"] and result["df_method"] is None:
            self.stderr.write(f"--df {options['df']} did not apply: the engine {options['engine']} makes z tests.")
        if options["permutations"] and options["adjust"]:
            self.stderr.write("--permutations did not apply: participants differ in what --adjust adjusts for.")

    def _refuse_beside_ordinal(self, options: dict[str, Any]) -> None:
        """Odds ratios have no degrees of freedom, no second engine, no adjustment, and nothing that is marked."""
        usual = {"adjust": (), "df": None, "verify": False, "engine": "reml", "p": "holm"}
        usual |= dict.fromkeys(("pattern_score", "all_groups"), False)
        for option, value in usual.items():
            if options[option] != value:
                self.misused(f"--{option.replace('_', '-')}: not with --model {ORDINAL}.")

    def _compare_ordinal(self, study: Study, options: dict[str, Any]) -> OrdinalComparison:
        cut, version = self._cut(study, options)
        return compare_ordinal(
            cut, permutations=options["permutations"], pattern=options["pattern"], data_version=version
        )

    def _result(self, study: Study, options: dict[str, Any]) -> ComparisonResult:
        if result := self._of_reduced(study, options):
            return result
        cut, version = self._cut(study, options)
        result = as_json(self._compare(cut, version, study, options), study=study.slug)
        if options["pattern_score"]:
            result["pattern_score"] = pattern_score_result(cut, options["pattern_muscles"])
        if options["all_groups"]:
            result["all_groups"] = self._all_groups(study, cut, options)
        return result

    def _all_groups(self, study: Study, cut: CutData, options: dict[str, Any]) -> AllGroupsResult:
        groups, adjust = tuple(group.code for group in study.groups.all()), options["adjust"]
        if len(groups) < 3:
            self.misused(f"--all-groups: the study has {len(groups)} groups, and the comparison says all of them.")
        found = all_groups(
            _frame(study, options["grades"]),
            groups,
            analysis_set=options["set"],
            model=options["model"],
            covariates=self._covariates(study, adjust) if adjust else None,
        )
        return of_pair(all_groups_json(found), cut.reference, cut.compared)

    def _of_reduced(self, study: Study, options: dict[str, Any]) -> ComparisonResult | None:
        """Answer from what PostgreSQL reduced very many grades to; None where all are needed."""
        if not is_large(study) or any(options[name] not in plain for name, plain in _PLAIN.items()):
            return None
        groups = self.find_groups(study, options["groups"])
        with long_reading() as reading:
            cut = reduced_cut(reading, study, groups, options["set"])
            if cut is None or cut.counted.participants <= LARGEST_RESAMPLED:
                return None
            version = stored_version(reading.cursor, study)
        found = compare(cut, df_method=options["df"] or "kenward-roger", permutations=0, data_version=version)
        return as_json(found, study=study.slug)

    def _compare(self, cut: CutData, version: str, study: Study, options: dict[str, Any]) -> Comparison:
        adjust = options["adjust"]
        if adjust and options["model"] != "per-muscle":
            self.misused(f"--adjust: only --model per-muscle can be adjusted, not --model {options['model']}.")
        return compare(
            cut,
            model=options["model"],
            df_method=options["df"] or "kenward-roger",
            engine=options["engine"],
            verify=options["verify"],
            permutations=None if adjust else options["permutations"],
            covariates=self._covariates(study, adjust) if adjust else None,
            pattern=options["pattern"],
            data_version=version,
        )

    def _covariates(self, study: Study, names: tuple[str, ...]) -> Covariates:
        try:
            return covariates_of(study, known_in_order(names, study_covariates(study)))
        except KeyError as error:
            self.misused(f"--adjust: {error.args[0]}.")

    def _cut(self, study: Study, options: dict[str, Any]) -> tuple[CutData, str]:
        """Cut what is asked for from the study's frame; beside it the frame's version."""
        reference, compared = self.find_groups(study, options["groups"])
        frame, grades = _frame(study, options["grades"]), options["grades"]
        groups = {"reference": reference.code, "compared": compared.code}
        return cut_data(frame, **groups, analysis_set=options["set"], grades=grades), data_version(frame)


def _frame(study: Study, grades: GradesName) -> pd.DataFrame:
    """Read the study's frame, with what adjudicators decided where that is asked for."""
    frame = study_frame(study)
    return adjudicated(frame, decisions_table(standing_decisions(study))) if grades == "adjudicated" else frame


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(","))


def _lists(text: str) -> Lists:
    higher, _, lower = (part.strip() for part in text.upper().partition("/"))
    lists = tuple(tuple(code.strip() for code in part.split(",") if code.strip()) for part in (higher, lower))
    try:
        refuse_lists((lists[0], lists[1]))
    except (KeyError, ValueError) as error:
        raise argparse.ArgumentTypeError(error.args[0]) from error
    return lists[0], lists[1]


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"'{text}' is not a number of permutations, 0 or more")
    return int(text)
