"""How far a study has set that its readers are to agree, as the statistics name it."""

from typing import Literal

from analysis.stats.result_types.agreement import AgreementTarget
from analysis.stats.result_types.codes import CoefficientCode
from grading.models import Study

_TARGETS: dict[str, tuple[CoefficientCode, Literal["muscle", "overall"]]] = {
    "target_icc_muscle": ("icc_2_1", "muscle"),
    "target_icc_overall": ("icc_2_1", "overall"),
    "target_kappa_muscle": ("kappa_quadratic", "muscle"),
    "target_kappa_overall": ("kappa_quadratic", "overall"),
}


def targets_of(study: Study) -> list[AgreementTarget]:
    """List the targets of agreement that a study has set."""
    return [
        {"coefficient": code, "scope": scope, "least": least}
        for name, (code, scope) in _TARGETS.items()
        if (least := getattr(study, name)) is not None
    ]
