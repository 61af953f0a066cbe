"""The manifest of a stack: as JSON and back, and never of parts that do not fit together."""

import json

import pytest

from grading.stacks.manifest import Manifest
from tests.grading.stacks.manifests import usual_manifest


def test_a_manifest_is_read_back_from_its_json():
    manifest = usual_manifest()

    written = json.loads(json.dumps(manifest.to_json(), allow_nan=False))

    assert written["windows"] == [[600.0, 1200.0], [300.0, 400.0]]
    assert Manifest.from_json(written | {"grown": "later"}) == manifest


def test_a_manifest_that_lacks_something_is_not_read():
    written = usual_manifest().to_json()
    del written["slope"]

    with pytest.raises(KeyError, match="slope"):
        Manifest.from_json(written)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"slices": 4}, "4 slices has 3 positions"),
        ({"slices": 0, "positions": ()}, "0 slices"),
        ({"bits": 12}, "8 or 16 bits"),
        ({"letters": {"left": "R"}}, "left, right, top, bottom"),
        ({"letters": {"left": "Jane", "right": "L", "top": "A", "bottom": "P"}}, "one or two letters"),
        ({"sha256": "Jane"}, "64 hexadecimal digits"),
        ({"thickness": "Jane"}, "numbers"),
        ({"positions": (0.0, float("nan"), 1.0)}, "numbers"),
        ({"windows": ((600.0, "Jane"),)}, "numbers"),
    ],
)
def test_a_manifest_whose_parts_do_not_fit_is_not_made(changed, said):
    with pytest.raises(ValueError, match=said):
        usual_manifest(**changed)
