"""Under which licence a bundle may be used, and how it is cited.

The programs have the site's licence. The data have the one that the investigator chooses at the download, and none
unless they do: whether a study's data may be shared is not for the site to say.
"""

import json
from dataclasses import dataclass

from analysis.bundle.contents import Contents
from analysis.words.paper.grras import TO_COMPLETE


@dataclass(frozen=True)
class DataLicence:
    """A licence by its SPDX code, what it is called, and where it stands."""

    code: str
    name: str
    url: str


DATA_LICENCES = {
    licence.code: licence
    for licence in (
        DataLicence(
            "CC-BY-4.0", "Creative Commons Attribution 4.0", "https://creativecommons.org/licenses/by/4.0/legalcode"
        ),
        DataLicence(
            "CC-BY-NC-4.0",
            "Creative Commons Attribution-NonCommercial 4.0",
            "https://creativecommons.org/licenses/by-nc/4.0/legalcode",
        ),
        DataLicence(
            "CC0-1.0", "Creative Commons Zero 1.0", "https://creativecommons.org/publicdomain/zero/1.0/legalcode"
        ),
    )
}
_PROGRAMS = (
    "The programs (those ending in .R and .py, and those in program/) are licensed under the Apache License, "
    "Version 2.0 (SPDX: Apache-2.0):\nhttps://www.apache.org/licenses/LICENSE-2.0\n\n"
)
_NONE = (
    "No licence has been chosen for the data, numbers, text and figures: nothing but what the law or the study's own "
    "agreements\nallow may be done with them.\n"
)


def licence_text(contents: Contents) -> str:
    """Say which licence the programs have, and which the data."""
    if not contents.licence:
        return _PROGRAMS + _NONE
    chosen = DATA_LICENCES[contents.licence]
    return f"{_PROGRAMS}Data, numbers, text and figures: {chosen.name} (SPDX: {chosen.code}):\n{chosen.url}\n"


def citation_cff(contents: Contents) -> str:
    """Write CITATION.cff (Citation File Format 1.2.0) of the data set; the authors complete who they are."""
    result = contents.result
    groups = result["groups"]
    fields = {
        "cff-version": "1.2.0",
        "message": "Please cite these data, and the paper that they belong to.",
        "type": "dataset",
        "title": f"{contents.title}: {groups['compared']} compared with {groups['reference']}, muscle by muscle",
        "version": result["data_version"][:12],
        **({"license": contents.licence} if contents.licence else {}),
    }
    lines = [f"{name}: {json.dumps(text, ensure_ascii=False)}" for name, text in fields.items()]
    authors = ["authors:", f"  - name: {json.dumps(f'{TO_COMPLETE}names')}"]
    version = ["identifiers:", "  - type: other", f"    value: {json.dumps('sha256:' + result['data_version'])}"]
    return "\n".join([*lines, *authors, *version, "    description: data version, the SHA-256 of frame.csv"]) + "\n"
