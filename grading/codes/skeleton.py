"""Letters that look alike → one letter for all of them, as Unicode Technical Standard 39 does. Pure: no Django.

The data are Unicode's confusables, which the library ``confusable_homoglyphs`` carries. It has each pair both ways, so
which of the two is the prototype is found out here: what several characters lead to, or more than one letter, or, of a
lone pair, the earlier character.
"""

import unicodedata
from functools import cache

_MARK = "\N{LEFT-TO-RIGHT MARK}"  # around letters of right-to-left scripts, in the library's data


def skeleton(text: str) -> str:
    """Write a text so that texts which look alike are equal: ``skeleton("ТМ2O1") == skeleton("TM201")``.

    https://www.unicode.org/reports/tr39/#Confusable_Detection
    """
    return _decomposed(_decomposed(text).translate(_prototypes()))


@cache
def _prototypes() -> dict[int, str]:
    """Map each character that looks like others to what stands for all of them."""
    from confusable_homoglyphs.confusables import confusables_data  # a megabyte that few commands need

    alike = {_bare(character): [_bare(pair["c"]) for pair in pairs] for character, pairs in confusables_data.items()}
    towards = {
        character: others[0]
        for character, others in alike.items()
        if len(character) == 1 and len(others) == 1 and _is_prototype(others[0], alike[others[0]], character)
    }
    return {
        ord(character): "".join(towards.get(one, one) for one in _decomposed(goal))
        for character, goal in towards.items()
    }


def _is_prototype(candidate: str, its_own: list[str], character: str) -> bool:
    return len(candidate) > 1 or len(its_own) > 1 or candidate < character


def _decomposed(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def _bare(text: str) -> str:
    return text.strip(_MARK)
