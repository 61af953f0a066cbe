"""How many of a thing there are; and the glossary's words, which pages explain where they first stand. Pure."""

WORDS = {
    "read": "One reader's pass over one MRI for one feature: assigned, then draft, then signed off.",
    "draft": "Of a read that is begun and not signed off: its grades may still change.",
    "signed off": "Of a read that its reader has finished and signed, with name, time and meaning: it is frozen.",
    "occasion": "1 for the first read, 2, 3 … for re-reads, which are new reads; the first stays.",
    "blind code": "What names a read to its reader, such as K7PD: random, unique in the study, never changed and never "
    "given again. An MRI has another with each reader, and when it is read again.",
    "re-read": "A read with occasion 2 or more. It comes up after the study's wash-out, once no earlier "
    "read of the scan for the feature is open.",
    "wash-out": "The days between the sign-off of a first read and its re-read, so that the first is forgotten. "
    "Counted anew where the first read is signed off again.",
    "stack": "The slices of one sequence of one MRI as the site shows them: pixels and geometry, nothing else of the "
    "DICOM they came from.",
    "slice": "One image of a stack, by its number from 0 in the stack's order.",
    "trail": "What was changed, by whom, when, from what to what and why, as PostgreSQL itself notes it, in records "
    "that are chained by hash.",
    "seal": "SHA-256 over all of a study's trail so far, with a number. Kept elsewhere, it proves what the trail was.",
    "slug": "A study's short name, which stands in the addresses of its pages and in the names of its files.",
}


def counted(count: int, one: str, many: str = "") -> str:
    """Write ``1 read``, ``1,024 reads``; ``many`` where that is not ``one`` with an s."""
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"
