"""Types of what leaves the statistics: the objects that ``--format json`` prints, and what pages draw beside them.

They are plain dictionaries, written as JSON and read back; the types cost nothing when the program runs, and let mypy
find a misspelt key. Numbers are in grade points unless something else is said. None is a number that does not exist:
the note says why.
"""

from typing import Literal, NotRequired, TypedDict

AnalysisSet = Literal["all", "edema", "fat"]
ModelName = Literal["per-muscle", "joint"]
GradesName = Literal["reads", "adjudicated"]
AgainstName = Literal["decided", "settled", "reference"]
Engine = Literal["reml", "statsmodels"]
PName = Literal["raw", "holm", "max-t"]
DfMethod = Literal["kenward-roger", "satterthwaite"]
Method = Literal["kenward_roger", "satterthwaite", "wald_z", "linear_model"]
Status = Literal["ok", "boundary", "not_estimable"]
MuscleStatus = Literal["ok", "boundary", "separated", "not_estimable"]
IntervalEndStatus = Literal["found", "open", "not_found"]
IndexStatus = Literal["ok", "separated", "not_estimable"]
RandomEffect = Literal["participant", "participant:muscle"]
CoefficientCode = Literal[
    "exact", "within_one", "kappa_linear", "kappa_quadratic", "alpha_ordinal", "ac2", "icc_2_1", "icc_3_1"
]

# ``compare --format json``


class GroupPair(TypedDict):
    """The codes of the two groups; a difference is compared minus reference."""

    reference: str
    compared: str


class Counts(TypedDict):
    """What a comparison rests on: whoever has at least one assessed grade in the analysis set."""

    participants: int
    by_group: dict[str, int]  # participants, by the group's code
    reads: int
    grades: int
    fat_scored: int  # participants


class DecidingP(TypedDict):
    """Which p value says what is called different."""

    asked: PName
    used: PName  # Holm's where max-T was asked for and is not computed


class Terms(TypedDict):
    """Which terms the model has beside the groups; a muscle's own model may lack some of them, and its note says so."""

    readers: bool
    sides: bool
    random: list[RandomEffect]  # what has a random intercept; empty for a linear model


class GroupDescription(TypedDict):
    """One group's participants in one muscle, each with the mean score over readers and sides."""

    n: int  # participants with an assessed grade
    median: float | None
    q1: float | None  # quartiles of type 7
    q3: float | None
    mean: float | None
    sd: float | None  # n - 1


class PatternTestResult(TypedDict):
    """One F test of several muscles at once; the numbers are None where ``note`` says why there are none."""

    F: float | None  # scaled by ``scaling``
    df1: int | None
    df2: float | None
    scaling: float | None  # Kenward and Roger's factor of F
    p: float | None
    status: Status
    note: str


class PatternResult(TypedDict):
    """Whether the groups differ, by the joint model of all muscles."""

    pattern: PatternTestResult  # from muscle to muscle
    any: PatternTestResult  # anywhere


class OmnibusTestResult(PatternTestResult):
    """The F test of one muscle over all groups."""

    muscle: str
    p_holm: float | None  # adjusted for the muscles


class PairResult(TypedDict):
    """The p values of two groups, a muscle each, adjusted over all pairs of groups."""

    groups: list[str]  # in the alphabet's order
    p_over_pairs: list[float | None]  # over the pairs of a muscle
    p_over_all: list[float | None]  # over all muscles of all pairs


class AllGroupsAnswer(TypedDict):
    """What is stored of all groups of a study, whichever two are compared."""

    groups: list[str]
    left_out: list[str]
    pattern: PatternResult
    muscles: list[OmnibusTestResult]
    pairs: list[PairResult]


class AllGroupsMuscle(OmnibusTestResult):
    """The F test of one muscle over all groups; and p of the two groups that are compared, adjusted over all pairs."""

    p_over_pairs: float | None
    p_over_all: float | None


