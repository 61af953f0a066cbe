"""The bundle's README: what is what, and how a stranger checks it."""

from textwrap import fill

from analysis.bundle.contents import Contents
from analysis.bundle.pattern_score import scored
from analysis.bundle.permutations import permuted_muscles
from analysis.words.notation import LEVEL
from analysis.words.prose import counted
from analysis.words.question.catalogue import GRADES, SETS
from analysis.words.question.covariates import is_adjusted_for
from analysis.words.question.deciding import deciding, instead
from grading.csv.formula_cells import neutralise

_TEXT = """\
{title}
{rule}

{compared} compared with {reference}, muscle by muscle, on thigh MRI: {question}
{participants} ({sizes}), {reads}, {grades}. {stage}

Data version (SHA-256 of frame.csv):
{version}


What it asked

  Different   {decides}
  Covariates  {asked_covariates}
  Grades      {asked_grades}


Check it

  sha256sum -c checksums.sha256    nothing was changed since the bundle was made
  sha256sum frame.csv              is the data version above
  Rscript analysis.R               R arrives at the same numbers
  python analysis.py               statsmodels arrives at the same numbers, as far as it can

analysis.R fits every model anew from analysed.csv, by the site's model

  {formula}

(reader and side only where a muscle's rows have more than one) with {df_method} degrees of freedom where the
model is a mixed one, prints the table, and holds it against result.csv to 1e-4 relative: estimates, standard errors,
degrees of freedom, p values, Holm's p values, intervals, statuses, medians, quartiles, means and standard deviations.
Its exit code is 0 if all of them agree, else 1; a variance so close to 0 that R takes it for 0 and the site
does not, or the reverse, is a note where every number agrees. It needs R 4 with lme4, lmerTest and pbkrtest. On Debian
or Ubuntu:

  apt-get install r-base-core r-cran-lme4 r-cran-lmertest r-cran-pbkrtest

analysis.py needs Python 3 with pandas and statsmodels. statsmodels has neither Kenward-Roger nor Satterthwaite degrees
of freedom: it tests by z, its p values are smaller, and they are not compared. Compared are estimates and standard
errors of mixed models (as closely as the script says), everything of least squares, Holm's adjustment, medians,
quartiles, means and standard deviations. Where a variance is estimated as 0 statsmodels has no answer, and the script
says so.

{adjusted}{pattern}{all_groups}{score}{permuted}Both compute agreement anew from {graded} and hold it against
agreement.csv: every coefficient, Bland and Altman's limits, each reader's effect, the variances and the smallest
detectable difference, with the intervals that are not random. Percentile intervals come from random resamples with a
fixed seed, and neither computes them anew.


What is what

  frame.csv         every grade of every signed-off read of each participant's first MRI, re-reads included{within}
  analysed.csv      the rows of it that enter this comparison
{as_read}{covariates}  codebook.csv      every column of these tables: type, unit, allowed values, meaning
  result.json       the comparison, with notes; result.csv has the same numbers for R
{tests}{groups}{ordinal}{described}{drawn}  agreement.json    reader agreement: by muscle, pair of readers and re-reads
  agreement.csv     the same numbers, for the programs
  methods.txt, results.txt, grras.txt
                    the same in words, all analysis sets and agreement, written from the numbers
{figures}  analysis.R, analysis.py
                    the programs above. Parts of them: models.R, pattern.R, pattern_score.R, all_groups.R,
                    permutations.R, agreement.R, coefficients.R; models.py, covariates.py, pattern_score.py,
                    permutations.py, agreement.py, coefficients.py, variances.py
  versions.json     what the numbers were computed with; seed, generator and number of permutations and resamples
  program/          the site's own programs of these, to be read
  LICENSE.txt       under which licence the programs are, and the data{licence}
  CITATION.cff      how the data are cited; the authors complete their names
{seal}  checksums.sha256  of every other file

Text is UTF-8, lines end with a line feed, decimals have a point, and an empty field is a number that does not exist.
Groups, readers and participants have the codes of the study. The codes are pseudonyms, and the data behind them remain
personal data: pass the bundle on as you would the study's own tables.
{formulas}"""

