"""Who the reader column means."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import get_user_model

from grading.codes.nearness import nearest
from grading.csv.imports.grade_rows import ReadInFile
from grading.csv.imports.report import ImportReport
from grading.csv.imports.row_parser import quoted
from grading.models import Member, Study
from grading.models.study_site import own_site
from grading.services.accounts import Usernames, make_account
from grading.sheets.refusal import Problems, Questions


@dataclass
class Readers:
    """The users behind a file's user names, and their roles in the study; either may be missing."""

    users: dict[str, Any]
    roles: dict[str, str]


def check_readers(
    study: Study,
    reads: Iterable[ReadInFile],
    problems: Problems,
    questions: Questions,
    *,
    create: bool,
    ask: bool = False,
) -> Readers:
    """Look up who graded, and report those who may not have: only readers of the study have reads.

    With ``create``, missing accounts and accounts without a role are fine, since ``make_readers`` follows.
    A user with another role never is, for a reader must not see the groups. A new name that is easily taken for that
    of an account is asked about, and one that looks like it is refused. With ``ask`` it is as with ``create``, and each
    who is no reader yet is asked about.
    """
    first_lines: dict[str, int] = {}
    for read in reads:
        first_lines.setdefault(read.key.reader, read.line)
    users = get_user_model().objects.in_bulk(first_lines, field_name="username")
    members = Member.objects.filter(study=study, user__in=users.values()).select_related("user")
    readers = Readers(users, {member.user.username: member.role for member in members})
    create = create or ask
    # Where there are new ones: whoever fetches the names has everybody else wait who chooses one.
    names = Usernames.taken() if create and len(users) < len(first_lines) else Usernames([])
    for username, line in first_lines.items():
        if problem := _problem(study, username, readers, names, create):
            problems.add(problem, line, "reader", command="" if create else "add_member, or --create-readers")
            continue
        if username not in users and (similar := names.similar_to(username)):
            questions.add(similar, line, "reader")
        if ask and username not in readers.roles:
            questions.add(_question(study, username, has_account=username in users), line, "reader")
        names.add(username)
    return readers


def make_readers(study: Study, reads: Iterable[ReadInFile], readers: Readers, report: ImportReport) -> None:
    """Give every reader of the file an account, without a password, and a place in the study."""
    for username in dict.fromkeys(read.key.reader for read in reads):
        if username in readers.roles:
            continue
        if username in readers.users:
            report.readers_added.append(readers.users[username])
        else:
            readers.users[username] = make_account(username)
            report.readers_created.append(readers.users[username])
        # Whom somebody brings who is limited to a study site is limited to it, too.
        user = readers.users[username]
        Member.objects.create(study=study, user=user, role=Member.Role.READER, site=own_site())


def _problem(study: Study, username: str, readers: Readers, names: Usernames, create: bool) -> str | None:
    role = readers.roles.get(username)
    if role == Member.Role.READER:
        return None
    if role:
        return f"{quoted(username)} is {role} of the study, and one person has one role: grades come from readers."
    if not create:
        return f"{quoted(username)} is not a reader of the study; add them first."
    if username in readers.users:
        return study.why_not_blind(readers.users[username], Member.Role.READER)
    return names.why_not(username)


def _question(study: Study, username: str, *, has_account: bool) -> str:
    """Ask whether somebody is to become a reader; a slip of typing would be taken for a person otherwise."""
    known = study.members.filter(role=Member.Role.READER).values_list("user__username", flat=True)
    meant = nearest(username, known)
    slip = f" Did you mean {meant}?" if meant else ""
    then = "who has an account" if has_account else "as whom nobody can sign in until you invite them under Members"
    return f"{quoted(username)} is not a reader of the study yet, and becomes one, {then}.{slip}"
