"""Reads one upload, and answers on standard output: ``python -m grading.stacks.reading INPUT OUTPUT``.

Both are descriptors of open files. Standard input has the spans of the uploaded files in the input, as JSON. The answer
is JSON: stacks and what was left out, or ``refused`` with a sentence, or ``failed`` with the place in the program.
"""

import json
import os
import sys
import traceback
import warnings
from typing import Any

from grading.stacks.reading.limits import TOO_LONG, TOO_MUCH_MEMORY, TookTooLong, restrict
from grading.stacks.refusal import Refused


def main(source: int, output: int) -> None:
    restrict()
    warnings.simplefilter("ignore")
    json.dump(_answer(source, output), sys.stdout, allow_nan=False)


def _answer(source: int, output: int) -> dict[str, Any]:
    try:
        return _read(source, output)
    except Refused as why:
        return {"refused": why.reason}
    except TookTooLong:
        return {"refused": TOO_LONG}
    except MemoryError:
        return {"refused": TOO_MUCH_MEMORY}
    except Exception as error:
        # Only where it happened: what it says of itself may quote a header
        place = traceback.extract_tb(error.__traceback__)[-1]
        return {"failed": f"{type(error).__name__} at {os.path.basename(place.filename)}:{place.lineno}"}


def _read(source: int, output: int) -> dict[str, Any]:
    # Imported under the limits, too: the libraries read nothing that is not theirs, but take memory
    from grading.stacks.reading.header import prepare
    from grading.stacks.reading.upload import read_upload

    prepare()
    spans = [(int(start), int(length)) for start, length in json.load(sys.stdin)]
    with os.fdopen(output, "wb", closefd=False) as file:
        return read_upload(source, spans, file)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
