"""The results paragraph of a paper, from the numbers alone.

"Significant" is said by one p value, the one that decides. Where it is an adjusted one that is not below the level and
the raw p is, both are given.
"""

from collections.abc import Iterable, Iterator

from analysis.stats.deciding import P_FIELDS, has_max_t
from analysis.stats.result_types.comparison import ComparisonResult
from analysis.stats.result_types.muscles import EstimatedMuscle, GroupDescription, Index
from analysis.words.comparison.pattern import f_and_p
from analysis.words.comparison.pattern_score import pattern_score_in_paper
from analysis.words.comparison.sides import side_warning
from analysis.words.comparison.table import by_reason, estimated, judged, separated
from analysis.words.notation import LEVEL, interval, interval_of_share, number
from analysis.words.paper.adjusted import beside_unadjusted
from analysis.words.paper.agreement import agreement_results
from analysis.words.paper.edema_only import secondary
from analysis.words.paper.findings import Findings
from analysis.words.paper.methods import LEAST_AFFECTED, MOST_NAMED
from analysis.words.paper.missing import has_both_features, missing, reads_on
from analysis.words.paper.ordinal import ordinal_results
from analysis.words.paper.participants import who
from analysis.words.prose import capitalised, counted, listed, muscle, p_at_most, p_is, sentence
from analysis.words.question.deciding import P_VALUES, PWords, deciding, p_of_separated


def results(findings: Findings) -> str:
    """Write one paragraph: who, the most affected muscles, the differences, the secondary comparison, the agreement."""
    main = findings.main
    sentences = [*_stage(findings), *_participants(findings)]
    if main["n"]["grades"]:
        sentences += [*who(findings), *reads_on(findings.graded), *missing(findings.graded)]
        sentences += [*_most_affected(main), *_differences(main), *beside_unadjusted(main)]
        sentences += [*_separated(main), *_by_side(main), *_permuted(main), *_index(main), *_all_groups(main)]
        sentences += [*_not_estimable(main), *_remarks(main), *_ordinal(findings)]
        if has_both_features(findings.graded):
            sentences += secondary(main, findings.edema)
        sentences += _fat(findings.fat_apart)
    return " ".join([*sentences, *agreement_results(findings.agreement)])


def is_significant(entry: EstimatedMuscle) -> bool:
    """Say whether the groups differ significantly in a muscle, by the p value that decides."""
    return entry["p_deciding"] < LEVEL


def _ordinal(findings: Findings) -> Iterator[str]:
    return ordinal_results(findings.ordinal, is_beside_adjusted=bool(findings.main["adjusted_for"]))


def _stage(findings: Findings) -> Iterator[str]:
    if findings.is_final:
        yield "Final data: the study is locked."
    else:
        yield f"Interim data{_so_far(findings)}: the study is not locked, and the numbers may still change."
    yield from _looks(findings)


def _looks(findings: Findings) -> Iterator[str]:
    if findings.looks:
        when = "before the lock" if findings.is_final else "so far"
        times = counted(findings.looks, "time")
        yield (
            f"Comparisons of the groups were looked at {times} {when}, all questions and viewers together; p values "
            "are not adjusted for looks."
        )
    elif findings.looks == 0 and findings.is_final:
        yield "The groups had not been compared before the lock."


def _so_far(findings: Findings) -> str:
    if findings.reads is None or findings.reads_signed_off is None:
        return ""
    return f" ({findings.reads_signed_off} of {findings.reads} reads signed off)"


def _participants(findings: Findings) -> Iterator[str]:
    n = findings.main["n"]
    if not n["grades"]:
        yield "No signed-off read enters the comparison yet."
        return
    sizes = listed(f"{count:,} {group}" for group, count in n["by_group"].items())
    fat = f"; {n['fat_scored']:,} scored for fat" if has_both_features(findings.graded) else ""
    yield (
        f"The main comparison rests on {counted(n['participants'], 'participant')} ({sizes}{fat}), "
        f"{counted(n['reads'], 'read')} and {counted(n['grades'], 'grade')}."
    )
    if findings.restriction:
        yield sentence(findings.restriction)


def _most_affected(main: ComparisonResult) -> Iterator[str]:
    for group in (main["groups"]["reference"], main["groups"]["compared"]):
        described = {entry["muscle"]: entry["groups"][group] for entry in main["muscles"]}
        medians = {code: seen["median"] for code, seen in described.items() if seen["median"] is not None}
        if not medians:
            continue
        affected = [code for code in medians if medians[code] >= LEAST_AFFECTED]
        if not affected:
            yield f"In {group}, no muscle reached a median score of {LEAST_AFFECTED}."
            continue
        found = sorted(affected, key=lambda code: (medians[code], described[code]["mean"]), reverse=True)[:MOST_NAMED]
        were = "muscle was" if len(found) == 1 else "muscles were"
        named = listed(f"{muscle(code)} ({_median(described[code])})" for code in found)
        yield f"In {group}, the most affected {were} the {named}."


