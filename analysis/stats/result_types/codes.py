"""The words that results carry as codes."""

from typing import Literal

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
