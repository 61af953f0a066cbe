"""Results computed once for all: cached in the database by study, data version and question.

Of those who ask at the same time, one computes, holding an advisory lock that goes with its transaction, also when
the process is killed; the others wait a moment for the result, or are told that it is being computed.

Whoever can write to the database could put another result in place of one, or an earlier data version in place of
today's. So each row has a proof that the site stored it, under a key that is not in the database; one that fails counts
as none.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from time import perf_counter
from typing import Any

import pandas as pd
from django.db import OperationalError, connection, transaction
from django.db.models import Q
from psycopg.errors import LockNotAvailable

from analysis.models import CachedResult, DataVersion
from analysis.stats.frame.canonical import data_version
from analysis.stats.versions import program
from analysis.study_data.frame import revision, study_frame
from grading.models import Study
from thighsite.proofs import is_proven, proof_of

PATIENCE = "300ms"  # how long to wait for another's computation: a waiting thread is one that saves no grades
PROOF = "cached_result"  # data versions are of three values, results of five
Compute = Callable[[pd.DataFrame, str], Mapping[str, Any]]  # from a frame and its data version


class BeingComputed(Exception):
    """The result is not there yet. Ask again in a moment. It may say in words what is awaited."""


@dataclass(frozen=True)
class Result:
    """Hold what was computed, and from which version of the data."""

    content: dict[str, Any]
    data_version: str


def cached_result(study: Study, question: str, compute: Compute | None) -> Result:
    """Answer a question for the study's data as they stand, from the database or computed now.

    Args:
        question: text that tells it from every other, and holds everything that it depends on beside the frame.
        compute: from the study's frame (``frame.study_frame``) and its data version to what JSON can hold; None to
            take only what is there already.

    Raises:
        BeingComputed: another process or thread is at it, or there is nothing yet and no way to compute it.
    """
    if found := _found(study, question):
        return found
    if compute is None:
        raise BeingComputed
    return _computed_by_one(study, question, compute)


def is_computed(study: Study, question: str) -> bool:
    """Say whether the result for the rows as they stand is there, also where the study changed otherwise since."""
    return _of_version(study, question, data_version(study_frame(study))) is not None


def _found(study: Study, question: str) -> Result | None:
    current = DataVersion.objects.filter(study=study, revision=revision(study)).first()
    if current is None or not is_proven(current.proof, PROOF, study.pk, current.revision, current.sha256):
        return None
    return _of_version(study, question, current.sha256)


def _of_version(study: Study, question: str, version: str) -> Result | None:
    found = CachedResult.objects.filter(study=study, data_version=version, question=question, program=program())
    content, proof = found.values_list("content", "proof").first() or ("", "")
    if not is_proven(proof, PROOF, study.pk, version, question, program(), content):
        return None
    return Result(json.loads(content), version)


def _computed_by_one(study: Study, question: str, compute: Compute) -> Result:
    try:
        with transaction.atomic():
            _claim(study, question)
            return _found(study, question) or _computed(study, question, compute)
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            raise BeingComputed from error
        raise


def _claim(study: Study, question: str) -> None:
    key = int.from_bytes(sha256(f"{study.pk} {question}".encode()).digest()[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE}'")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])
        cursor.execute("SET LOCAL lock_timeout = 0")


def _computed(study: Study, question: str, compute: Compute) -> Result:
    current = revision(study)  # before the frame, which then is at least as new
    frame = study_frame(study)
    version = data_version(frame)
    found = _of_version(study, question, version) or _stored(study, question, version, frame, compute)
    # Last, for until this transaction ends all others of the same revision wait at this row, whatever they compute.
    stored = DataVersion(
        study=study, revision=current, sha256=version, proof=proof_of(PROOF, study.pk, current, version)
    )
    DataVersion.objects.bulk_create(
        [stored], update_conflicts=True, unique_fields=["study", "revision"], update_fields=["sha256", "proof"]
    )
    return found


def _stored(study: Study, question: str, version: str, frame: pd.DataFrame, compute: Compute) -> Result:
    started = perf_counter()
    content = json.dumps(compute(frame, version), allow_nan=False)
    seconds = perf_counter() - started
    _forget(study, version, question)
    CachedResult.objects.create(
        study=study,
        data_version=version,
        question=question,
        program=program(),
        content=content,
        seconds=seconds,
        proof=proof_of(PROOF, study.pk, version, question, program(), content),
    )
    return Result(json.loads(content), version)


def _forget(study: Study, version: str, question: str) -> None:
    """Delete the results of other versions, for which nobody will ask again, and one of this question without a proof.

    Rows that another transaction is deleting are left to it.
    """
    unproven = Q(data_version=version, question=question, program=program())
    gone = CachedResult.objects.filter(~Q(data_version=version) | unproven, study=study)
    passed = list(gone.select_for_update(skip_locked=True).values_list("pk", flat=True))
    CachedResult.objects.filter(pk__in=passed).delete()