_ADJUSTED = """\
The models are {adjusted}. Participants without a value are left out of them; their
rows stay in analysed.csv, and in medians, quartiles, means and standard deviations. Both scripts fit every model with
and without the covariates, of the participants who have all of them.

"""
_PATTERN = """\
analysis.R also tests all muscles at once, by Kenward and Roger's F of the joint model (pbkrtest), and holds that
against pattern.csv; of more than 20,000 grades it does not, for want of memory. analysis.py compares the p values with
F alone.

"""
_ALL_GROUPS = """\
The study has more than two groups. analysis.R also tests over all of them, from groups.csv, and adjusts p over all
pairs, and holds both against all_groups.csv; not of more than 20,000 grades, and of an adjusted comparison only what
is not adjusted.

"""
_GROUPS = """\
  groups.csv        as analysed.csv, of all groups of the study
  all_groups.csv    the tests over all groups, and p adjusted over all pairs, as in result.json
"""
_SCORE = """\
Both score every participant anew by muscles that the others choose, and hold scores, area under the curve and interval
against pattern_score.csv; the interval is that of the resamples in resamples.csv.

"""
_PERMUTED = """\
Both count the permutation p values anew, to the last permutation, from the permutations in permutations.csv.

"""
_SCORES = """\
  pattern_score.csv how well the pattern tells the groups apart: area, muscles, each participant's score
  resamples.csv     the random resamples behind its interval: how often each of them draws a participant
"""
_PERMUTATIONS = """\
  permutations.csv  the random permutations: of each participant, to which group each of them assigns it
"""
_ORDINAL = """\
  ordinal.json      the same question by the ordinal model, a sensitivity analysis: a log odds ratio for each muscle,
                    {covariates}. Neither script computes it anew
"""
_TABLE_ONE = """\
  table1.csv        who the participants of this comparison are, by group: Table 1; described, not tested
"""
_FLOW = """\
  flow.csv          how many participants and reads came to each step from registration to this comparison, by group,
                    and why the others did not
"""
_SEAL = """\
  seal.txt          the newest seal of the study's trail when the bundle was made; whoever runs the site finds with
                    manage.py verify --study ... --seal ... whether the trail is still the one that it covers
"""
_FORMULAS = """
Careful with spreadsheets: {codes} in frame.csv and other tables, such as {example}, would be run as a formula.
The exports of the site protect such codes with an apostrophe; here they stand as they are, because the checksum of
frame.csv is the data version. Import the columns as text.
"""
_AS_READ = """\
  reads.csv         the rows of frame.csv with what the readers graded. In frame.csv what was adjudicated stands in the
                    place of each first read's grade of a muscle that was decided; agreement is of reads.csv
"""
_INDENT = " " * 14
_CODES = ("participant", "group", "mri", "reader")


def readme(contents: Contents) -> str:
    """Write the README as plain text, for a reader who has never seen the site."""
    result, n = contents.result, contents.result["n"]
    restriction = f" {contents.findings.restriction}" if contents.findings.restriction else ""
    return _TEXT.format(
        title=contents.title,
        rule="=" * len(contents.title),
        **result["groups"],
        question=f"{SETS[result['set']].about}.{restriction}{_grades(contents)}",
        participants=counted(n["participants"], "participant"),
        sizes=", ".join(f"{count} {group}" for group, count in n["by_group"].items()),
        reads=counted(n["reads"], "read"),
        grades=counted(n["grades"], "grade"),
        stage="The study is locked: these data are final." if contents.findings.is_final else "Interim data.",
        version=result["data_version"],
        formula=result["formula"],
        df_method=result["df_method"],
        within="\n                    (within the restriction above)" if restriction else "",
        figures="  figures/          the figures as SVG\n" if contents.figures else "",
        seal=_SEAL if contents.seal else "",
        adjusted=_ADJUSTED.format(adjusted=is_adjusted_for(result)) if contents.covariates else "",
        pattern=_PATTERN if result["pattern"] else "",
        covariates="  covariates.csv    what the models are adjusted for, by participant\n"
        if contents.covariates
        else "",
        tests="  pattern.csv       the tests of all muscles at once, as in result.json\n" if result["pattern"] else "",
        all_groups=_ALL_GROUPS if "all_groups" in result else "",
        groups=_GROUPS if "all_groups" in result else "",
        score=_SCORE if scored(result) else "",
        permuted=_PERMUTED if permuted_muscles(result) else "",
        drawn=_drawn(contents),
        graded="reads.csv" if contents.as_read is not None else "frame.csv",
        ordinal=_ordinal(contents),
        described=_described(contents),
        formulas=_formulas(contents),
        as_read=_AS_READ if contents.as_read is not None else "",
        licence=f": {contents.licence}" if contents.licence else ", of which none was chosen",
        **_asked(contents),
    )


def _asked(contents: Contents) -> dict[str, str]:
    """Say which p decides, which covariates there are, and which grades enter."""
    result, findings = contents.result, contents.findings
    p = deciding(result)
    return {
        "decides": _indented(f"where p < {LEVEL:g}, {p.how}: p_deciding in result.csv. {instead(result)}"),
        "asked_covariates": _indented(f"{is_adjusted_for(result) or 'none: not adjusted'}."),
        "asked_grades": _indented(
            f"{SETS[result['set']].about}; first, signed-off reads of first MRIs, and of their grades those with a "
            f"score: analysed.csv. {findings.restriction}{_grades(contents)}"
        ),
    }


def _indented(text: str) -> str:
    return fill(" ".join(text.split()), width=118, initial_indent=_INDENT, subsequent_indent=_INDENT).lstrip()


def _ordinal(contents: Contents) -> str:
    if contents.ordinal is None:
        return ""
    return _ORDINAL.format(
        covariates="of all participants, without covariates" if contents.covariates else "with notes"
    )


def _described(contents: Contents) -> str:
    described = contents.described
    if described is None:
        return ""
    return _TABLE_ONE + (_FLOW if described["flow"] else "")


def _drawn(contents: Contents) -> str:
    """Explain the tables of what was drawn at random."""
    result = contents.result
    return (_SCORES if scored(result) else "") + (_PERMUTATIONS if permuted_muscles(result) else "")


def _grades(contents: Contents) -> str:
    said = GRADES[contents.result["grades"]].in_paper
    return f" {said}" if said else ""


def _formulas(contents: Contents) -> str:
    """Warn where a spreadsheet would run a code of the study, or a level of its covariates, as a formula."""
    codes = {str(code) for column in _CODES for code in contents.frame[column].unique()}
    if contents.covariates:
        codes |= {level for each in contents.covariates.kinds for level in each.levels}
    running = [code for code in sorted(codes) if neutralise(code) != code]
    return _FORMULAS.format(codes=counted(len(running), "code"), example=running[0]) if running else ""
