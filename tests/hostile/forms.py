"""What each view that takes POST is sent when nothing is wrong with it, and which tables it is for.

A view that is missing here fails test_every_view_that_takes_post_is_known. Tables of sessions, throttling and the
trails are nobody's: they are noted beside what is asked.
"""

from dataclasses import dataclass, field

QUERY = frozenset({"grading_query", "grading_querynote"})
READ = frozenset({"grading_read", "grading_entry", "grading_grade"})
PARTICIPANTS = frozenset({"grading_participant", "grading_mri"})
STACKS = frozenset({"grading_stack"})
MEMBERS = frozenset({"grading_member", "auth_user"})
FACTORS = frozenset({"mfa_authenticator", "auth_user"})
TOKENS = frozenset({"sign_in_apitoken"})
ACCOUNT = frozenset({"auth_user"})  # its password, and when it last signed in
COMPUTED = frozenset({"analysis_cachedresult", "analysis_dataversion"})
NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Form:
    """Fields with values of their kind; ``json`` for a body of JSON, ``csv`` for the columns of a file."""

    fields: dict = field(default_factory=dict)
    may_change: frozenset[str] = NOTHING
    json: bool = False
    csv: tuple[str, ...] = ()
    keeps_when_refused: frozenset[str] = NOTHING  # with the reason beside it
    notes_when_shown: frozenset[str] = NOTHING  # by GET


GRADES = {"VL": "2", "VM": "na", "VI": "", "RF": "0", "SA": "3"}
SHEET = {"feature": "edema", "sequence": "STIR", "comment": "left one", "confirm_pairing": "on"} | GRADES
PARTICIPANT_COLUMNS = ("participant", "group", "mri", "sex", "age_years", "ck_u_per_l", "scan_year", "autoantibody")
GRADE_COLUMNS = ("participant", "mri", "reader", "sequence", "feature", "muscle", "score", "side", "occasion")
GRADE_COLUMNS += ("not_assessable", "position", "opened_at", "signed_off_at", "status", "comment", "active_seconds")
REFERENCE_COLUMNS = ("participant", "mri", "feature", "muscle", "side", "score", "not_assessable")
JOB = frozenset({"jobs_job", "procrastinate_jobs", "procrastinate_events"})
UPLOADED = JOB | {"grading_upload"}
STUDY = frozenset({"grading_study", "grading_diagnosisgroup", "grading_covariate", "grading_studysite"})
SETTINGS = {
    "title": "Thighs",
    "slug": "thighs-2",
    "reader_title": "Thighs",
    "sides": "apart",
    "readers_per_mri": "2",
    "wash_out_days": "14",
    "hides_comparison": "on",
    "password_at_sign_off": "on",
    "grace_minutes": "5",
    "left_sequence": "T1W",
    "right_sequence": "STIR",
    "calibration_cases": "5",
    "calibration_icc": "0.8",
    "target_icc_muscle": "0.6",
    "target_icc_overall": "0.75",
    "target_kappa_muscle": "",
    "target_kappa_overall": "0.6",
}
GROUPS = {
    "groups-TOTAL_FORMS": "2",
    "groups-INITIAL_FORMS": "0",
    "groups-0-code": "PM",
    "groups-0-name": "Polymyositis",
    "groups-0-colour": "#123456",
    "groups-1-code": "IBM",
    "groups-1-name": "Inclusion-body myositis",
    "groups-1-colour": "#654321",
    "reference": "groups-0-is_reference",
}
COVARIATES = {
    "covariates-TOTAL_FORMS": "1",
    "covariates-INITIAL_FORMS": "0",
    "covariates-0-name": "drug",
    "covariates-0-label": "Drug",
    "covariates-0-unit": "",
    "covariates-0-kind": "levels",
    "covariates-0-levels": "none\nIVIG",
}
SITES = {"sites-TOTAL_FORMS": "1", "sites-INITIAL_FORMS": "0", "sites-0-code": "BER", "sites-0-name": "Berlin"}
CORRECTED = {"seen": "0" * 64, "reason": "typed wrongly", "confirmed": "yes"}
CODE, PASSWORD = {"code": "123456"}, {"password": "correct-horse-battery"}
PASSKEY = {"credential": '{"id": "AQ", "rawId": "AQ", "type": "public-key", "response": {}}'}
NEW_PASSWORD = {"new_password1": "quite-another-horse", "new_password2": "quite-another-horse"}
CHOSEN = {"oldpassword": "correct-horse-battery", "password1": "quite-another-horse", "password2": ""}

