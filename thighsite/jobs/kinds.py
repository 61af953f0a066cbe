"""Kinds of jobs: what a worker can be asked to do.

A module that declares some stands in settings.JOB_MODULES, so that workers find it:

    @job_kind("import-grades", title="Import of grades", roles=[Role.COORDINATOR], result_page=page_of)
    def work(progress: Progress, *, upload: str) -> dict:
        for number, row in enumerate(rows):
            progress(number, len(rows), "storing grades")
        return {"grades": len(rows)}

Work that any number of workers can share says how it is split (``InPieces``), and is given what came of the pieces:

    @job_kind("plan", title="Simulation", in_pieces=InPieces(split, count, "simulating"))
    def work(progress: Progress, counts: list, *, setting: dict) -> dict:
        return sum_of(counts)
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.conf import settings

from grading.roles import ROLE_BY_CODE
from thighsite.jobs.models import Job


@dataclass(frozen=True)
class InPieces:
    """How a job's work is split, so that any number of workers do it, with one answer however many there are.

    ``split(**arguments)`` lists what each piece is asked, to every worker the same. JobRefused where this program would
    not do it as another does: it then leaves the pieces to that one. ``work(asked, **arguments)`` does one and returns
    what JSON can hold, the same whoever does it. It writes nothing: a piece whose worker dies is done by another.
    """

    split: Callable[..., Sequence[Any]]
    work: Callable[..., Any]
    doing: str  # in words, in front of how many are done


@dataclass(frozen=True)
class Kind:
    """What a job of this kind does, for whom, and what may be made of its end.

    ``work(progress, **arguments)`` runs in one transaction, in the name of who started the job. It returns what JSON
    can hold, or nothing, and raises JobRefused with words for whoever waits. What it writes stands with the job's
    end or not at all. The site proves the arguments, and nothing that they point to: beside the number of a stored file
    stands the file's SHA-256, which the work compares.
    """

    name: str
    title: str
    work: Callable[..., Any]
    roles: frozenset[str]  # members who may see such a job of their study, stop it and ask for its result
    may_repeat: bool = True  # by another worker, after the first one died; False where it does more than the database
    result_page: Callable[[Job], str] | None = None  # the address that shows what came of a job that is done
    in_pieces: InPieces | None = None  # whose results, in their order, ``work`` is given behind the progress


class JobRefused(Exception):
    """Work that cannot be done as asked. Its words are shown to whoever started the job."""


_kinds: dict[str, Kind] = {}


def job_kind(
    name: str,
    *,
    title: str,
    roles: Collection[str] = (),
    may_repeat: bool = True,
    result_page: Callable[[Job], str] | None = None,
    in_pieces: InPieces | None = None,
) -> Callable[[Callable[..., Any]], Kind]:
    """Declare a kind of job; the decorated function becomes the Kind. ValueError for a name that is taken."""

    def declare(work: Callable[..., Any]) -> Kind:
        if name in _kinds:
            raise ValueError(f"There are two kinds of jobs named {name}.")
        if not all(ROLE_BY_CODE[role].sees_groups for role in roles):
            raise ValueError(f"Jobs named {name} may show the groups, and would be seen by a role that must not.")
        _kinds[name] = Kind(name, title, work, frozenset(roles), may_repeat, result_page, in_pieces)
        return _kinds[name]

    return declare


def find_kind(name: str) -> Kind | None:
    """Find a kind by its name; None for a job that an older or newer program has made.

    No module is imported behind the one that declares it: those that compute take longer to load than most work lasts.
    """
    for module in settings.JOB_MODULES:
        if name in _kinds:
            break
        import_module(module)
    kind = _kinds.get(name)
    if kind is not None:
        import_module(kind.work.__module__)  # waits where another thread still imports it; fails again where it failed
    return kind


def all_kinds() -> Mapping[str, Kind]:
    """List all kinds by their names."""
    for module in settings.JOB_MODULES:
        import_module(module)
    return _kinds
