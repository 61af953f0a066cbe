"""A study as a Frictionless Data Package: its tables as CSV and what every column is, in one ZIP (datapackage.org)."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from grading.formats.finality import finality
from grading.formats.r_script import r_script
from grading.formats.streamed_zip import File, Written, zipped
from grading.formats.table_schema import table_schema
from grading.formats.tables import TABLES, Table
from grading.models import Study
from thighsite import __version__
from thighsite.postgres.snapshot import one_snapshot

DESCRIPTOR = "datapackage.json"


def data_package(study: Study) -> Iterator[bytes]:
    """Write the ZIP, all of it of one moment: tables, a script that reads them into R, and last what describes them."""
    files = [_csv(study, table) for table in TABLES]
    files.append(File("read.R", lambda _: [r_script(study)]))
    files.append(File(DESCRIPTOR, lambda written: [json.dumps(_descriptor(study, written), indent=1)]))
    with one_snapshot():
        yield from zipped(files)


def _descriptor(study: Study, written: dict[str, Written]) -> dict[str, Any]:
    return {
        "profile": "tabular-data-package",
        "name": study.slug,
        "title": study.title,
        "description": " ".join([finality(study), *_calibration(study)]),
        "created": datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "sources": [{"title": f"thighsite {__version__}"}],
        "resources": [_resource(study, table, written[_file(table)]) for table in TABLES],
    }


def _calibration(study: Study) -> Iterator[str]:
    """Say which participants no other table has: whoever counts them would count these, too."""
    codes = study.participants.filter(is_calibration=True).order_by("code").values_list("code", flat=True)
    if codes:
        yield f"Of {_file(TABLES[0])} these serve calibration alone, and have no grades here: {', '.join(codes)}."


def _resource(study: Study, table: Table, written: Written) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "title": table.row,
        "path": _file(table),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "quoteChar": '"', "doubleQuote": True, "lineTerminator": "\n"},
        "bytes": written.bytes,
        "hash": f"sha256:{written.sha256}",
        "schema": table_schema(table.columns(study), **table.keys),
    }


def _csv(study: Study, table: Table) -> File:
    return File(_file(table), lambda _: table.lines(study))


def _file(table: Table) -> str:
    return f"{table.name}.csv"
