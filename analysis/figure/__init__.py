"""The comparison as figures. From the result and its profiles to plotly dicts, or to SVG.

Each figure is ``name(result, profiles, groups)``: the object that ``compare --format json`` prints, what
``analysis.stats.participant_means`` adds to it, and the reference group and the compared one. Colours are those of
print; ``palette.DARK`` says what each becomes on a dark screen.
"""

from analysis.figure.boxplots import boxplots
from analysis.figure.forest import forest
from analysis.figure.grades import grades
from analysis.figure.group import Group
from analysis.figure.heatmap import heatmap
from analysis.figure.thighs import thighs

__all__ = ["Group", "boxplots", "forest", "grades", "heatmap", "thighs"]
