"""The scale in pictures, for whoever grades."""

from django.http import HttpResponse
from django.shortcuts import render

from grading import scale
from grading.access import SignedInRequest, signed_in_view


@signed_in_view()
def scale_in_pictures(request: SignedInRequest) -> HttpResponse:
    """Show an example of each grade of each feature."""
    features = [
        {
            "code": feature,
            "name": scale.FEATURE_NAMES[feature],
            "sequences": " or ".join(scale.USUAL_SEQUENCES[feature]),
            "examples": [{"step": step, "file": f"grading/scale/{feature}-{step.score}.png"} for step in scale.SCALE],
        }
        for feature in scale.FEATURES
    ]
    return render(request, "grading/scale.html", {"features": features})