class AllGroupsResult(TypedDict):
    """A study of three groups or more: whether they differ, and what of two of them holds beside all pairs."""

    groups: list[str]  # that are tested: with two participants or more
    left_out: list[str]
    pairs: int  # of the study's groups
    pattern: PatternResult  # of all muscles at once, over all groups
    muscles: list[AllGroupsMuscle]  # eleven, in the paper's order


class ScoredParticipant(TypedDict):
    """One participant's score of the pattern, by muscles that the others chose."""

    participant: str
    group: str
    score: float | None  # grade points; None without a grade of any muscle of one side


class PatternScoreResult(TypedDict):
    """How well the score of the pattern tells the groups apart, cross-validated; no validated classifier."""

    value: float | None  # area under the curve
    ci_low: float | None  # 95 %, by resampling participants
    ci_high: float | None
    status: Literal["ok", "not_estimable"]
    note: str
    resamples: int
    is_fixed: bool  # the muscles were named, and not chosen inside each fold
    higher: list[str]  # muscles of the compared group's side, by all participants or as named
    lower: list[str]  # of the reference's
    steady: list[str] | None  # on the same side in every fold; None where they were named
    participants: list[ScoredParticipant]


class UnadjustedMuscle(TypedDict):
    """One muscle's difference of the groups without covariates, among the participants who have all of them."""

    estimate: float | None
    se: float | None
    df: float | None
    p: float | None
    ci_low: float | None
    ci_high: float | None
    status: MuscleStatus
    note: str


class Index(TypedDict):
    """The probability that a participant of the compared group scores higher, ties halved (Brunner and Munzel)."""

    value: float | None  # between 0 and 1
    se: float | None
    statistic: float | None  # (value - 1/2) / se
    df: float | None
    p: float | None  # two-sided, of value = 1/2; not adjusted
    ci_low: float | None  # 95 %, not cut at 0 and 1
    ci_high: float | None
    status: IndexStatus  # separated: the groups do not overlap, or do not vary; then p is exact
    note: str


class ReaderIndex(Index):
    """The index of one reader's own scores."""

    reader: str


class IndexOverReaders(TypedDict):
    """The mean of the readers' own indices."""

    value: float | None
    ci_low: float | None  # 95 %, by resampling participants
    ci_high: float | None
    note: str
    readers: list[ReaderIndex]  # who graded the muscle in both groups, in alphabetical order


class MuscleIndex(Index):
    """One muscle's index of participants' mean scores, and that of each reader."""

    over_readers: IndexOverReaders


class BySide(TypedDict):
    """One muscle's difference of the groups on either side, and whether it is the same."""

    left: float  # compared minus reference, of participants' mean scores of the side
    right: float
    interaction: float  # left minus right, by the readers who graded both sides
    p: float | None  # of interaction = 0; None where nothing varies about it
    p_holm: float | None  # adjusted for the muscles that have a p


class _Muscle(TypedDict):
    muscle: str  # code, in the paper's order
    p_permutation: float | None  # None where nothing was permuted
    p_permutation_max_t: float | None  # adjusted for the estimable and separated muscles (Westfall and Young)
    note: str  # what to know about the estimate, or the reason why there is none
    groups: dict[str, GroupDescription]  # by the group's code
    participants: NotRequired[int]  # in the muscle's model; these two only in an adjusted comparison
    unadjusted: NotRequired[UnadjustedMuscle]
    index: MuscleIndex
    by_side: NotRequired[BySide]  # where the sides are graded apart


class EstimatedMuscle(_Muscle):
    """One muscle's difference of the groups."""

    estimate: float  # compared minus reference
    se: float
    df: float | None  # None for a z test
    statistic: float  # estimate / se
    p: float  # two-sided, not adjusted
    p_holm: float  # adjusted for the estimable muscles
    p_deciding: float  # the one of the p values that says whether the muscle is called different
    ci_low: float  # 95 %, not adjusted
    ci_high: float
    method: Method
    status: Literal["ok", "boundary"]  # boundary: a variance is estimated as 0


