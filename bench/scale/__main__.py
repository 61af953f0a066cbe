"""How a study of 1,000,000 participants and 33,000,000 grades is compared, what it takes on disk, and its pages.

The pages stand beside those of a study of 1,000 participants.

    .venv/bin/python -m bench.scale            half an hour and 10 GB, nearly all of it to fill the database
    .venv/bin/python -m bench.scale --quick    a fortieth of the grades

One process, on an embedded PostgreSQL that is thrown away afterwards. Its figures stand in docs/scale.md.
"""

import os
import time

from bench.arguments import is_quick_asked
from bench.comparison.memory import forget_peak, resident
from bench.page_tables import table
from bench.page_times import compared
from bench.scale.rows import PER_PARTICIPANT, bytes_per_grade, fill
from bench.served_site import prepared

FEW, GRADES, QUICK_GRADES = 33_000, 33_000_000, 825_000


def main() -> None:
    """Fill a study, reduce and compare it, hash it, visit its pages, and print what each took."""
    grades = QUICK_GRADES if is_quick_asked(__doc__, "a fortieth of the grades") else GRADES
    with prepared():
        few, study = fill("few", FEW), fill("registry", grades)
        load = os.getloadavg()[0]
        rows = _measured(study)
        sizes = bytes_per_grade(grades)
        pages = compared(few, study, [f"{each // PER_PARTICIPANT:,} MRIs" for each in (FEW, grades)])
    print(f"{os.cpu_count()} cores, load {load:.2f} in the minute before.\n")
    print(table(["step", "seconds", "most memory, MB"], rows))
    print()
    print(table(["on disk", "bytes per grade"], [[name, f"{size:.0f}"] for name, size in sizes.items()]))
    print()
    print(pages)


def _measured(study) -> list[list[str]]:
    from analysis.stats.comparison import compare
    from analysis.study_data.frame import study_groups
    from analysis.study_data.reading import long_reading
    from analysis.study_data.reduced import reduced_cut
    from analysis.study_data.version import stored_version

    rows = []

    def timed(name, step):
        forget_peak()
        start = time.perf_counter()
        found = step()
        rows.append([name, f"{time.perf_counter() - start:.1f}", f"{resident('VmHWM'):.0f}"])
        return found

    with long_reading() as reading:
        cut = timed("reduced in PostgreSQL", lambda: reduced_cut(reading, study, study_groups(study)))
        timed("compared", lambda: compare(cut, permutations=0))
        timed("data version", lambda: stored_version(reading.cursor, study))
    return rows


if __name__ == "__main__":
    main()