FORMS = {
    "home": Form(),
    "stop-job": Form({"next": "/studies/"}, frozenset({"jobs_job"})),
    "open-study": Form(),
    "set-theme": Form({"theme": "light", "next": "/studies/"}),
    "alive": Form(),
    "ready": Form(),
    "metrics": Form(),
    "health": Form(),
    "scale": Form(),
    "read": Form(SHEET, READ),
    # What a plain form brings along is kept although the sign-off is refused: nothing that was graded is lost.
    "sign-off": Form(SHEET | PASSWORD | {"with_page": "1"}, READ, keeps_when_refused=READ),
    "take-sign-off-back": Form({"with_page": "1"}, READ | {"grading_reopening"}),
    "grade-not-assessable": Form({"reason": "artefact", "with_page": "1"}, READ),
    "letter-keys": Form({"letter_keys": "off"}, frozenset({"grading_member"})),
    "save-grade": Form(
        {
            "muscle": "VL",
            "side": "both",
            "score": 1,
            "not_assessable": False,
            "seen_version": 0,
            "waited_ms": 5,
            "key": "0b0c5a3e-7a57-4d0c-8a43-6d5d1d0f7c11",
        },
        READ,
        json=True,
    ),
    "describe-read": Form(
        {"feature": "fat", "sequence": "T1W", "comment": "", "confirm_pairing": True}, READ, json=True
    ),
    "import-participants": Form({}, UPLOADED, csv=PARTICIPANT_COLUMNS),
    "import-grades": Form({}, UPLOADED, csv=GRADE_COLUMNS),
    "look-at-upload": Form(
        {"reason": "a slip", "column-0": "participant", "column-1": "group", "accepted": ""}, UPLOADED
    ),
    # What a file would change now is shown where it is no longer what was shown.
    "import-upload": Form({"fingerprint": "0" * 64}, UPLOADED, keeps_when_refused=UPLOADED),
    "give-up-upload": Form({}, UPLOADED),
    "mri-stacks": Form({}, STACKS, csv=("a", "b")),
    "archive-link": Form(
        {"archive_link": "https://archive.example.org/{id}", "archive_in_frame": "on"}, frozenset({"grading_study"})
    ),
    "import-archive-ids": Form({}, frozenset({"grading_mri"}), csv=("participant", "mri", "id")),
    "bring-many-scans": Form({}, UPLOADED, csv=("participant", "mri", "path")),
    "store-many-scans": Form({}, STACKS | UPLOADED),
    "give-up-many-scans": Form({}, UPLOADED),
    "approve-stack": Form({"sequence": "STIR"}, STACKS),
    "refuse-stack": Form({"reason": "a name in the corner"}, STACKS),
    "charter": Form(
        {"seen": "0", "reading": "All.", "scale": "", "disagreement": "", "analysis": "Per muscle.", "looks": "None."},
        frozenset({"grading_charter"}),
    ),
    "new-study": Form(SETTINGS | GROUPS | COVARIATES, STUDY | MEMBERS),
    "study-settings": Form(
        SETTINGS | GROUPS | COVARIATES | SITES | {"reason": "a slip"}, STUDY | {"grading_admission"}
    ),
    "assign-reads": Form(
        {"readers": "1", "feature": "fat", "in_place_of": "", "graded_for_fat": "on", "seed": "7", "confirm": "1:1"},
        frozenset({"grading_read", "grading_readerdraw"}),
    ),
    "assign-one": Form(
        {"participant": "P1", "mri": "M1", "feature": "fat", "reader": "1"}, frozenset({"grading_read"})
    ),
    "hand-over": Form({"giver": "1", "taker": "2", "reason": "on leave", "confirm": "1"}, frozenset({"grading_read"})),
    "calibration-target": Form(
        {"calibration_cases": "5", "calibration_icc": "0.8"}, frozenset({"grading_study", "grading_admission"})
    ),
    "import-reference": Form({}, PARTICIPANTS | {"grading_referencegrade"}, csv=REFERENCE_COLUMNS),
    "assign-calibration": Form({}, frozenset({"grading_read"})),
    "let-in": Form({"reason": "reads elsewhere"}, frozenset({"grading_admission"})),
    "assign-rereads": Form(
        {"readers": "1", "percent": "20", "wash_out_days": "28", "confirm": "1:1"},
        frozenset({"grading_read", "grading_study"}),
    ),
    "take-back-reads": Form(
        {"read": "", "reader": "1", "feature": "fat", "drawn": "", "brought_in": "", "confirm": "1", "confirmed": "yes"}
        | {"reason": "a slip"},
        READ,
    ),
    "reopen": Form({"reason": "misread", "show_reason": "on"}, frozenset({"grading_read", "grading_reopening"})),
    "adjudication-queue": Form(notes_when_shown=frozenset({"grading_adjudicationcase"})),  # cases are drawn
    "adjudication-case": Form(
        {"score-VL": "2", "reason-VL": "clear", "seen": "0" * 32}, frozenset({"grading_adjudication"})
    ),
    "adjudication-rule": Form({"adjudicates_from": "1"}, frozenset({"grading_study"})),
    "ask": Form({"cell": "VL both", "text": "Is that so?", "rule": "fell"}, QUERY),
    "dismiss-query": Form({"cell": "", "text": "seen", "rule": "one_grade"}, QUERY),
    "ask-further": Form({"text": "And now?"}, QUERY),
    "close-query": Form({"text": "settled"}, QUERY),
    "case-queries": Form({"query": "0b0c5a3e-7a57-4d0c-8a43-6d5d1d0f7c11", "reason": "It is."}, QUERY),
    "correct-participant": Form(
        CORRECTED | {"code": "P01", "group": "1", "sex": "male", "age_years": "60", "ck_u_per_l": "12.5"}, PARTICIPANTS
    ),
    "correct-mris": Form(CORRECTED, PARTICIPANTS),
    "merge-participant": Form(CORRECTED | {"other": "P2"}, PARTICIPANTS),
    "withdraw-participant": Form(CORRECTED, PARTICIPANTS),
    "take-withdrawal-back": Form(CORRECTED, PARTICIPANTS),
    "delete-participant": Form(CORRECTED, PARTICIPANTS | READ | STACKS),
    "move-mri": Form(CORRECTED | {"other": "P2"}, PARTICIPANTS),
    "delete-mri": Form(CORRECTED, PARTICIPANTS | READ | STACKS),
    "invite": Form({"username": "newcomer", "full_name": "New Comer", "role": "reader"}, MEMBERS),
    "add-member": Form({"username": "root", "role": "reader"}, MEMBERS),
    "change-role": Form({"role": "coordinator", "confirmed": "yes", "reason": "a slip"}, MEMBERS),
    "remove-member": Form({"confirmed": "yes", "reason": "a slip"}, MEMBERS),
    "suspend-member": Form({"reason": "leaves"}, MEMBERS),
    "end-suspension": Form({"reason": "stays"}, MEMBERS),
    "end-member-sessions": Form(),
    "new-link": Form(),
    "remind-reader": Form(),
    # What such a page shows beside what it refuses is computed from the reads, and kept.
    "planning": Form(keeps_when_refused=COMPUTED),
    "study-report": Form(keeps_when_refused=COMPUTED),
    "start-plan": Form(
        {"participants": "4", "readers": "2", "difference": "0.5", "data_sets": "20", "seed": "1"},
        JOB,
        keeps_when_refused=COMPUTED,
    ),
    "lock-study": Form({"slug": "thighs"}, COMPUTED | {"grading_study", "analysis_frozenframe"}),
    "unlock-study": Form({"reason": "too early"}, frozenset({"grading_unlock"})),
    "take-unlock-back": Form({}, frozenset({"grading_unlock"})),
    "confirm-unlock": Form({}, frozenset({"grading_unlock", "grading_study"})),
    "session": Form(),
    "renew-session": Form({"username": "anna"} | PASSWORD | CODE, ACCOUNT),
    "login": Form({"username": "anna", "next": "/"} | PASSWORD, ACCOUNT),
    "logout": Form({"next": "/"}),
    "account_reauthenticate": Form(PASSWORD | {"next": "/"}, ACCOUNT),
    "change-password": Form(CHOSEN, ACCOUNT),
    "account_set_password": Form(CHOSEN, ACCOUNT),
    "set-password": Form(NEW_PASSWORD, ACCOUNT),
    "end-sessions": Form({"session": "1"}),
    "new-token": Form({"name": "nightly", "study": "x", "scopes": "progress", "days": "7"}, TOKENS),
    "end-token": Form({}, TOKENS),
    "mfa_index": Form(),
    "mfa_list_webauthn": Form(),
    "mfa_authenticate": Form(CODE | PASSKEY, FACTORS),
    "mfa_reauthenticate": Form(CODE | {"next": "/"}, FACTORS),
    "mfa_activate_totp": Form(CODE, FACTORS),
    "mfa_deactivate_totp": Form({}, FACTORS),
    "mfa_view_recovery_codes": Form(notes_when_shown=FACTORS),  # allauth notes that codes were seen
    "mfa_generate_recovery_codes": Form({}, FACTORS),
    "mfa_add_webauthn": Form({"name": "key", "passwordless": "on"} | PASSKEY, FACTORS),
    "mfa_login_webauthn": Form(PASSKEY, FACTORS),
    "mfa_reauthenticate_webauthn": Form(PASSKEY, FACTORS),
    "mfa_remove_webauthn": Form({}, FACTORS),
}
# Pages of the site administration have the fields that they show; who may use them may change these tables.
OF_SITE_ADMINS = frozenset(
    {"auth_user", "auth_group", "auth_user_groups", "auth_user_user_permissions", "auth_group_permissions"}
    | {"grading_study", "grading_member", "grading_diagnosisgroup"}
)
OF_ADMIN_PAGES = {"admin:jobs_job_changelist": frozenset({"jobs_job"})}  # those that are for another table