class MuscleWithoutModel(_Muscle):
    """What no muscle has of which no model says anything."""

    se: None
    df: None
    statistic: None
    p: None
    p_holm: None
    ci_low: None
    ci_high: None
    method: None


class NotEstimableMuscle(MuscleWithoutModel):
    """One muscle that the data say nothing of; ``note`` has the reason."""

    estimate: None
    p_deciding: None
    status: Literal["not_estimable"]


class SeparatedMuscle(MuscleWithoutModel):
    """One muscle that separates the groups: of each all participants score alike. A difference, and no model."""

    estimate: float  # difference of the groups' scores: compared minus reference
    p_deciding: float | None  # max-T where that decides
    status: Literal["separated"]


MuscleResult = EstimatedMuscle | SeparatedMuscle | NotEstimableMuscle


class Verification(TypedDict):
    """Largest differences between the two engines (``--verify``)."""

    engine: str
    max_abs_diff_estimate: float | None
    max_rel_diff_se: float | None
    muscles: list[str]  # those that were verified
    skipped: dict[str, str]  # by muscle, why it was not


class ComparisonResult(TypedDict):
    """One question, asked of one version of the data, and the result for each muscle."""

    study: str  # its short name
    set: AnalysisSet
    model: ModelName
    engine: Engine
    df_method: DfMethod | None  # None for z tests
    formula: str  # in R's notation
    terms: Terms
    groups: GroupPair
    n: Counts
    data_version: str  # SHA-256 of the frame within the restrictions
    versions: dict[str, str]  # of thighsite, statsmodels, numpy, scipy and pandas
    verify: Verification | None  # None without ``--verify``
    adjusted_for: list[str]  # covariates, by their columns in the participants' CSV
    covariate_labels: NotRequired[dict[str, str]]  # of those among them that the study defines
    pattern: PatternResult | None  # None where it was not asked for, as pages do
    pattern_score: NotRequired[PatternScoreResult]  # where it was asked for
    all_groups: NotRequired[AllGroupsResult]  # where the study has three or more
    grades: GradesName  # what was compared
    deciding: DecidingP
    muscles: list[MuscleResult]  # eleven, in the paper's order


# ``compare --model ordinal --format json``


class CutResult(TypedDict):
    """The log odds ratio of scoring so much or more, from a model of that cut alone."""

    at_least: float
    estimate: float | None
    se: float | None
    status: MuscleStatus
    note: str


class OrdinalMuscleResult(_Muscle):
    """One muscle's log odds ratio of the groups; numbers are None where ``note`` says why."""

    estimate: float | None  # log odds ratio of scoring higher, compared against reference
    se: float | None  # from the observed information
    df: None
    statistic: float | None  # likelihood ratio against the model without groups
    p: float | None  # from chi-squared on one degree of freedom, not adjusted
    p_holm: float | None  # adjusted for the muscles with a p
    ci_low: float | None  # 95 %, by the profile likelihood, not adjusted
    ci_high: float | None
    ci_low_end: IntervalEndStatus | None  # open: minus infinity; None without an interval
    ci_high_end: IntervalEndStatus | None  # open: plus infinity
    sd_participant: float | None  # on the scale of the log odds; None without repeated grades
    log_likelihood: float | None
    method: Literal["cumulative_logit"] | None
    status: MuscleStatus  # separated: the likelihood rises for ever; then one end of the interval is None
    cuts: list[CutResult]  # by score, where there are two cuts or more


class OrdinalResult(TypedDict):
    """One question, answered by the ordinal model of each muscle; as ``ComparisonResult`` but for these types."""

    study: str
    set: AnalysisSet
    model: Literal["ordinal"]
    engine: Literal["maximum_likelihood"]
    df_method: None
    formula: str
    terms: Terms
    groups: GroupPair
    n: Counts
    data_version: str
    versions: dict[str, str]
    verify: None
    adjusted_for: list[str]  # empty
    pattern: PatternResult | None
    grades: GradesName
    muscles: list[OrdinalMuscleResult]


