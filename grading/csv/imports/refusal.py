"""What is wrong with a file, collected so that one attempt shows all of it. Pure: no Django."""

from dataclasses import dataclass, field

MAX_SHOWN = 50


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: where, and what would be right."""

    message: str
    line: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        place = [f"line {self.line}"] if self.line else []
        place += [f"column {self.column}"] if self.column else []
        text = f"{', '.join(place)}: {self.message}" if place else self.message
        return text[0].upper() + text[1:]


class ImportRefused(Exception):
    """Nothing was imported. Carries the first problems by line, and how many there are beyond those."""

    def __init__(self, problems: list[Problem], further: int = 0):
        super().__init__(problems, further)
        self.problems = problems
        self.further = further

    def __str__(self) -> str:
        lines = ["Nothing was imported.", *map(str, self.problems)]
        if self.further:
            lines.append(f"And {self.further} more.")
        return "\n".join(lines)


@dataclass
class Problems:
    """Collects problems; ``refuse`` raises ImportRefused if there are any."""

    shown: list[Problem] = field(default_factory=list)
    further: int = 0

    def add(self, message: str, line: int | None = None, column: str | None = None) -> None:
        if len(self.shown) < MAX_SHOWN:
            self.shown.append(Problem(message, line, column))
        else:
            self.further += 1

    def refuse(self) -> None:
        if self.shown:
            raise ImportRefused(sorted(self.shown, key=lambda problem: problem.line or 0), self.further)


def refuse(message: str, line: int | None = None, column: str | None = None) -> ImportRefused:
    """Make the exception for a single problem that leaves nothing else to look at: ``raise refuse(…)``."""
    return ImportRefused([Problem(message, line, column)])
