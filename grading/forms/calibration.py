"""What a study asks of readers before its own cases open to them."""

from grading.forms.as_shown import AsShownForm
from grading.limits import MAX_CALIBRATION_CASES
from grading.models import Study


class CalibrationForm(AsShownForm):
    """How many calibration cases, and how near to the reference."""

    class Meta:
        model = Study
        fields = ("calibration_cases", "calibration_icc")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        whole = f"Give a whole number from 1 to {MAX_CALIBRATION_CASES}; leave it empty if nobody has to calibrate."
        self.fields["calibration_cases"].error_messages = dict.fromkeys(("invalid", "min_value", "max_value"), whole)
        self.fields["calibration_icc"].widget.attrs["step"] = "any"