# ``agreement --format json``


class CoefficientEstimate(TypedDict):
    """One coefficient of agreement with its 95 % interval."""

    value: float | None
    ci_low: float | None
    ci_high: float | None


class Note(TypedDict):
    """One reason why a coefficient or its interval does not exist, or what to know about it."""

    reason: str  # without a capital or a full stop
    coefficients: list[CoefficientCode]  # those that it is about; empty where it is about the entry as a whole


class AgreementEntry(TypedDict):
    """The agreement of some readers on one muscle, or on all muscles pooled."""

    muscle: str  # code, or "overall"
    units: int  # with two grades or more
    exact: CoefficientEstimate
    within_one: CoefficientEstimate
    kappa_linear: CoefficientEstimate
    kappa_quadratic: CoefficientEstimate
    alpha_ordinal: CoefficientEstimate
    ac2: CoefficientEstimate
    icc_2_1: CoefficientEstimate
    icc_3_1: CoefficientEstimate
    note: str  # ``notes`` in one string
    notes: list[Note]


class PairEntry(AgreementEntry):
    """The agreement of two readers."""

    readers: list[str]


class IntraEntry(AgreementEntry):
    """The agreement of one reader with their own re-reads."""

    reader: str


class Bias(TypedDict):
    """Differences of two readers' sum scores, the first minus the second, with Bland and Altman's 95 % limits."""

    readers: list[str]
    participants: int
    mean_difference: float | None
    sd: float | None
    loa_low: float | None
    loa_high: float | None
    note: str
    units: int  # that both graded
    per_grade: CoefficientEstimate  # mean difference per grade, in grade points


class ReaderEffect(TypedDict):
    """How much higher one reader grades than the mean of the others."""

    reader: str
    others: list[str]  # whom the reader is held against
    participants: int
    units: int  # that the reader and another graded
    per_grade: CoefficientEstimate  # in grade points
    note: str


class MixedModel(TypedDict):
    """Variance components of one muscle, or of all pooled, from every grade, and the ICCs that follow."""

    muscle: str  # code, or "overall"
    units: int  # with a grade
    grades: int
    icc_agreement: float | None
    icc_consistency: float | None
    unit: float | None  # variances, in squared grade points
    reader: float | None
    residual: float | None
    smallest_detectable_difference: float | None  # in grade points
    status: Status
    note: str


class Resampled(TypedDict):
    """Coefficients of all readers together on one muscle, or on all pooled, whose intervals resample participants."""

    muscle: str  # code, or "overall"
    icc_2_1: CoefficientEstimate
    icc_3_1: CoefficientEstimate
    kappa_linear: CoefficientEstimate  # generalised to several readers
    kappa_quadratic: CoefficientEstimate
    note: str


class AgainstEntry(TypedDict):
    """One reader's first reads on one muscle, or on all pooled, against adjudicated or reference grades."""

    against: AgainstName
    feature: str | None  # of calibration; None where each MRI is represented by one feature
    reader: str
    muscle: str  # code, or "overall"
    units: int  # with a score of the reader and one to hold it against
    undecided: int  # units that the reader graded, on which readers differ and no decision stands
    not_assessable: int  # units with both grades, of which either is not assessable
    exact: CoefficientEstimate
    kappa_linear: CoefficientEstimate
    kappa_quadratic: CoefficientEstimate
    mean_difference: CoefficientEstimate  # the reader's grade minus the other, in grade points
    note: str


class AgreementTarget(TypedDict):
    """How far a study has set that its readers are to agree."""

    coefficient: CoefficientCode
    scope: Literal["muscle", "overall"]  # of each muscle, or over all of them
    least: float