def _median(group: GroupDescription) -> str:
    return f"median {number(group['median'])} [IQR {number(group['q1'])}–{number(group['q3'])}]"


def _differences(main: ComparisonResult) -> Iterator[str]:
    estimable, found, p = estimated(main), judged(main), deciding(main)
    if found:
        yield _how_many(main, [p_of for _, p_of in found if p_of < LEVEL], len(found))
    elif not separated(main):
        yield "No muscle’s difference could be estimated."
    yield from _directions(main)
    yield from _pattern(main)
    only_raw = [entry for entry in estimable if entry["p"] < LEVEL and not is_significant(entry)]
    if only_raw:
        yield f"Below {LEVEL} before {p.adjustment} only, and so not significant: {_each(only_raw, p)}."
    if rest := [entry for entry in estimable if not is_significant(entry) and entry not in only_raw]:
        yield f"No difference was shown in the {_each(rest, p)}."


def _how_many(main: ComparisonResult, significant: list[float], judged: int) -> str:
    compared, reference, p = main["groups"]["compared"], main["groups"]["reference"], deciding(main)
    differed = f"{compared} and {reference} differed significantly in"
    if not significant:
        return f"{capitalised(p.by)} {differed} none of {counted(judged, 'muscle')}."
    at_most = f"{p.own} {p_at_most(max(significant))}"
    unadjusted = "" if p.adjustment else f", {p.how}"
    return (
        f"{differed} {len(significant)} of {counted(judged, 'muscle')} "
        f"({at_most}{unadjusted}; below, {compared} − {reference} in grade points with its 95 % CI and {p.own})."
    )


def _directions(main: ComparisonResult) -> Iterator[str]:
    """Say which muscles are higher in either group. Whether that makes a pattern, `_pattern` alone may say.

    Separated ones, which have a sentence of their own, count as the other way, too.
    """
    significant = [entry for entry in estimated(main) if is_significant(entry)]
    higher = [
        (main["groups"]["compared"], [entry for entry in significant if entry["estimate"] > 0]),
        (main["groups"]["reference"], [entry for entry in significant if entry["estimate"] < 0]),
    ]
    ways = {entry["estimate"] > 0 for entry, p in judged(main) if p < LEVEL}
    found = [f"higher in {group} for the {_each(entries)}" for group, entries in higher if entries]
    if len(found) == 2:
        yield f"Scores were {found[0]}, and {found[1]}."
    elif found:
        yield f"Scores were {found[0]}{'' if len(ways) == 2 else '; no muscle differed significantly the other way'}."


def _pattern(main: ComparisonResult) -> Iterator[str]:
    """Give the test of the pattern, where it was made."""
    if (made := main["pattern"]) and (test := made["pattern"])["p"] is not None:
        yield f"The pattern of the muscles {_differed(test['p'])} between the groups ({f_and_p(test)})."
    if said := pattern_score_in_paper(main):
        yield said


def _all_groups(main: ComparisonResult) -> Iterator[str]:
    """Give the tests over all groups, and p of these two over all pairs, where the study has three groups or more."""
    if "all_groups" not in main:
        return
    found, groups = main["all_groups"], main["groups"]
    p = [each["p_holm"] for each in found["muscles"] if each["p_holm"] is not None]
    over_all = [each["p_over_all"] for each in found["muscles"] if each["p_over_all"] is not None]
    if not (p and over_all):
        return
    test = found["pattern"]["pattern"]
    pattern = "" if test["p"] is None else f", the pattern of the muscles {_differed(test['p'])} ({f_and_p(test)})"
    yield (
        f"Among {listed(found['groups'])}, scores differed significantly in {sum(each < LEVEL for each in p)} of "
        f"{counted(len(p), 'muscle')}{pattern}; {groups['compared']} and {groups['reference']}, one of "
        f"{found['pairs']} pairs, differed significantly in {sum(each < LEVEL for each in over_all)} of "
        f"{counted(len(over_all), 'muscle')} after Holm’s adjustment over all muscles of all pairs."
    )


def _differed(p: float) -> str:
    return "differed" if p < LEVEL else "was not shown to differ"


