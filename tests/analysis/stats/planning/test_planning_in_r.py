"""Planning held against a simulation in R: the script lies beside its output in tests/reference."""

import json
from pathlib import Path

import numpy as np
import pytest

from analysis.stats.planning.scores import draw
from analysis.stats.planning.setting import Setting
from analysis.stats.planning.simulation import difference

IN_R = json.loads(Path(__file__).parents[3].joinpath("reference", "planning.json").read_text())
DATA_SETS = 200
SURE = 3.5  # Monte-Carlo standard errors, which chance seldom exceeds; seeds are fixed


@pytest.mark.parametrize("answer", IN_R["answers"], ids=lambda answer: f"{answer['setting']['participants']} a group")
def test_power_and_width_are_those_of_a_simulation_in_r(answer):
    size = answer["setting"]["participants"]
    setting = Setting(**answer["setting"] | {"participants": (size,)})

    p, width = np.array([difference(draw(setting, size, number)) for number in range(DATA_SETS)]).T

    apart = (1 / DATA_SETS + 1 / IN_R["data_sets"]) ** 0.5
    assert abs((p <= 0.05).mean() - answer["power"]) < SURE * apart * (answer["power"] * (1 - answer["power"])) ** 0.5
    assert abs(width.mean() - answer["width"]) < SURE * apart * answer["width_sd"]
