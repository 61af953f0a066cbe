"""Names that mix alphabets, as reаder1 with a Cyrillic а does. Pure: no Django."""

_TOGETHER = (
    {"LATIN", "HAN", "HIRAGANA", "KATAKANA"},  # Japanese
    {"LATIN", "HAN", "BOPOMOFO"},  # Chinese
    {"LATIN", "HAN", "HANGUL"},  # Korean
)


def mixed_alphabets(text: str) -> list[str]:
    """List the alphabets of a text that do not go together; none where they do.

    The level "Highly Restrictive" of Unicode Technical Standard 39.
    """
    from confusable_homoglyphs.categories import unique_aliases  # read from a file that few commands need

    scripts = set(unique_aliases(text)) - {"COMMON", "INHERITED"}
    mixed = len(scripts) > 1 and not any(scripts <= together for together in _TOGETHER)
    return [script.capitalize() for script in sorted(scripts)] if mixed else []
