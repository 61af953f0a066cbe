"""dev.py, and the agreement of what it installs with what pyproject.toml asks for."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

import dev

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
RUNTIME = [Requirement(line) for line in PROJECT["project"]["dependencies"]]
DEVELOPMENT = [Requirement(line) for line in PROJECT["dependency-groups"]["dev"]]
ASKED_FOR = {"requirements.lock": RUNTIME, "requirements-dev.lock": RUNTIME + DEVELOPMENT}
UNTRACKED = {".git", ".venv", ".data", "__pycache__", ".pytest_cache", ".ruff_cache", ".hypothesis"}


def entries(lock: str) -> dict[str, str]:
    """Package → its whole entry: the pin, its hashes, and the comment that says who asked for it."""
    text = (ROOT / lock).read_text()
    return {canonicalize_name(entry.split("==")[0]): entry for entry in re.split(r"\n(?=\w)", text.strip())}


def pinned(entry: str) -> Version:
    return Version(re.match(r"[\w.-]+==([^\s;]+)", entry)[1])


def asked_for_here(entry: str) -> bool:
    return f"{PROJECT['project']['name']} (pyproject.toml" in entry


# The locks


@pytest.mark.parametrize("lock", ASKED_FOR)
def test_lock_meets_every_requirement(lock):
    locked = entries(lock)

    for requirement in ASKED_FOR[lock]:
        version = pinned(locked[canonicalize_name(requirement.name)])
        assert requirement.specifier.contains(version, prereleases=True), requirement


@pytest.mark.parametrize("lock", ASKED_FOR)
def test_lock_says_of_the_same_packages_that_the_project_asks_for_them(lock):
    said = {name for name, entry in entries(lock).items() if asked_for_here(entry)}

    assert said == {canonicalize_name(requirement.name) for requirement in ASKED_FOR[lock]}


@pytest.mark.parametrize("lock", ASKED_FOR)
def test_every_pin_has_hashes(lock):
    assert [name for name, entry in entries(lock).items() if "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("lock", ASKED_FOR)
def test_lock_holds_no_address(lock):
    assert re.findall(r"\w+://\S+|--\S*(?:index|find-links)\S*", (ROOT / lock).read_text()) == []


def test_development_tests_what_production_runs():
    development = {name: pinned(entry) for name, entry in entries("requirements-dev.lock").items()}
    runtime = {name: pinned(entry) for name, entry in entries("requirements.lock").items()}

    assert runtime.items() <= development.items()


def test_no_file_names_the_host_of_a_package_registry():
    hosts = [".".join(parts) for parts in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"),
             ("yarnpkg", "com"), ("cran.r-project", "org"), ("crates", "io"), ("anaconda", "org"))]  # fmt: skip
    files = [path for path in ROOT.rglob("*") if path.is_file() and not UNTRACKED & {*path.relative_to(ROOT).parts}]
    assert ROOT / "pyproject.toml" in files

    naming = [path for path in files if any(host.encode() in path.read_bytes() for host in hosts)]

    assert naming == []


# The environment


@pytest.fixture
def environment(tmp_path, monkeypatch):
    """An environment that counts as installed, from a lock of its own."""
    monkeypatch.setattr(dev, "LOCK", tmp_path / "requirements-dev.lock")
    monkeypatch.setattr(dev, "STAMP", tmp_path / ".venv" / "stamp")
    monkeypatch.setattr(dev, "ENVIRONMENT", tmp_path / ".venv")
    monkeypatch.setattr(dev, "PYTHON", str(tmp_path / ".venv" / "bin" / "python"))
    dev.LOCK.write_text("django==5.2.0")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    Path(dev.PYTHON).touch()
    dev.STAMP.write_text(dev.stamp())
    return tmp_path / ".venv"


def test_environment_of_this_lock_counts_as_installed(environment):
    assert dev.is_installed()


def test_another_lock_needs_another_environment(environment):
    dev.LOCK.write_text("django==5.2.1")

    assert not dev.is_installed()


def test_another_python_needs_another_environment(environment, monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 14, 0, "final", 0))

    assert not dev.is_installed()


def test_another_place_needs_another_environment(environment, monkeypatch):
    monkeypatch.setattr(dev, "ROOT", environment)

    assert not dev.is_installed()


def test_environment_whose_python_has_gone_does_not_count(environment):
    Path(dev.PYTHON).unlink()

    assert not dev.is_installed()


def test_failed_installation_leaves_no_stamp(environment, monkeypatch):
    dev.LOCK.write_text("django==5.2.1")
    monkeypatch.setattr(dev, "call", lambda command: sys.exit(1))

    with pytest.raises(SystemExit):
        dev.install()

    assert not dev.STAMP.exists()


@pytest.mark.parametrize(
    ("missing", "steps"),
    [
        ((), ["uv venv", "uv pip install"]),
        (("uv",), ["-m venv", "-m pip"]),
        (("uv", "ensurepip"), ["-m venv --without-pip", "-m pip --disable-pip-version-check --python"]),
    ],
)
def test_installs_with_uv_else_with_pip_else_with_the_pip_of_the_system(environment, monkeypatch, missing, steps):
    taken = []

    def call(command):
        taken.append(" ".join(command))
        Path(dev.PYTHON).parent.mkdir(parents=True, exist_ok=True)
        Path(dev.PYTHON).write_text("#!/bin/sh\n")
        Path(dev.PYTHON).chmod(0o755)

    dev.LOCK.write_text("django==5.2.1")
    monkeypatch.setattr(dev, "call", call)
    monkeypatch.setattr(dev.shutil, "which", lambda name: None if name in missing else name)
    monkeypatch.setattr(dev.importlib.util, "find_spec", lambda name: None if name in missing else name)

    dev.install()

    assert dev.is_installed()
    assert [step in command for step, command in zip(steps, taken, strict=True)] == [True, True]
    assert "--require-hashes --only-binary :all:" in taken[-1]


def test_says_what_to_install_where_nothing_can_install(environment, monkeypatch):
    dev.LOCK.write_text("django==5.2.1")
    monkeypatch.setattr(dev.shutil, "which", lambda name: None)
    monkeypatch.setattr(dev.importlib.util, "find_spec", lambda name: None)

    with pytest.raises(SystemExit, match="apt-get install python3-venv"):
        dev.install()


@pytest.mark.parametrize("version", [(3, 10), (3, 15)])
def test_other_pythons_are_refused_with_the_ones_that_do(monkeypatch, version):
    monkeypatch.setattr(sys, "version_info", (*version, 0, "final", 0))

    with pytest.raises(SystemExit, match=rf"Python 3\.11 to 3\.14 is needed, and this is 3\.{version[1]}"):
        dev.check_python()


def test_pythons_are_those_of_the_project():
    allowed = SpecifierSet(PROJECT["project"]["requires-python"])

    assert [minor for minor in range(30) if f"3.{minor}" in allowed] == list(range(dev.OLDEST[1], dev.TOO_NEW[1]))


# Programs that pip cannot install


PROVIDED = pytest.mark.parametrize(
    ("variable", "missing"), [("CHROMIUM", "Chromium"), ("RSCRIPT", "R with lme4, lmerTest and pbkrtest")]
)


def provide_where_there_is_none(
    tmp_path: Path, variable: str, said: str = "", **environment: str
) -> subprocess.CompletedProcess[str]:
    """Have dev.py provide a program where only PATH may have it, and print ``said``, else whether there is one then."""
    program = f"import dev, os; dev.PYTHON = {sys.executable!r}; dev.provide_{variable.lower()}()"
    (tmp_path / "file").touch()
    nowhere = {
        "PATH": "",
        "PLAYWRIGHT_BROWSERS_PATH": str(tmp_path / "file" / "browsers"),  # or else it tries five times to download one
        "PLAYWRIGHT_DOWNLOAD_HOST": "http://127.0.0.1:9",
    }
    inherited = {name: value for name, value in os.environ.items() if name not in (variable, "CI", "THIGHSITE_FULL")}
    return subprocess.run(
        [sys.executable, "-c", f"{program}; print({said or f'{variable!r} in os.environ'})"],
        cwd=ROOT,
        env=inherited | nowhere | environment,
        capture_output=True,
        text=True,
    )


@PROVIDED
def test_without_a_program_the_tests_go_on_and_say_so(tmp_path, variable, missing):
    provided = provide_where_there_is_none(tmp_path, variable)

    assert (provided.returncode, provided.stdout) == (0, "False\n")
    assert f"There is no {missing} here, and none could be installed" in provided.stderr


@PROVIDED
def test_without_a_program_ci_fails(tmp_path, variable, missing):
    provided = provide_where_there_is_none(tmp_path, variable, CI="true")

    assert (provided.returncode, provided.stdout) == (1, "")
    assert f"There is no {missing} here, and none could be installed" in provided.stderr


def test_program_that_is_named_but_does_not_run_is_an_error(tmp_path):
    provided = provide_where_there_is_none(tmp_path, "CHROMIUM", CHROMIUM=str(tmp_path / "chromium"))

    assert provided.returncode == 1
    assert f"CHROMIUM is {tmp_path}/chromium, which does not run." in provided.stderr


def test_first_way_that_gives_a_working_program_is_taken(monkeypatch):
    monkeypatch.delenv("ECHO", raising=False)
    asked = []
    ways = [lambda: None, lambda: "/no/such/program", lambda: sys.executable, lambda: asked.append("a fourth way")]

    dev.provide("ECHO", "echo", "tests of this test", ways)

    assert os.environ.pop("ECHO") == sys.executable
    assert asked == []


@pytest.mark.parametrize(
    ("full", "there", "taken"),
    [
        ({}, ("chromium", "chromium-headless-shell"), "chromium-headless-shell"),
        ({}, ("chromium",), "chromium"),
        ({"THIGHSITE_FULL": "1"}, ("chromium", "chromium-headless-shell"), "chromium"),
        ({"THIGHSITE_FULL": "1"}, ("chromium-headless-shell",), None),
    ],
    ids=["without windows", "whole where there is no other", "whole for the long tests", "the whole or none for those"],
)
def test_short_tests_take_the_chromium_without_windows(tmp_path, full, there, taken):
    for name in there:
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(0o755)

    provided = provide_where_there_is_none(
        tmp_path, "CHROMIUM", PATH=str(tmp_path), **full, said="os.environ.get('CHROMIUM')"
    )

    assert provided.stdout.strip() == str(taken and tmp_path / taken)


@pytest.mark.parametrize(
    ("is_known", "there", "taken"),
    [
        (True, ("chromium",), "chromium-headless-shell"),
        (False, ("chromium",), "chromium"),
        (False, (), "chromium-headless-shell"),
    ],
    ids=["known", "not known, and a whole one there", "not known, and none there"],
)
def test_chromium_without_windows_is_installed_where_apt_knows_it_or_none_is_there(
    tmp_path, monkeypatch, is_known, there, taken
):
    shell = tmp_path / "chromium-headless-shell"
    programs = {
        "apt-cache": "echo Package: $2" if is_known else "exit 100",
        "apt-get": f'echo $1 >> {tmp_path}/asked; [ $1 != install ] || /bin/cp "$0" {shell}',
    } | dict.fromkeys(there, "")
    for name, does in programs.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{does}\n")
        (tmp_path / name).chmod(0o755)
    for name, value in {"PATH": str(tmp_path), "CHROMIUM": "", "CI": "true"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("THIGHSITE_FULL", raising=False)
    monkeypatch.setattr(os, "geteuid", lambda: 0)

    dev.provide_chromium()

    assert os.environ["CHROMIUM"] == str(tmp_path / taken)
    assert (tmp_path / "asked").exists() == (taken == shell.name)


# Commands


def test_checks_run_side_by_side_and_any_that_fails_ends_the_run(capfd):
    says = [
        [sys.executable, "-c", f"print({word!r}); exit({code})"]
        for word, code in (("one", 0), ("two", 3), ("three", 0))
    ]

    with pytest.raises(SystemExit) as ended:
        dev.call_all(says)

    assert ended.value.code == 3
    assert capfd.readouterr().out == "one\ntwo\nthree\n"
    assert dev.call_all(says[:1]) is None


def run_dev(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, ROOT / "dev.py", *arguments], capture_output=True, text=True)


def test_unknown_command_shows_the_commands():
    shown = run_dev("tset")

    assert (shown.returncode, shown.stdout) == (1, "")
    assert "python3 dev.py test" in shown.stderr


def test_help_shows_the_commands():
    shown = run_dev("--help")

    assert (shown.returncode, shown.stderr) == (0, "")
    assert "python3 dev.py test" in shown.stdout


def test_measuring_prints_the_figure_and_ends_as_the_tests_did(tmp_path):
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    (tmp_path / "grading").mkdir()
    (tmp_path / "grading" / "half.py").write_text("def half(n):\n    if n:\n        return n / 2\n    return 0\n")
    (tmp_path / "run.py").write_text("import sys; from grading.half import half; sys.exit(3 + half(0))\n")
    program = f"import sys; sys.path.append({str(ROOT)!r}); import dev; dev.PYTHON = sys.executable"
    measured_by_another = [name for name in os.environ if name.startswith("COVERAGE_")]

    done = subprocess.run(
        [sys.executable, "-c", f"{program}; dev.measure(['run.py'])"],
        cwd=tmp_path,
        env={name: value for name, value in os.environ.items() if name not in measured_by_another},
        capture_output=True,
        text=True,
    )

    assert done.returncode == 3, done.stderr
    assert re.search(r"grading/half.py +4 +1 +2 +1 +67%", done.stdout), done.stdout


SKIPPED = {"skip_reason": "Dependency not found"}
SOUND, UNSOUND = {"version": "1.0", "vulns": []}, {"version": "1.0", "vulns": [{"id": "X-1", "fix_versions": ["1.1"]}]}


@pytest.mark.parametrize(
    ("found", "code", "said", "complained"),
    [
        ([SOUND, SOUND], 0, ["2 of 2 packages audited: 0 known vulnerabilities."], ""),
        (
            [SOUND, UNSOUND],
            1,
            ["p1 1.0: X-1, fixed in 1.1", "2 of 2 packages audited: 1 known vulnerabilities."],
            "",
        ),
        ([SOUND, SKIPPED], 2, ["1 of 2 packages audited: 0 known vulnerabilities."], "Not audited, .*: p1"),
        (
            [UNSOUND, SKIPPED],
            1,
            ["p0 1.0: X-1, fixed in 1.1", "1 of 2 packages audited: 1 known vulnerabilities."],
            "p1",
        ),
        ([SKIPPED, SKIPPED], 2, [], "^Nothing was audited"),
        ([], 2, [], "^Nothing was audited"),
        (None, 2, [], "could not be asked: nothing was audited"),
    ],
)
def test_audit_says_what_was_not_audited(environment, capfd, found, code, said, complained):
    """With a database of vulnerabilities that answers as written here."""
    packages = None if found is None else [{"name": f"p{n}"} | each for n, each in enumerate(found)]
    answer = "no connection" if packages is None else json.dumps({"dependencies": packages})
    Path(dev.PYTHON).write_text(f"#!/bin/sh\necho '{answer}'\n")
    Path(dev.PYTHON).chmod(0o755)

    with pytest.raises(SystemExit) as ended:
        dev.audit([])

    printed = capfd.readouterr()
    assert (ended.value.code, printed.out.splitlines()) == (code, said)
    assert re.search(complained, printed.err)


def test_ci_runs_the_command_of_the_readme():
    command = (ROOT / ".ci" / "run").read_text().splitlines()[-1]

    assert command.endswith("python3 dev.py test")
