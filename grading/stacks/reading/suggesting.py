"""Which sequence a stack probably is, by its times alone, never by texts: a suggestion, for a person to judge."""

from grading.stacks.reading.frame import Timing

_STIR_INVERSION = (80, 350)  # ms: fat is nulled; longer ones null fluid
_LONG_REPETITION = 1_500  # ms
_SHORT_REPETITION = 1_200  # ms
_SHORT_ECHO = 35  # ms
_LONG_ECHO = 40  # ms
_MOST = {"repetition": 60_000, "echo": 1_000, "inversion": 10_000}  # ms; what is longer was no time


def suggest(timing: Timing) -> tuple[str | None, str]:
    """Suggest a sequence, or none, and say by what."""
    repetition, echo, inversion = (_time(timing, name) for name in _MOST)
    said = _said(repetition, echo, inversion)
    if not said:
        return None, "The files say no times of the sequence."
    if inversion and _STIR_INVERSION[0] <= inversion <= _STIR_INVERSION[1] and (repetition or 0) >= _LONG_REPETITION:
        return "STIR", f"{said}, as STIR has."
    if not repetition or not echo:
        return None, f"{said}, which is not enough to tell."
    if repetition >= _LONG_REPETITION and echo >= _LONG_ECHO and timing.fat_suppressed:
        return "T2FS", f"{said}, and fat is suppressed, as T2FS has."
    if repetition <= _SHORT_REPETITION and echo <= _SHORT_ECHO and not inversion and not timing.fat_suppressed:
        return "T1W", f"{said}, as T1W has."
    return None, f"{said}, by which it is none of the sequences that are graded."


def _time(timing: Timing, name: str) -> float | None:
    found: float | None = getattr(timing, name)
    return found if found is not None and 0 < found <= _MOST[name] else None


def _said(repetition: float | None, echo: float | None, inversion: float | None) -> str:
    times = {"repetition": repetition, "echo": echo, "inversion": inversion}
    said = " and ".join(f"{name} time {time:,.0f} ms" for name, time in times.items() if time)
    return said[:1].upper() + said[1:]
