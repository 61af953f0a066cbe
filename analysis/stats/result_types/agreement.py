"""What ``agreement --format json`` prints."""

from typing import Literal, TypedDict

from analysis.stats.result_types.codes import AgainstName, CoefficientCode, Status


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
