"""The scale in pictures: an example of each grade of each feature, as the demo's scans are drawn."""

import zlib

import numpy as np
import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse

from bench import scale_pictures
from grading.scale import FEATURES, SCALE
from tests.builders import make_user

SHADES_APART = 1.5  # of 255, on average: processors round differently


@pytest.mark.django_db
def test_each_grade_of_each_feature_is_shown_with_its_words(client):
    client.force_login(make_user())

    page = client.get(reverse("scale")).content.decode()

    for step in SCALE:
        assert page.count(f"<strong>{step.score} {step.name}</strong> {step.extent}") == len(FEATURES)
    assert page.count("<img") == len(FEATURES) * len(SCALE)


def test_pictures_are_what_is_drawn():
    for name, drawn in scale_pictures.pictures():
        stored = read_png(finders.find(f"grading/scale/{name}"))
        assert stored.shape == drawn.shape
        assert np.abs(stored.astype(int) - drawn).mean() < SHADES_APART, name


def read_png(path: str) -> np.ndarray:
    """The pixels of what scale_pictures.png wrote."""
    with open(path, "rb") as file:
        written = file.read()
    columns, rows = (int.from_bytes(written[start : start + 4]) for start in (16, 20))
    begin = written.index(b"IDAT")
    size = int.from_bytes(written[begin - 4 : begin])
    lines = np.frombuffer(zlib.decompress(written[begin + 4 : begin + 4 + size]), np.uint8)
    return lines.reshape(rows, columns + 1)[:, 1:]
