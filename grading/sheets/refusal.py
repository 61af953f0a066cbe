"""What is wrong with a file, collected so that one attempt shows all of it: each kind once. Pure: no Django."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any, ClassVar

MAX_SHOWN = 50
MAX_LISTED = 100_000  # rows of the whole list

_SAID = re.compile(r"'[^']*'|[0-9]+")


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: where, and what would be right.

    ``of_file`` is False where the file is right by itself, and does not fit what the study has, or is, just now.
    ``command`` is what helps at the command line alone.
    """

    message: str
    line: int | None = None  # the first one, where several rows have it
    column: str | None = None
    of_file: bool = True
    command: str = ""
    rows: int = 1
    alike: int = 0  # further rows of this kind, which are not shown

    def __str__(self) -> str:
        line = f"line {self.line}" if self.line else ""
        place = [f"{self.rows:,} rows, first {line or 'one'}" if self.rows > 1 else line, self._in_column()]
        where = ", ".join(filter(None, place))
        text = f"{where}: {self.message}" if where else self.message
        further = f" And {self.alike:,} more like this." if self.alike else ""
        return text[0].upper() + text[1:] + further

    def _in_column(self) -> str:
        return f"column {self.column}" if self.column else ""

    @property
    def at_the_terminal(self) -> str:
        return f"{str(self).removesuffix('.')} ({self.command})." if self.command else str(self)


class ImportRefused(Exception):
    """Nothing was imported.

    ``problems`` shows each kind of what is wrong, by line, and ``further`` counts the rows beyond those; ``listed`` has
    every single one, up to MAX_LISTED.
    """

    def __init__(self, problems: list[Problem], further: int = 0, listed: Sequence[Problem] = ()):
        super().__init__(problems, further)
        self.problems = problems
        self.further = further
        self.listed = list(listed or problems)

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
            lines.append(f"And {self.further:,} more.")
        return "\n".join(lines)


class ImportAsked(ImportRefused):
    """Nothing was imported yet: what the file says is possible, but rarely meant, and somebody has to say that it is.

    ``digest`` stands for all the questions, so that an answer to them is none to others; ``columns`` are those of the
    file that are probably one of ours, with that one.
    """

    def __init__(
        self,
        problems: list[Problem],
        further: int,
        listed: Sequence[Problem],
        digest: str,
        columns: dict[str, str],
    ):
        super().__init__(problems, further, listed)
        self.digest = digest
        self.columns = columns

    def __str__(self) -> str:
        columns = _columns_at_the_terminal(self.columns)
        return f"{super().__str__()}{columns}\nIf all of this is as it should be, add --accept-similar."


class ImportLacks(ImportRefused):
    """Nothing was imported yet: the file does not say something that can be said once for all of its rows.

    ``lacking`` names the columns, such as reader and feature; ``columns`` are those of the file that are probably
    one of ours, with that one.
    """

    def __init__(self, problem: Problem, lacking: Sequence[str], columns: dict[str, str] | None = None):
        super().__init__([problem])
        self.lacking = tuple(lacking)
        self.columns = columns or {}

    def __str__(self) -> str:
        once = f"\nIt is said by {' and '.join(f'--{name}' for name in self.lacking)}." if self.lacking else ""
        return f"{super().__str__()}{once}{_columns_at_the_terminal(self.columns)}"


class ImportMisnames(ImportLacks):
    """Nothing was imported yet: the header lacks columns, perhaps because the file has other names for them."""

    def __str__(self) -> str:
        columns = self.columns or {"NAME IN THE FILE": "COLUMN"}
        return f"{ImportRefused.__str__(self)}{_columns_at_the_terminal(columns)}"


def _columns_at_the_terminal(columns: dict[str, str]) -> str:
    """Write what says at the command line that columns are what they seem to be."""
    said = " ".join(f'--column "{name}={meant}"' for name, meant in columns.items())
    return f"\nIf a column is what it seems to be, say so: {said}." if said else ""


@dataclass
class Problems:
    """Collects problems; ``refuse`` raises ImportRefused if there are any."""

    examples: ClassVar[int] = 3  # of a kind, whose messages differ in what they quote: more would hide other kinds
    listed: list[Problem] = field(default_factory=list)
    of_file: bool = True  # what is added from here on; False once the file is compared with the study
    _equal: dict[tuple[str, str | None], Problem] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self._equal)

    def add(self, message: str, line: int | None = None, column: str | None = None, **more: Any) -> None:
        problem = Problem(message, line, column, **{"of_file": self.of_file} | more)
        known = self._equal.get((message, column))
        self._equal[message, column] = replace(known, rows=known.rows + 1) if known else problem
        if len(self.listed) < MAX_LISTED:
            self.listed.append(problem)

    def refuse(self) -> None:
        if self:
            raise ImportRefused(*self.by_kind(), self.listed)

    def by_kind(self) -> tuple[list[Problem], int]:
        """List what is wrong by line, with few examples of each kind, and count the rows of the kinds left out."""
        kinds: dict[tuple[str, str | None], list[Problem]] = {}
        for problem in sorted(self._equal.values(), key=lambda problem: problem.line or 0):
            kinds.setdefault((_SAID.sub("", problem.message), problem.column), []).append(problem)
        examples = [problem for kind in kinds.values() for problem in _examples(kind, self.examples)]
        examples.sort(key=lambda problem: problem.line or 0)
        left_out = sum(problem.rows + problem.alike for problem in examples[MAX_SHOWN:])
        return examples[:MAX_SHOWN], left_out


class Questions(Problems):
    """Collects what is asked about; ``ask`` raises ImportAsked if there is anything, unless it is accepted already.

    ``answered`` is the digest of the questions to which somebody said yes: those alone are accepted by it.
    """

    examples = MAX_SHOWN  # all of it is accepted at once, so all of it has to be seen

    def __init__(self, *, accepted: bool, answered: str = "") -> None:
        super().__init__()
        self._accepted, self._answered = accepted, answered
        self._asked = sha256()
        self.columns: dict[str, str] = {}

    def add(self, message: str, line: int | None = None, column: str | None = None, **more: Any) -> None:
        super().add(message, line, column, **more)
        self._asked.update(f"{Problem(message, line, column)}\n".encode())

    def ask(self) -> None:
        digest = self._asked.hexdigest()
        if self and not self._accepted and digest != self._answered:
            raise ImportAsked(*self.by_kind(), self.listed, digest, self.columns)


def _examples(kind: list[Problem], most: int) -> list[Problem]:
    """Take the first few of a kind; the last of them counts those that are left out."""
    if left_out := sum(problem.rows for problem in kind[most:]):
        kind = [*kind[: most - 1], replace(kind[most - 1], alike=left_out)]
    return kind


def refuse(message: str, line: int | None = None, column: str | None = None, *, of_file: bool = True) -> ImportRefused:
    """Make the exception for a single problem that leaves nothing else to look at: ``raise refuse(…)``."""
    return ImportRefused([Problem(message, line, column, of_file)])
