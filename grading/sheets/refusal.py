"""What is wrong with a file, collected so that one attempt shows all of it. Pure: no Django."""

from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

MAX_SHOWN = 50


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: where, and what would be right.

    ``of_file`` is False where the file is right by itself, and does not fit what the study has, or is, just now.
    ``command`` is what helps at the command line alone.
    """

    message: str
    line: int | None = None
    column: str | None = None
    of_file: bool = True
    command: str = ""

    def __str__(self) -> str:
        place = [f"line {self.line}"] if self.line else []
        place += [f"column {self.column}"] if self.column else []
        text = f"{', '.join(place)}: {self.message}" if place else self.message
        return text[0].upper() + text[1:]

    @property
    def at_the_terminal(self) -> str:
        return f"{str(self).removesuffix('.')} ({self.command})." if self.command else str(self)


class ImportRefused(Exception):
    """Nothing was imported. Carries the first problems by line, and how many there are beyond those."""

    def __init__(self, problems: list[Problem], further: int = 0):
        super().__init__(problems, further)
        self.problems = problems
        self.further = further

    @property
    def remedy(self) -> str:
        """Say where to put it right; nothing where the one problem says all, such as that the study is locked."""
        if all(problem.of_file for problem in self.problems):
            return "Correct the file and try again."
        if any(problem.line for problem in self.problems):
            return "Put right what is named here, in the file or in the study, and try again."
        return ""

    def __str__(self) -> str:
        """Write it for the terminal."""
        lines = ["Nothing was imported.", *(problem.at_the_terminal for problem in self.problems)]
        if self.further:
            lines.append(f"And {self.further} more.")
        return "\n".join(lines)


class ImportAsked(ImportRefused):
    """Nothing was imported yet: what the file says is possible, but rarely meant, and somebody has to say that it is.

    ``digest`` stands for all the questions, so that an answer to them is none to others.
    """

    def __init__(self, problems: list[Problem], further: int, digest: str):
        super().__init__(problems, further)
        self.digest = digest

    def __str__(self) -> str:
        return f"{super().__str__()}\nIf all of this is as it should be, add --accept-similar."


@dataclass
class Problems:
    """Collects problems; ``refuse`` raises ImportRefused if there are any."""

    shown: list[Problem] = field(default_factory=list)
    further: int = 0
    of_file: bool = True  # what is added from here on; False once the file is compared with the study

    def add(self, message: str, line: int | None = None, column: str | None = None, **more: Any) -> None:
        if len(self.shown) < MAX_SHOWN:
            self.shown.append(Problem(message, line, column, **{"of_file": self.of_file} | more))
        else:
            self.further += 1

    def refuse(self) -> None:
        if self.shown:
            raise ImportRefused(sorted(self.shown, key=lambda problem: problem.line or 0), self.further)


class Questions(Problems):
    """Collects what is asked about; ``ask`` raises ImportAsked if there is anything, unless it is accepted already."""

    def __init__(self, *, accepted: bool) -> None:
        super().__init__()
        self._accepted = accepted
        self._asked = sha256()

    def add(self, message: str, line: int | None = None, column: str | None = None, **more: Any) -> None:
        super().add(message, line, column, **more)
        self._asked.update(f"{Problem(message, line, column)}\n".encode())

    def ask(self) -> None:
        if self.shown and not self._accepted:
            by_line = sorted(self.shown, key=lambda problem: problem.line or 0)
            raise ImportAsked(by_line, self.further, self._asked.hexdigest())


def refuse(message: str, line: int | None = None, column: str | None = None, *, of_file: bool = True) -> ImportRefused:
    """Make the exception for a single problem that leaves nothing else to look at: ``raise refuse(…)``."""
    return ImportRefused([Problem(message, line, column, of_file)])
