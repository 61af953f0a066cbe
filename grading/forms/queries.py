"""What a coordinator asks a reader about a read."""

from typing import cast

from django import forms

from grading.limits import MAX_REASON_LENGTH
from grading.models import Query, Study

SHOWN = "The reader sees this. Do not name diagnosis or other readers."
LENGTHS = {
    "required": f"Give the question, in at most {MAX_REASON_LENGTH} characters.",
    "max_length": f"A question has at most {MAX_REASON_LENGTH} characters.",
}


class QuestionForm(forms.Form):
    """A question, in plain words."""

    text = forms.CharField(
        label="Question",
        max_length=MAX_REASON_LENGTH,
        help_text=SHOWN,
        error_messages=LENGTHS,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["text"].widget.attrs.pop("maxlength", None)  # a browser would cut the rest off unseen


class AskForm(QuestionForm):
    """A question about one muscle, or about the whole case."""

    cell = forms.ChoiceField(label="About", required=False)
    rule = forms.ChoiceField(
        required=False, choices=[("", ""), *Query.Rule.choices], widget=forms.HiddenInput, label="Proposed because"
    )
    field_order = ("cell", "text", "rule")

    def __init__(self, *args, study: Study, **kwargs):
        super().__init__(*args, **kwargs)
        cells = [(f"{muscle} {side}", Query(muscle=muscle, side=side).where) for muscle, side in study.cells]
        cast(forms.ChoiceField, self.fields["cell"]).choices = [("", "the whole case"), *cells]

    @property
    def about(self) -> dict[str, str]:
        """Give muscle, side and rule, as services.queries takes them."""
        muscle, _, side = self.cleaned_data["cell"].partition(" ")
        return {"muscle": muscle, "side": side, "rule": self.cleaned_data["rule"]}


class DismissForm(AskForm):
    """Why what the site proposed is not asked."""

    text = forms.CharField(
        label="Reason",
        max_length=MAX_REASON_LENGTH,
        error_messages={
            "required": f"Give the reason, in at most {MAX_REASON_LENGTH} characters.",
            "max_length": f"A reason has at most {MAX_REASON_LENGTH} characters.",
        },
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["rule"].required = True


class CloseForm(forms.Form):
    """A remark at closing, for coordinators."""

    text = forms.CharField(
        label="Remark",
        required=False,
        max_length=MAX_REASON_LENGTH,
        help_text="Kept with the query; the reader does not see it.",
        error_messages={"max_length": f"A remark has at most {MAX_REASON_LENGTH} characters."},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["text"].widget.attrs.pop("maxlength", None)
