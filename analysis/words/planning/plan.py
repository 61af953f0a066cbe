"""A plan as sentences and as a table, for page and terminal."""

from collections.abc import Iterator
from textwrap import fill

from analysis.stats.result_types.plan import PlannedShare, PlanResult
from analysis.words.notation import DASH, number
from analysis.words.text_table import aligned

# What each number of a setting is called where it is asked for, with what it is.
LABELS = {
    "participants": ("Participants per group", "one or more numbers, with commas between them"),
    "readers": ("Readers", "of each MRI"),
    "sides": ("Sides", "1 where both thighs have one grade, 2 where they are graded apart"),
    "missing": ("Share of reads missing", "at random: 0.1 is one in ten"),
    "level": ("Level", "latent mean of the reference group, in grade points"),
    "difference": ("Difference", "of the groups’ latent means, in grade points"),
    "participant": ("SD between participants", "of a group, in grade points"),
    "reader": ("SD between readers", "in grade points"),
    "side": ("SD between a participant’s sides", "in grade points"),
    "residual": ("Residual SD", "in grade points"),
    "muscles": ("Muscles tested", "how many the study compares"),
    "bound": ("Bound of agreement", "above which an interval is to lie"),
    "data_sets": ("Data sets", "simulated for each size: more make the answer more exact"),
    "seed": ("Seed", "the same seed gives the same answer"),
}
HEADS = (
    "per group",
    "power",
    "strict",
    "closed form",
    "width",
    "no answer",
    "ICC above",
    "kappa above",
)


def rows(result: PlanResult) -> list[list[str]]:
    """Write the cells under `HEADS` of every size; behind ± stands the Monte-Carlo standard error."""
    return [
        [
            str(size["participants_per_group"]),
            share(size["power"]),
            share(size["power_strict"]),
            number(size["closed_form_power"]),
            DASH if size["width"] is None else f"{number(size['width'])} ± {number(size['width_se'], 3)}",
            share(size["unanswered"]),
            share(size["icc_above_bound"]),
            share(size["kappa_above_bound"]),
        ]
        for size in result["sizes"]
    ]


def share(found: PlannedShare | None) -> str:
    """Write a share of data sets with its Monte-Carlo standard error: ``0.81 ± 0.018``."""
    return DASH if found is None else f"{number(found['value'])} ± {number(found['se'], 3)}"


def sentences(result: PlanResult) -> Iterator[str]:
    """Say what was assumed, how many participants suffice, and what the closed forms say of agreement."""
    setting, needed = result["setting"], result["needed"]
    yield assumed(result)
    yield _sufficient("a p of at most 0.05 for one muscle", needed["power"], result)
    if setting["muscles"] > 1:
        strict = f"a p of at most 0.05 / {setting['muscles']}, the strictest step of Holm’s correction,"
        yield _sufficient(strict, needed["power_strict"], result)
    if setting["readers"] > 1:
        above = f"above {number(setting['bound'])}"
        yield _sufficient(f"an interval of ICC(2,1) that lies {above}", needed["icc"], result)
        yield _sufficient(f"an interval of weighted kappa that lies {above}", needed["kappa_quadratic"], result)
        yield _closed(result)


def assumed(result: PlanResult) -> str:
    """Say what was assumed."""
    setting = result["setting"]
    return (
        f"Assumed: {setting['readers']} reader{'' if setting['readers'] == 1 else 's'}, "
        f"{100 * setting['missing']:g} % of reads missing, latent groups {number(setting['difference'])} grade points "
        f"apart from a level of {number(setting['level'])}; {setting['data_sets']:,} simulated data sets for each size."
    )


def explanation(result: PlanResult) -> str:
    """Say what the table's columns are."""
    setting = result["setting"]
    return (
        f"power: share of data sets with p ≤ 0.05; strict: with p ≤ 0.05 / {setting['muscles']}; closed form: power of "
        "the t test of participants’ means, as if latent values had been measured and no read were missing; width: of "
        "the 95 % interval of the difference of mean scores; no answer: data sets without a testable difference, "
        f"which count as not shown; ICC, kappa: share of intervals above {number(setting['bound'])}, of both groups’ "
        "participants. Behind ±: the Monte-Carlo standard error."
    )


def as_text(result: PlanResult) -> str:
    """Write a plan for the terminal."""
    table = "\n".join(aligned([list(HEADS), *rows(result)], words=()))
    said = "\n".join(fill(sentence, 100) for sentence in sentences(result))
    return f"{said}\n\n{table}\n\n{fill(explanation(result), 100)}"


def _sufficient(what: str, participants: int | None, result: PlanResult) -> str:
    share = f"{100 * result['target']:g} % of data sets"
    if participants is None:
        most = result["sizes"][-1]["participants_per_group"]
        return f"Up to {most} participants per group, {what} was not reached in {share}."
    return f"With {participants} participants per group, {what} was reached in at least {share}."


def _closed(result: PlanResult) -> str:
    value, bound = number(result["latent_icc"]), number(result["setting"]["bound"])
    if result["latent_icc"] == 1:
        return "By what is assumed, readers never disagree on the latent scale: of that closed forms say nothing."
    if result["units_for_bound"] is None:
        said = f"An ICC of {value}, which the assumed variances have on the latent scale, is not above {bound}"
    else:
        said = (
            f"By closed form, {result['units_for_bound']:,} units show in {100 * result['target']:g} % of studies that "
            f"an ICC of {value}, which the assumed variances have on the latent scale, is above {bound}"
        )
    return f"{said}; its interval is 0.2 wide with {result['units_for_width']:,}."