def _separated(main: ComparisonResult) -> Iterator[str]:
    for entry in separated(main):
        higher = main["groups"]["compared" if entry["estimate"] > 0 else "reference"]
        name, permuted = p_of_separated(main, entry)
        p = "" if permuted is None else f"; {p_is(permuted, name)}"
        yield (
            f"The {muscle(entry['muscle'])} separated the groups completely (higher in {higher} by "
            f"{number(abs(entry['estimate']))} grade points{p}): within each group all participants scored alike, so "
            "there is no model-based interval."
        )


def _fat(fat: ComparisonResult | None) -> Iterator[str]:
    """Say how the groups differed in fatty infiltration, where that was graded beside edema."""
    if fat is None:
        return
    sizes = listed(f"{count:,} {group}" for group, count in fat["n"]["by_group"].items())
    yield f"Fatty infiltration was compared apart in {counted(fat['n']['participants'], 'participant')} ({sizes})."
    if found := judged(fat):
        yield _how_many(fat, [p_of for _, p_of in found if p_of < LEVEL], len(found))
    elif not separated(fat):
        yield "No muscle’s difference in fatty infiltration could be estimated."
    yield from _directions(fat)
    yield from _separated(fat)


def _by_side(main: ComparisonResult) -> Iterator[str]:
    if warning := side_warning(main):
        yield warning


def _permuted(main: ComparisonResult) -> Iterator[str]:
    """Give what permutations say of the muscles, or Holm's method where they decide, and where that says otherwise."""
    own, other = deciding(main), P_VALUES["holm" if deciding(main).code == "max-t" else "max-t"]
    found = [*estimated(main), *separated(main)]
    beside = [(entry, p) for entry in found if (p := entry[P_FIELDS[other.code]]) is not None]
    if not (beside and has_max_t(main)):
        return
    below = sum(p < LEVEL for _, p in beside)
    yield f"{capitalised(other.by)}, they differed significantly in {below} of {counted(len(beside), 'muscle')}."
    both = [(entry["muscle"], decides, p) for entry, p in beside if (decides := entry["p_deciding"]) is not None]
    if unlike := [each for each in both if (each[1] < LEVEL) != (each[2] < LEVEL)]:
        each = [f"{muscle(code)} ({p_is(decides, own.own)}, {p_is(p, other.own)})" for code, decides, p in unlike]
        yield f"The two methods disagreed on the {listed(each)}."


def _each(entries: Iterable[EstimatedMuscle], beside_raw: PWords | None = None) -> str:
    return listed(f"{muscle(entry['muscle'])} ({_numbers(entry, beside_raw)})" for entry in entries)


def _numbers(entry: EstimatedMuscle, beside_raw: PWords | None) -> str:
    """Give estimate, interval and the p value that decides, beside the raw one where that is another."""
    seen = f"{number(entry['estimate'])} {interval(entry['ci_low'], entry['ci_high'])}"
    if beside_raw and beside_raw.adjustment:
        ps = [p_is(entry["p"], "raw p"), p_is(entry["p_deciding"], beside_raw.own)]
    else:
        ps = [p_is(entry["p_deciding"])]
    return ", ".join([seen, *ps])


def _index(main: ComparisonResult) -> Iterator[str]:
    """Say between which muscles the probability ranges that a participant of the compared group scores higher."""
    indices = [(entry["index"]["value"], entry["muscle"], entry["index"]) for entry in main["muscles"]]
    ranked = sorted((of for of in indices if of[0] is not None), key=lambda of: of[0] or 0.0)
    if len(ranked) > 1:
        (_, lowest, low), (_, highest, high) = ranked[0], ranked[-1]
        yield (
            f"The probability that a participant with {main['groups']['compared']} scores higher lay between "
            f"{_share(low)} for the {muscle(lowest)} and {_share(high)} for the {muscle(highest)}."
        )


def _share(index: Index) -> str:
    if index["ci_low"] is None:
        return number(index["value"])
    return f"{number(index['value'])} {interval_of_share(index['ci_low'], index['ci_high'])}"


def _not_estimable(main: ComparisonResult) -> Iterator[str]:
    without = [entry for entry in main["muscles"] if entry["status"] == "not_estimable"]
    for reason, codes in by_reason((entry["muscle"], entry["note"]) for entry in without).items():
        which = "every muscle" if len(codes) == len(main["muscles"]) else listed(map(muscle, codes))
        yield f"Not estimable: {which} ({reason.rstrip('.')})."


def _remarks(main: ComparisonResult) -> Iterator[str]:
    """Say what to know of an estimate, such as a variance at its boundary."""
    noted = [entry for entry in estimated(main) if entry["note"]]
    for note, entries in by_reason((entry["muscle"], entry["note"]) for entry in noted).items():
        yield f"A note on the {listed(map(muscle, entries))}: {sentence(note)}"
