"""The files of a bundle: one comparison as a ZIP. Equal contents give equal bytes.

`scripts` holds the programs that compute the comparison anew, as they are put into the bundle: they know nothing of
this package.
"""

import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from analysis.bundle.archive import zipped
from analysis.bundle.contents import Contents, MixedVersionsError
from analysis.bundle.licence import citation_cff, licence_text
from analysis.bundle.participants import flow_csv, table_one_csv
from analysis.bundle.pattern_score import scored
from analysis.bundle.permutations import permuted_muscles
from analysis.bundle.randomness import programs, randomness
from analysis.bundle.readme import readme
from analysis.bundle.tables import (
    agreement_numbers_csv,
    all_groups_csv,
    codebook_csv,
    covariates_csv,
    pattern_csv,
    pattern_score_csv,
    permutations_csv,
    resamples_csv,
    result_csv,
)
from analysis.stats.frame.analysis_sets import analysis_set, assessed
from analysis.stats.frame.canonical import canonical_csv
from analysis.stats.result_types.comparison import ComparisonResult
from analysis.words.paper.grras import as_text, grras
from analysis.words.paper.methods import methods
from analysis.words.paper.results import results

_SCRIPTS = Path(__file__).parent / "scripts"


def bundle(contents: Contents) -> bytes:
    """Make the ZIP.

    Raises:
        MixedVersionsError: numbers and frame are not of the same version of the data.
    """
    frame_csv = canonical_csv(contents.frame)
    read_csv = frame_csv if contents.as_read is None else canonical_csv(contents.as_read)
    _refuse_mixture(contents, *(sha256(text.encode()).hexdigest() for text in (frame_csv, read_csv)))
    files = {
        "README.txt": readme(contents),
        "LICENSE.txt": licence_text(contents),
        "CITATION.cff": citation_cff(contents),
        **_data(contents, frame_csv),
        **({} if contents.as_read is None else {"reads.csv": read_csv}),
        **_texts(contents),
        **_seal(contents),
    }
    return zipped(files, contents.folder)


def _refuse_mixture(contents: Contents, version: str, version_of_reads: str) -> None:
    findings = contents.findings
    compared = (contents.result, *findings.comparisons, contents.ordinal, findings.ordinal)
    is_mixed = any(one["data_version"] != version for one in compared if one)
    if is_mixed or findings.agreement["data_version"] != version_of_reads:
        raise MixedVersionsError("The data changed while the bundle was made.")


def _data(contents: Contents, frame_csv: str) -> dict[str, str]:
    scripts = {path.name: path.read_text() for path in sorted(_SCRIPTS.glob("*.*"))}
    return {
        "frame.csv": frame_csv,
        "analysed.csv": canonical_csv(contents.analysed),
        **_covariates(contents),
        "codebook.csv": codebook_csv(contents),
        "result.json": _json(contents.result),
        "result.csv": result_csv(contents.result),
        **_pattern(contents),
        **_all_groups(contents),
        **_pattern_score(contents),
        **_ordinal(contents),
        **_participants(contents),
        **_permutations(contents),
        "agreement.json": _json(contents.findings.agreement),
        "agreement.csv": agreement_numbers_csv(contents.findings.agreement),
        **scripts,
        **programs(),
        "versions.json": _json(_versions(contents.result)),
    }


def _covariates(contents: Contents) -> dict[str, str]:
    return {"covariates.csv": covariates_csv(contents)} if contents.covariates else {}


def _pattern(contents: Contents) -> dict[str, str]:
    pattern = contents.result["pattern"]
    return {"pattern.csv": pattern_csv(pattern)} if pattern else {}


def _all_groups(contents: Contents) -> dict[str, str]:
    found = contents.result.get("all_groups")
    if found is None:
        return {}
    rows = assessed(analysis_set(contents.frame, contents.result["set"]))
    return {"groups.csv": canonical_csv(rows), "all_groups.csv": all_groups_csv(found)}


def _pattern_score(contents: Contents) -> dict[str, str]:
    found = scored(contents.result)
    return {"pattern_score.csv": pattern_score_csv(found), "resamples.csv": resamples_csv(contents)} if found else {}


def _permutations(contents: Contents) -> dict[str, str]:
    return {"permutations.csv": permutations_csv(contents)} if permuted_muscles(contents.result) else {}


def _ordinal(contents: Contents) -> dict[str, str]:
    return {"ordinal.json": _json(contents.ordinal)} if contents.ordinal else {}


def _participants(contents: Contents) -> dict[str, str]:
    described = contents.described
    if described is None:
        return {}
    of_flow = {"flow.csv": flow_csv(described)} if described["flow"] else {}
    return {"table1.csv": table_one_csv(described), **of_flow}


def _texts(contents: Contents) -> dict[str, str]:
    findings = contents.findings
    return {
        "methods.txt": f"{methods(findings)}\n",
        "results.txt": f"{results(findings)}\n",
        "grras.txt": f"{as_text(grras(findings))}\n",
        **{f"figures/{name}.svg": svg for name, svg in sorted(contents.figures.items())},
    }


def _seal(contents: Contents) -> dict[str, str]:
    return {"seal.txt": f"{contents.seal}\n"} if contents.seal else {}


def _versions(result: ComparisonResult) -> dict[str, object]:
    return {
        "data_version": result["data_version"],
        "computed_with": result["versions"],
        "random": randomness(result),
    }


def _json(value: Mapping[str, object]) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