class AgreementResult(TypedDict):
    """What one version of the data says about its readers."""

    study: str  # its short name
    data_version: str  # SHA-256 of the frame
    readers: list[str]  # by name
    restricted_to: list[str]  # the readers who were asked for; empty for all
    inter: list[AgreementEntry]  # each muscle in the paper's order, then all muscles
    pairs: list[PairEntry]
    intra: list[IntraEntry]
    bias: list[Bias]
    reader_effects: list[ReaderEffect]  # by reader
    mixed_model: list[MixedModel]  # each muscle in the paper's order, then all muscles
    resampled: list[Resampled]  # likewise
    targets: list[AgreementTarget]  # that the study has set; nothing is computed from them
    against: list[AgainstEntry]  # adjudicated and reference grades; empty where there are none


# What pages and figures are drawn from beside these


class DisagreementCell(TypedDict):
    """Two readers on one muscle, or on all muscles pooled."""

    readers: list[str]
    muscle: str  # code, or "overall"
    units: int  # that both graded
    mean_absolute_difference: float | None
    discrepant: int  # units whose scores are 2 or more apart
    share: float | None  # of discrepant units, 0 to 1


class SumScores(TypedDict):
    """The sum scores of two readers' common participants."""

    readers: list[str]
    points: list[list[int]]  # [sum by the one, sum by the other, participants]


class Disagreement(TypedDict):
    """What the map of disagreement and the figures of bias are drawn from."""

    participants: int  # graded by two readers or more
    cells: list[DisagreementCell]  # by pair of readers, then muscle
    sums: list[SumScores]  # by pair of readers


class AgreementAnswer(TypedDict):
    """Everything that the agreement page is made from."""

    agreement: AgreementResult
    disagreement: Disagreement


class Participant(TypedDict):
    """One participant's mean score over readers and sides of each muscle that has one, unrounded."""

    participant: str  # code
    group: str  # code
    means: dict[str, float]  # by the muscle's code


class ParticipantMeans(TypedDict):
    """What figures of the comparison draw beyond its result."""

    participants: list[Participant]  # with an assessed grade, by code
    grades: dict[str, dict[str, list[int]]]  # by muscle and group, how many grades are 0, 1, 2 and 3


class ReadOn(TypedDict):
    """The reads of one feature on one sequence."""

    feature: str
    sequence: str
    reads: int


class Graded(TypedDict):
    """What the text for a paper says beyond the comparison's result."""

    read_on: list[ReadOn]  # by feature, then sequence, in alphabetical order; reads with an assessed muscle
    not_assessable: int  # grades without a score
    grades: int  # with and without one
    fewer_readers: int  # participants whom fewer readers graded than the most that graded one


class ComparisonAnswer(TypedDict):
    """Everything that the comparison page is made from."""

    comparison: ComparisonResult
    participant_means: ParticipantMeans
    graded: Graded


class PlanSetting(TypedDict):
    """What a plan assumes (`analysis.stats.planning.setting.Setting`)."""

    participants: list[int]
    readers: int
    sides: int
    missing: float
    level: float
    difference: float
    participant: float
    reader: float
    side: float
    residual: float
    muscles: int
    bound: float
    data_sets: int
    seed: int


class PlannedShare(TypedDict):
    """A share of simulated data sets, with its Monte-Carlo standard error and 95 % interval."""

    value: float
    se: float
    ci_low: float
    ci_high: float


class PlanSize(TypedDict):
    """What groups of a size bring (`analysis.stats.planning.simulation.Size`)."""

    participants_per_group: int
    power: PlannedShare
    power_strict: PlannedShare
    closed_form_power: float
    width: float | None
    width_se: float | None
    unanswered: PlannedShare
    icc_above_bound: PlannedShare | None
    kappa_above_bound: PlannedShare | None


class PlanNeeded(TypedDict):
    """The smallest of the sizes that reaches the target, None where none does."""

    power: int | None
    power_strict: int | None
    icc: int | None
    kappa_quadratic: int | None


class PlanResult(TypedDict):
    """A plan (`analysis.stats.planning.plan`)."""

    setting: PlanSetting
    sizes: list[PlanSize]
    target: float
    needed: PlanNeeded
    latent_icc: float
    units_for_bound: int | None
    units_for_width: int | None
