"""Signatures, computed anew from what is stored: of each signed-off read of a study, in one pass over the database."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db import connection

from grading.integrity.corrections import FormerNames, Identity
from grading.integrity.signature import FORMER, IMPORTED, SIGNED, SignedRead, signature

CHUNK = 1000

# `was_former`: the trail had noted the signature before there were signatures of the second kind.
SIGNED_OFF = """
SELECT own.id, own.signature, own.handed_out,
       EXISTS (SELECT FROM grading_trail WHERE read_id = own.id AND table_name = 'grading_read'
               AND after->>'signature' = own.signature
               AND (vouched IS NULL OR vouched AND reason = 'Noted as it stood when the trail came to watch it.')
       ) AS was_former,
       participant.code, mri.code, reader.username, participant.id, mri.id, reader.id,
       own.occasion, own.feature, own.sequence,
       (SELECT coalesce(json_agg(json_build_array(muscle, side, score)), '[]') FROM grading_grade
        WHERE read_id = own.id),
       signer.username, own.signed_off_at, own.sign_off_meaning, own.comment, own.pairing_confirmed, own.opened_at,
       own.first_entry_at, own.last_entry_at, own.active_seconds
FROM grading_read AS own
LEFT JOIN grading_mri AS mri ON mri.id = own.mri_id
LEFT JOIN grading_participant AS participant ON participant.id = mri.participant_id
LEFT JOIN auth_user AS reader ON reader.id = own.reader_id
LEFT JOIN auth_user AS signer ON signer.id = own.signed_off_by_id
WHERE own.study_id = %(study)s AND own.status = 'signed_off'
ORDER BY participant.code COLLATE "C", mri.code COLLATE "C", reader.username COLLATE "C", own.feature, own.occasion
"""


@dataclass(frozen=True)
class StoredSignature:
    """A signed-off read with what its signature should bind; the identity says what that is called now."""

    read: UUID
    signature: str
    is_imported: bool
    was_former: bool
    identity: Identity
    content: SignedRead

    def is_of(self, content: SignedRead) -> bool:
        """Say whether the signature binds this content."""
        kind = IMPORTED if self.is_imported else SIGNED
        return signature(content, kind) == self.signature or (
            self.was_former and signature(content, FORMER) == self.signature
        )

    def holds(self, names: FormerNames) -> bool:
        """Say whether the signature binds what is stored, under the names of now or of then."""
        return self.is_of(self.content) or any(self.is_of(content) for content in self._under_names(names))

    def _under_names(self, names: FormerNames) -> Iterator[SignedRead]:
        for participant, mri, reader in names.combinations(self.identity):
            signer = reader if self.content.signer == self.content.reader else self.content.signer
            yield replace(self.content, participant=participant, mri=mri, reader=reader, signer=signer)


def stored_signatures(scope: dict[str, Any]) -> Iterator[StoredSignature]:
    """Fetch the signed-off reads of a study, in the order of the exports."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(SIGNED_OFF, scope)
        while chunk := cursor.fetchmany(CHUNK):
            yield from (_stored(*row) for row in chunk)


def _stored(read, digest, handed_out, was_former, participant, mri, reader, *rest) -> StoredSignature:
    participant_key, mri_key, reader_key, occasion, feature, sequence, grades, *others = rest
    content = SignedRead(
        participant,
        mri,
        reader,
        occasion,
        feature,
        sequence,
        tuple((m, side, score) for m, side, score in grades),
        *others,
    )
    identity = Identity(participant, mri, reader, str(participant_key), str(mri_key), str(reader_key))
    return StoredSignature(read, digest, not handed_out, was_former, identity, content)
