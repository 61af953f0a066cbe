"""Comments as they are stored, however they came in: typed on a page or brought in by a file. Pure: no Django."""


def normalised_comment(comment: str) -> str:
    """Make of a comment what is stored of it: lines that end in \\n alone, nothing blank at its ends."""
    return "\n".join(comment.replace("\x00", "").splitlines()).strip()
