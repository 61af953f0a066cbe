"""allauth's private modules: one module uses them, and each symbol is there and takes what it is called with."""

import ast
from inspect import signature

import pytest
from allauth.account.internal.flows import login
from allauth.core.internal import cryptokit, ratelimit
from allauth.mfa.totp.internal import auth

from tests.test_architecture import ROOT, imported_names

ALONE = ("thighsite/sign_in/allauth_internals.py", "tests/thighsite/sign_in/test_allauth_internals.py")
COUNTED = {"app", "action", "config", "key", "limit_get"}

# Each symbol with the names under which arguments reach it: positional ones by their place.
USED = [
    (login.get_authentication_records, 2, set()),
    (login.record_authentication, 2, {"method", "username"}),
    (login.perform_password_login, 3, set()),
    (ratelimit.consume, 1, COUNTED | {"dry_run"}),
    (ratelimit.consume, 1, COUNTED),
    (ratelimit.get_rates, 0, {"app", "action", "config"}),
    (ratelimit.get_cache_key, 1, {"app", "action", "rate", "key"}),
    (auth.TOTP, 1, set()),
    (auth.yield_hotp_counters_from_time, 0, set()),
    (auth.hotp_value, 2, set()),
    (auth.format_hotp_value, 1, set()),
    (cryptokit.compare_user_code, 0, {"actual", "expected"}),
    (ratelimit.Rate, 0, {"amount", "duration", "per"}),
]


@pytest.mark.parametrize(("symbol", "in_place", "by_name"), USED)
def test_a_private_symbol_takes_what_it_is_called_with(symbol, in_place, by_name):
    signature(symbol).bind(*[None] * in_place, **dict.fromkeys(by_name))


def test_private_modules_of_allauth_are_imported_in_one_place():
    folders = ("analysis", "bench", "grading", "tests", "thighsite")

    importers = {
        path.relative_to(ROOT).as_posix()
        for folder in folders
        for path in (ROOT / folder).rglob("*.py")
        if "allauth" in path.read_text()  # only those are parsed
        and any(name.startswith("allauth.") and ".internal" in name for name in imported_names(path))
    }

    assert importers == set(ALONE)


def test_the_door_uses_what_is_named_here_and_nothing_more():
    door = (ROOT / ALONE[0]).read_text()
    named = {f"{symbol.__module__.rpartition('.')[2]}.{symbol.__name__}" for symbol, *_ in USED}

    used = {word for word in _words_with_dots(door) if word.startswith(("login.", "ratelimit.", "auth.", "cryptokit."))}

    assert used == named


def test_allauth_asks_the_method_that_is_replaced_whether_a_code_is_unused():
    assert "_mark_code_used" in auth.TOTP.validate_code.__code__.co_names


def test_a_minor_release_of_allauth_does_not_come_by_itself():
    wanted = next(line for line in (ROOT / "pyproject.toml").read_text().splitlines() if "django-allauth[" in line)

    version = wanted.split("~=")[1].strip(' ",')

    assert version.count(".") == 2  # ~=1.2.3 lets 1.2.4 pass, ~=1.2 would let 1.3 pass


def _words_with_dots(code: str) -> set[str]:
    return {f"{node.value.id}.{node.attr}" for node in ast.walk(ast.parse(code)) if _is_attribute_of_a_name(node)}


def _is_attribute_of_a_name(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
