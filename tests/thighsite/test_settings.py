"""Settings from the environment, seen from outside: each case is a process of its own."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "THIGHSITE_MODE": "production",
    "SECRET_KEY": "a-secret-of-fifty-characters-or-more-for-this-one-test-0123456789",
    "ALLOWED_HOSTS": "thighsite.example.org",
    "DATABASE_URL": "postgres://thighsite:secret@localhost:5432/thighsite",
}
OURS = {"DATABASE_URL", "SECRET_KEY", "ALLOWED_HOSTS", "SITE_URL", "BIND", "DEBUG", "DJANGO_SETTINGS_MODULE"}
OURS |= {"OWNER_DATABASE_URL", "DJANGO_ALLOW_ASYNC_UNSAFE"}  # the tests' own


def manage(*arguments, **environment):
    kept = {name: value for name, value in os.environ.items() if name not in OURS}
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, env=kept | environment, capture_output=True, text=True)


def shown(expression: str, **environment) -> subprocess.CompletedProcess:
    """Print what settings become, in a process that reads them alone: to start the site costs six times that."""
    kept = {name: value for name, value in os.environ.items() if name not in OURS}
    command = [sys.executable, "-c", f"from django.conf import settings; print({expression})"]
    own = {"DJANGO_SETTINGS_MODULE": "thighsite.settings"}
    return subprocess.run(command, cwd=ROOT, env=kept | own | environment, capture_output=True, text=True)


@pytest.mark.parametrize("missing", ["SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL"])
def test_missing_secret_in_production_is_an_error_that_says_what_to_set(missing):
    done = manage("check", **{name: value for name, value in PRODUCTION.items() if name != missing})

    assert done.returncode != 0
    assert f"Set the environment variable {missing}:" in done.stderr


def test_production_is_what_a_server_gets_unless_told_otherwise():
    done = subprocess.run(
        [sys.executable, "-c", "import thighsite.wsgi"],
        cwd=ROOT, capture_output=True, text=True,
        env={name: value for name, value in os.environ.items() if name not in {*OURS, "THIGHSITE_MODE"}},
    )  # fmt: skip

    assert done.returncode != 0
    assert "Set the environment variable SECRET_KEY" in done.stderr


def test_commands_beside_a_site_are_in_production_unless_told_otherwise():
    show = "from django.conf import settings; print(settings.MODE, settings.SITE_URL)"
    site = {name: value for name, value in PRODUCTION.items() if name != "THIGHSITE_MODE"}
    kept = {name: value for name, value in os.environ.items() if name not in {*OURS, "THIGHSITE_MODE"}}
    command = [sys.executable, "manage.py", "shell", "-v0", "-c", show]

    told = [
        subprocess.run(command, cwd=ROOT, env=kept | given, capture_output=True, text=True).stdout.split()
        for given in (site, site | {"THIGHSITE_MODE": "development"}, {"DATABASE_URL": PRODUCTION["DATABASE_URL"]})
    ]

    assert [mode for mode, _ in told] == ["production", "development", "development"]
    assert told[0][1] == "https://thighsite.example.org"


def test_deployment_check_is_clean():
    done = manage("check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)

    assert (done.returncode, done.stderr) == (0, "")
    assert "no issues" in done.stdout


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({"THIGHSITE_MODE": "prod"}, "production or development"),
        ({"DEBUG": "maybe"}, "must be true or false"),
        ({"DATABASE_URL": "sqlite:///db.sqlite3"}, "must name a PostgreSQL database"),
    ],
)
def test_impossible_setting_is_an_error(environment, message):
    done = manage("check", **environment)

    assert done.returncode != 0
    assert message in done.stderr


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({"SECRET_KEY": ""}, "Set the environment variable SECRET_KEY: 50 or more random characters"),
        ({"SECRET_KEY": "  "}, "Set the environment variable SECRET_KEY"),
        ({"ALLOWED_HOSTS": "https://thighsite.example.org"}, "without https://, port or path"),
        ({"ALLOWED_HOSTS": "a.example.org b.example.org"}, "commas separate several"),
        ({"ALLOWED_HOSTS": "thighsite.example.org:8000"}, "it must be a host's name alone"),
        ({"ALLOWED_HOSTS": ","}, "it must be a host's name alone"),
        ({"ALLOWED_HOSTS": "*"}, "Set the environment variable SITE_URL"),
        ({"DATABASE_URL": "thighsite"}, "DATABASE_URL must name a PostgreSQL database: postgres://user"),
        ({"DATABASE_URL": "postgres://app:secret@localhost"}, "DATABASE_URL cannot be read: it must be as postgres://"),
        ({"DATABASE_URL": "postgres://app:se/cret@localhost/thighsite"}, "%2F for /"),
        ({"DATABASE_URL": "postgres://app:se@cr/et@localhost/thighsite"}, "%40 for @"),
        ({"DATABASE_URL": "postgres://app:se#cret@localhost/thighsite"}, "%23 for #"),
        ({"DATABASE_URL": "postgres://app:secret@localhost:port/thighsite"}, "DATABASE_URL cannot be read"),
        ({"DATABASE_URL": "postgres://app:secret@localhost/thighsite?sslmod=require"}, "the option 'sslmod'"),
        (
            {"DATABASE_URL": "postgres://app:secret@localhost/thighsite?sslmode=requre"},
            "DATABASE_URL has sslmode=requre",
        ),
        ({"DATABASE_URL": "postgres://app:secret@localhost/thighsite?pool=true"}, "keeps its connections by itself"),
        ({"OWNER_DATABASE_URL": "mysql://owner:secret@localhost/thighsite"}, "OWNER_DATABASE_URL must name a Postgre"),
        ({"REPLICA_DATABASE_URL": "standby"}, "REPLICA_DATABASE_URL must name a PostgreSQL database"),
        ({"SITE_URL": "thighsite.example.org"}, "SITE_URL has 'thighsite.example.org': it must begin with https://"),
        ({"SITE_URL": "https://a.example.org,https://b.example.org"}, "and be one address"),
        ({"SITE_URL": "https://a.example.org,b.example.org"}, "and be one address"),
        ({"CSRF_TRUSTED_ORIGINS": "thighsite.example.org"}, "it must begin with https://"),
        ({"OIDC_ISSUER": "login.example.org"}, "it must begin with https://"),
        ({"OIDC_ISSUER": "https://login.example.org"}, "(Needed because OIDC_ISSUER is set.)"),
        ({"OIDC_ISSUER": "https://login.example.org/a, https://login.example.org/b"}, "and be one address"),
        ({"SERVER_EMAIL": "a@example.org,b@example.org"}, "it must be a mail address"),
        ({"SERVER_EMAIL": "Thighsite, Hospital <t@example.org>"}, "it must be a mail address"),
        ({"SERVER_EMAIL": "t@"}, "it must be a mail address"),
        ({"ADMINS": "the operator"}, "it must be a mail address"),
        ({"ADMINS": "operator@example.org"}, "Set the environment variable EMAIL_HOST"),
        ({"EMAIL_HOST": "smtp.example.org"}, "Set the environment variable SERVER_EMAIL"),
        ({"EMAIL_PORT": "99999"}, "it must be a whole number, from 1 to 65535"),
        ({"SESSION_IDLE_MINUTES": "30m"}, "it must be a whole number, from 3 to 1000000000"),
        ({"SESSION_MAX_HOURS": "99999999999"}, "from 1 to 1000000"),
        ({"JOBS_GRACE_SECONDS": "9999999999"}, "from 0 to 1000000000"),
        ({"WEB_CONCURRENCY": "auto"}, "WEB_CONCURRENCY is 'auto': it must be a whole number, from 1 to 10000"),
        ({"BIND": "127.0.0.1:port"}, "BIND is '127.0.0.1:port': it must be an address and a port"),
        ({"FORWARDED_ALLOW_IPS": "proxy"}, "FORWARDED_ALLOW_IPS has 'proxy': it must be an address or a network"),
        ({"JOBS_LOOK_SECONDS": "90"}, "from 1 to 59"),
        ({"METRICS_ADDRESSES": "here"}, "METRICS_ADDRESSES has 'here': it must be an address or a network"),
        (
            {"METRICS_ADDRESSES": "10.0.0.1/8"},
            "'10.0.0.1/8': that is an address within a network, which is 10.0.0.0/8.",
        ),
    ],
)
def test_variable_of_the_wrong_kind_is_refused_with_what_it_must_be_and_no_secret(environment, message):
    done = manage("check", **PRODUCTION | environment)

    assert done.returncode != 0
    assert message in done.stderr
    assert not re.search("se.?cr.?et@|se.cret", done.stderr)


NOWHERE = ("-", "-:8000", "999.999.999.999:80", "[::::::]:80", "[zz]:80", "unix://", "127.0.0.1:0", "a..b:80")


def served(**environment) -> subprocess.CompletedProcess:
    """Start the web server, as far as its configuration."""
    kept = {name: value for name, value in os.environ.items() if name not in OURS}
    command = [sys.executable, "-W", "ignore", "-m", "thighsite.serve", "--check-config"]
    return subprocess.run(command, cwd=ROOT, env=kept | PRODUCTION | environment, capture_output=True, text=True)


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({"WEB_CONCURRENCY": "auto"}, "WEB_CONCURRENCY is 'auto': it must be a whole number, from 1 to 10000."),
        ({"WEB_CONCURRENCY": "0"}, "WEB_CONCURRENCY is '0': it must be a whole number, from 1 to 10000."),
        ({"BIND": "127.0.0.1:port"}, "BIND is '127.0.0.1:port': it must be an address and a port, such as"),
        ({"BIND": "http://127.0.0.1:8000"}, "BIND is 'http://127.0.0.1:8000': it must be an address and a port"),
        ({"BIND": "127.0.0.1:99999"}, "BIND is '127.0.0.1:99999': it must be an address and a port"),
        ({"BIND": "8000"}, "BIND is '8000': it must be an address and a port"),
        ({"BIND": "::1:8000"}, "BIND is '::1:8000': it must be an address and a port, such as 127.0.0.1:8000 or [::1]"),
        ({"BIND": "127.0.0.1:8000,unix:"}, "BIND is 'unix:': it must be an address and a port"),
        *(({"BIND": each}, f"BIND is '{each}': it must be an address and a port") for each in NOWHERE),
        ({"BIND": "fd://3, 127.0.0.1:8000"}, "BIND has fd:// beside other addresses"),
        ({"BIND": "fd://99"}, "BIND is 'fd://99', where no site can listen: Bad file descriptor."),
        ({"BIND": "fd://0"}, "BIND is 'fd://0', where no site can listen: that is no socket."),
        ({"BIND": "unix:/"}, "BIND is 'unix:/', where no site can listen: that is no socket."),
        (
            {"BIND": "unix:/nowhere/site"},
            "BIND is 'unix:/nowhere/site', where no site can listen: its folder is not there",
        ),
        ({"BIND": "none.invalid:8000"}, "BIND is 'none.invalid:8000', where no site can listen: "),
        ({"BIND": "192.0.2.7:8000"}, "BIND is '192.0.2.7:8000', where no site can listen: Cannot assign requested"),
        ({"WEB_CONCURRENCY": "9" * 5000}, "WEB_CONCURRENCY is '999"),
        ({"FORWARDED_ALLOW_IPS": "10.0.0.1/8"}, "FORWARDED_ALLOW_IPS has '10.0.0.1/8': that is an address within a"),
        (
            {"FORWARDED_ALLOW_IPS": "here"},
            "FORWARDED_ALLOW_IPS has 'here': it must be an address or a network, such as "
            "192.0.2.7 or 10.0.0.0/8, or * for all; commas separate several.",
        ),
        ({"FORWARDED_ALLOW_IPS": "10.0.0.0/33"}, "FORWARDED_ALLOW_IPS has '10.0.0.0/33': it must be an address or a"),
        ({"FORWARDED_ALLOW_IPS": "192.0.2.7,proxy"}, "FORWARDED_ALLOW_IPS has 'proxy': it must be an address or a"),
    ],
)
def test_web_server_says_which_variable_is_wrong_and_what_would_be_right(environment, message):
    done = served(**environment)

    (said,) = filter(None, done.stderr.splitlines())
    assert done.returncode != 0
    assert said.startswith(f"Error: The environment variable {message}")


@pytest.mark.parametrize(
    "environment",
    [
        {"WEB_CONCURRENCY": "", "BIND": "", "FORWARDED_ALLOW_IPS": ""},
        {"WEB_CONCURRENCY": " 3 ", "BIND": "127.0.0.1:8000, [::1]:8000", "FORWARDED_ALLOW_IPS": "*"},
        {"WEB_CONCURRENCY": "0003", "BIND": "unix:site", "FORWARDED_ALLOW_IPS": "192.0.2.7, 10.0.0.0/8"},
        {"BIND": "tcp://localhost:8000, :8001"},
    ],
)
def test_web_server_takes_what_is_empty_for_what_is_not_set(environment):
    done = served(**environment)

    assert (done.returncode, done.stderr) == (0, "")


ADDRESS = PRODUCTION["DATABASE_URL"]


@pytest.mark.parametrize(
    ("environment", "setting", "value"),
    [
        (
            {"SERVER_EMAIL": '"Thighsite, Hospital" <t@example.org>'},
            "SERVER_EMAIL",
            '"Thighsite, Hospital" <t@example.org>',
        ),
        ({"SERVER_EMAIL": "Thighsite <t@example.org>"}, "SERVER_EMAIL", "Thighsite <t@example.org>"),
        ({"SERVER_EMAIL": "webmaster"}, "SERVER_EMAIL", "webmaster"),
        ({"ADMINS": "root, me@example.org", "EMAIL_HOST": "localhost"}, "ADMINS[0][1]", "root"),
        ({"SITE_URL": "https://example.org/a,b/"}, "SITE_URL", "https://example.org/a,b"),
        (
            {"DATABASE_URL": f"{ADDRESS}?prepare_threshold=5"},
            "DATABASES['default']['OPTIONS']['prepare_threshold']",
            "5",
        ),
        ({"DATABASE_URL": f"{ADDRESS}?server_side_binding=true"}, "DATABASES['default']['NAME']", "thighsite"),
        ({"DATABASE_URL": f"{ADDRESS}?assume_role=x&sslmode=require"}, "DATABASES['default']['NAME']", "thighsite"),
        ({"DATABASE_URL": "postgres://?service=x"}, "DATABASES['default']['OPTIONS']['service']", "x"),
        ({"DATABASE_URL": f" {ADDRESS}"}, "DATABASES['default']['NAME']", "thighsite"),
        ({"DATABASE_URL": ADDRESS.replace("postgres", "POSTGRES")}, "DATABASES['default']['NAME']", "thighsite"),
        ({"DATABASE_URL": f"{ADDRESS}@home"}, "DATABASES['default']['NAME']", "thighsite@home"),
        ({"ANSWER_AT_ONCE_READS": "9999999999"}, "ANSWER_AT_ONCE_READS", "9999999999"),
        ({"IMPORT_AT_ONCE_BYTES": "9999999999"}, "IMPORT_AT_ONCE_BYTES", "9999999999"),
        ({"SESSION_IDLE_MINUTES": "10080", "SESSION_MAX_HOURS": "8760"}, "SESSION_COOKIE_AGE", "31536000"),
        ({"BEHIND_TLS_PROXY": "1", "TRUSTED_PROXIES": "21"}, "ALLAUTH_TRUSTED_PROXY_COUNT", "21"),
        ({"WEB_CONCURRENCY": "65"}, "WEB_CONCURRENCY", "65"),
        ({"SECRET_KEY": "changeme"}, "SECRET_KEY", "changeme"),
        ({"ALLOWED_HOSTS": "https://a.example.org, b.example.org"}, "SITE_URL", "https://b.example.org"),
    ],
)
def test_variable_with_which_a_site_works_is_taken(environment, setting, value):
    done = shown(f"settings.{setting}", **PRODUCTION | environment)

    assert (done.stdout.strip(), done.returncode) == (value, 0), done.stderr


def test_site_starts_with_what_is_taken():
    options = "prepare_threshold=5&server_side_binding=true&assume_role=x&sslmode=require"
    taken = {
        "SERVER_EMAIL": '"Thighsite, Hospital" <t@example.org>', "ADMINS": "root, me@example.org",
        "EMAIL_HOST": "localhost", "SITE_URL": "https://example.org/a,b/", "SECRET_KEY": "changeme",
        "DATABASE_URL": f" {ADDRESS.replace('postgres', 'POSTGRES')}@home?{options}",
        "ALLOWED_HOSTS": "https://a.example.org, b.example.org", "ANSWER_AT_ONCE_READS": "9999999999",
        "IMPORT_AT_ONCE_BYTES": "9999999999", "SESSION_IDLE_MINUTES": "10080", "SESSION_MAX_HOURS": "8760",
        "BEHIND_TLS_PROXY": "1", "TRUSTED_PROXIES": "21", "WEB_CONCURRENCY": "65",
    }  # fmt: skip
    show = "from django.conf import settings; print(settings.SITE_URL)"

    for given in (taken, {"DATABASE_URL": "postgres://?service=x"}):
        done = manage("shell", "-v0", "-c", show, **PRODUCTION | given)

        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.strip() == given.get("SITE_URL", "https://thighsite.example.org").rstrip("/")


def test_short_key_and_names_that_match_nothing_are_told_by_the_check():
    doubtful = {"SECRET_KEY": "changeme", "ALLOWED_HOSTS": "thighsite.example.org:8000, thighsite.example.org"}

    done = manage("check", **PRODUCTION | doubtful)

    assert done.returncode == 0
    assert "SECRET_KEY has fewer than 50 characters" in done.stderr
    assert "ALLOWED_HOSTS has 'thighsite.example.org:8000', which matches nothing" in done.stderr
    assert "changeme" not in done.stderr


def test_variable_that_is_nearly_one_of_the_sites_is_named():
    done = manage(
        "check", **PRODUCTION, SESSION_IDLE_MINUTE="10", SCANS_BUCKET_SECRETS_FILE="x", HOMES="/", SITE_URL_FILE="x"
    )

    assert done.returncode == 0
    assert re.findall(r"variable (\w+) is read by nothing. Is it to be (\w+)\?", done.stderr) == [
        ("SCANS_BUCKET_SECRETS_FILE", "SCANS_BUCKET_SECRET"),
        ("SESSION_IDLE_MINUTE", "SESSION_IDLE_MINUTES"),
        ("SITE_URL_FILE", "SITE_URL"),
    ]


def test_development_keeps_one_secret_readable_by_its_owner_only(tmp_path):
    first, second = (shown("settings.SECRET_KEY", THIGHSITE_DATA_DIR=str(tmp_path)).stdout for _ in range(2))

    assert first == second
    assert len(first) > 50
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


def test_secrets_are_read_from_files_which_are_named_where_they_are_wrong(tmp_path):
    for name in ("SECRET_KEY", "DATABASE_URL"):
        (tmp_path / name).write_text(f"{PRODUCTION[name]}\n")
    (tmp_path / "empty").touch()
    bare = {name: value for name, value in PRODUCTION.items() if name not in ("SECRET_KEY", "DATABASE_URL")}
    files = bare | {f"{name}_FILE": str(tmp_path / name) for name in ("SECRET_KEY", "DATABASE_URL")}

    told = [
        shown("settings.SECRET_KEY, settings.DATABASES['default']['PASSWORD']", **files).stdout,
        manage("check", **files, SECRET_KEY="also").stderr,
        manage("check", **files | {"SECRET_KEY_FILE": str(tmp_path / "none")}).stderr,
        manage("check", **files | {"SECRET_KEY_FILE": str(tmp_path / "empty")}).stderr,
    ]

    assert told[0] == f"{PRODUCTION['SECRET_KEY']} secret\n"
    assert "Set SECRET_KEY or SECRET_KEY_FILE, not both." in told[1]
    assert f"The file {tmp_path}/none of SECRET_KEY_FILE cannot be read: No such file or directory." in told[2]
    assert f"The file {tmp_path}/empty of SECRET_KEY_FILE is empty." in told[3]


def test_former_keys_are_given_beside_the_key():
    done = shown("settings.SECRET_KEY_FALLBACKS", **PRODUCTION, SECRET_KEY_FALLBACKS="a-former-key, one-before-it")

    assert done.stdout == "['a-former-key', 'one-before-it']\n"


@pytest.mark.parametrize(
    ("environment", "address"),
    [
        ({}, "http://localhost:8000"),
        ({"BIND": "127.0.0.1:8412"}, "http://localhost:8412"),
        ({"BIND": "unix:/run/site"}, "http://localhost:8000"),
        ({"BIND": "127.0.0.1:8412", "SITE_URL": "http://mri.local/"}, "http://mri.local"),
        (PRODUCTION | {"BIND": "0.0.0.0:8000"}, "https://thighsite.example.org"),
    ],
)
def test_links_of_commands_have_the_address_that_is_set_or_served(environment, address):
    assert shown("settings.SITE_URL", **environment).stdout.strip() == address
