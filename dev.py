#!/usr/bin/env python3
"""The project's commands, for a machine with nothing but Python 3.11 or newer.

  python3 dev.py demo [ARGUMENTS]     the site with its demo studies, on http://localhost:8000
  python3 dev.py test [--full] [...]  style, types, migrations, tests; with pytest's arguments only what they select;
                                      with --coverage, which lines and branches they run
  python3 dev.py run COMMAND [...]    manage.py COMMAND
  python3 dev.py install              only make the environment that the others make when they need it
  python3 dev.py audit                known vulnerabilities of what is locked; needs the internet
  python3 dev.py lock [--upgrade]     write the lock files anew from pyproject.toml (needs uv)

The environment is .venv, made from requirements-dev.lock with uv where it is on the PATH, else with pip.
"""

from __future__ import annotations  # an older Python must get as far as check_python

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NoReturn

OLDEST, TOO_NEW = (3, 11), (3, 15)  # as in pyproject.toml
ROOT = Path(__file__).resolve().parent
CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
# Each worker has a database and a site of its own, and whole files, in the order of tests/tiers.py. Up to four, there
# is one more than there are cores, for a fifth of the time they wait: for a browser, a server, a lock. A worker that
# ended, for a test that hung, ends the run: another would be given that test again.
ALL_CORES = ["--numprocesses", str(min(CORES + 1, 4)), "--max-worker-restart", "0"]
ALL_CORES += ["--dist", "loadfile", "--no-loadscope-reorder"]
LONGEST_SEARCH_SECONDS = 3 * 3600  # on a busy machine; what takes longer hangs
LOCK = ROOT / "requirements-dev.lock"
ENVIRONMENT = ROOT / ".venv"
PYTHON = str(ENVIRONMENT / "bin" / "python")
STAMP = ENVIRONMENT / "stamp"
PACKAGES = ("thighsite", "grading", "analysis")
SCRIPTS = ("static", "tests/js")
CHECKS = [
    [PYTHON, "-m", "mypy"],
    [PYTHON, "-m", "bandit", "--quiet", "-c", "pyproject.toml", "-r", *PACKAGES],
    # the tests' settings: their database, not the demo's
    [PYTHON, "manage.py", "makemigrations", "--check", "--dry-run", "--settings", "tests.settings"],
    [PYTHON, "-m", "ruff", "check"],
    [PYTHON, "-m", "ruff", "format", "--check"],
    [str(ENVIRONMENT / "bin" / "oxlint"), *SCRIPTS],
    [str(ENVIRONMENT / "bin" / "oxfmt"), "--check", *SCRIPTS],
]
R_PACKAGES = ("lme4", "lmerTest", "pbkrtest")
WHEELS_ONLY = ["--require-hashes", "--only-binary", ":all:", "-r", str(LOCK)]  # nothing is compiled here


def main(arguments: list[str]) -> None:
    check_python()
    os.chdir(ROOT)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # else every process would compile the site's modules anew
    if arguments[:1] in (["--help"], ["-h"]):
        print(__doc__.strip())
        return
    if not arguments or arguments[0] not in COMMANDS:
        sys.exit(__doc__.strip())
    try:
        COMMANDS[arguments[0]](arguments[1:])
    except KeyboardInterrupt:
        sys.exit(130)  # what a shell reports for Ctrl-C


# Commands


def demo(arguments: list[str]) -> None:
    run(["demo", *arguments])


def run(arguments: list[str]) -> None:
    install()
    become([PYTHON, "manage.py", *arguments])


def test(arguments: list[str]) -> None:
    install()
    if "--full" in arguments:
        arguments.remove("--full")
        os.environ["THIGHSITE_FULL"] = "1"
    if is_measured := "--coverage" in arguments:
        arguments.remove("--coverage")
    if not arguments:
        call_all(CHECKS)
    provide_chromium()
    provide_rscript()
    provide_dciodvfy()
    provide_orthanc()
    if "THIGHSITE_FULL" in os.environ:
        provide_firefox()
    tests = ["-m", "pytest", *(arguments or ALL_CORES)]
    if "THIGHSITE_FULL" in os.environ:
        tests += ["-o", f"faulthandler_timeout={LONGEST_SEARCH_SECONDS}"]
    if is_measured:
        measure(tests)
    become([PYTHON, *tests])


def measure(program: list[str]) -> NoReturn:
    """Run a program of .venv's Python, print which lines and branches it did not run, and end with its exit code."""
    call([PYTHON, "-m", "coverage", "erase"])
    code = subprocess.run([PYTHON, "-m", "coverage", "run", *program]).returncode
    call([PYTHON, "-m", "coverage", "combine", "--quiet"])
    call([PYTHON, "-m", "coverage", "report"])
    sys.exit(code)


def audit(arguments: list[str]) -> None:
    """Ends with 0 if nothing is known, 1 if something is, 2 if not everything could be asked."""
    install()
    command = [PYTHON, "-m", "pip_audit", "--disable-pip", "--require-hashes", "--format", "json", "-r", str(LOCK)]
    done = subprocess.run([*command, *arguments], capture_output=True, text=True)
    try:
        packages = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        print(done.stderr.strip()[-500:], file=sys.stderr)
        print("The database of vulnerabilities could not be asked: nothing was audited.", file=sys.stderr)
        sys.exit(2)
    unknown = [package["name"] for package in packages if "skip_reason" in package]
    if len(unknown) == len(packages):
        print("Nothing was audited: the database of vulnerabilities knows none of the packages.", file=sys.stderr)
        sys.exit(2)
    if unknown:
        print(f"Not audited, for the database did not know them: {', '.join(unknown)}.", file=sys.stderr)
    known = [(package, found) for package in packages for found in package.get("vulns", [])]
    for package, found in known:
        fixed = ", ".join(found["fix_versions"]) or "no version"
        print(f"{package['name']} {package['version']}: {found['id']}, fixed in {fixed}")
    print(f"{len(packages) - len(unknown)} of {len(packages)} packages audited: {len(known)} known vulnerabilities.")
    sys.exit(1 if known else 2 if unknown else 0)


def lock(arguments: list[str]) -> None:
    if not shutil.which("uv"):
        sys.exit("Locking needs uv on the PATH.")
    compile_ = ["uv", "pip", "compile", "--quiet", "--universal", "--generate-hashes", "--no-emit-index-url"]
    compile_ += ["--no-header", *arguments, "pyproject.toml"]
    call([*compile_, "-o", "requirements.lock"])
    call([*compile_, "--group", "dev", "-o", "requirements-dev.lock"])


# The environment


def check_python() -> None:
    if not OLDEST <= sys.version_info[:2] < TOO_NEW:
        found = ".".join(map(str, sys.version_info[:2]))
        newest = f"{TOO_NEW[0]}.{TOO_NEW[1] - 1}"
        sys.exit(
            f"Python {OLDEST[0]}.{OLDEST[1]} to {newest} is needed, and this is {found}: try python{newest} dev.py"
        )
    if os.name != "posix":
        sys.exit("dev.py is for Linux and macOS. On Windows, use the Windows Subsystem for Linux.")


def install(arguments: list[str] | None = None) -> None:
    """Make .venv unless it is there already, made from this lock, with this Python, in this place."""
    with LOCK.open() as lock:
        if is_installed():
            return
        one_at_a_time(lock.fileno())
        if not is_installed():
            make_environment()


def is_installed() -> bool:
    return STAMP.exists() and STAMP.read_text() == stamp() and Path(PYTHON).exists()


def stamp() -> str:
    """Tell what .venv depends on. An environment moved elsewhere would not work: its programs name their place."""
    parts = [LOCK.read_bytes(), bytes(sys.version_info[:2]), os.fsencode(ROOT)]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def one_at_a_time(descriptor: int) -> None:
    """Wait for another dev.py that is just making the environment."""
    import fcntl  # here, so that Windows gets as far as check_python

    fcntl.flock(descriptor, fcntl.LOCK_EX)


def make_environment() -> None:
    """Leaves the stamp last: an interrupted installation is begun anew."""
    print("Making .venv from requirements-dev.lock: this takes about half a minute, once.", flush=True)
    if ENVIRONMENT.exists():
        shutil.rmtree(ENVIRONMENT)
    python = getattr(sys, "_base_executable", sys.executable)  # not that of an environment, which may be .venv itself
    pip_install = ["install", "--quiet", "--no-compile", *WHEELS_ONLY]
    if shutil.which("uv"):
        call(["uv", "venv", "--quiet", "--python", python, str(ENVIRONMENT)])
        call(["uv", "pip", "install", "--quiet", "--python", PYTHON, *WHEELS_ONLY])
    elif importlib.util.find_spec("ensurepip"):
        call([python, "-m", "venv", str(ENVIRONMENT)])
        call([PYTHON, "-m", "pip", "--disable-pip-version-check", *pip_install])
    elif importlib.util.find_spec("pip"):  # Debian without python3-venv
        call([python, "-m", "venv", "--without-pip", str(ENVIRONMENT)])
        call([python, "-m", "pip", "--disable-pip-version-check", "--python", PYTHON, *pip_install])
    else:
        sys.exit("Neither uv nor pip is here to install with. On Debian or Ubuntu: apt-get install python3-venv")
    compile_packages()
    STAMP.write_text(stamp())


def compile_packages() -> None:
    """Give every installed module its bytecode, so that no start of Python compiles one, whatever started it.

    Whoever installs into containers usually sets PYTHONDONTWRITEBYTECODE, and uv compiles nothing unless it is told.
    What packages bring that is no Python of this version stays uncompiled, and nothing imports it.
    """
    libraries = map(str, ENVIRONMENT.glob("lib/python*/site-packages"))
    subprocess.run([PYTHON, "-m", "compileall", "-q", "-q", "-j", "0", *libraries], stdout=subprocess.DEVNULL)


# Programs that some tests need and pip cannot install


def provide(variable: str, name: str, tests: str, ways: list[Callable[[], str | None]]) -> None:
    """Set a variable to the path of a working program, got in the first way that gives one.

    Where none does, the tests that need it skip, saying so; but under CI=true that is a failure.
    """
    if named := os.environ.get(variable):
        if not works(named):
            sys.exit(f"{variable} is {named}, which does not run.")
        return
    found = next((path for way in ways if (path := way()) and works(path)), None)
    if found:
        os.environ[variable] = found
        return
    message = f"There is no {name} here, and none could be installed: the {tests} cannot run."
    if os.environ.get("CI") == "true":
        sys.exit(message)
    print(message, file=sys.stderr)


def works(program: str) -> bool:
    """Say whether a program starts: a file of its name is not enough, for some are stubs, or lack libraries."""
    try:
        done = subprocess.run([program, "--version"], capture_output=True, stdin=subprocess.DEVNULL)
        # dciodvfy has no version to tell, and says how it is used
        return done.returncode == 0 or b"dciodvfy [" in done.stderr
    except OSError:
        return False


def on_path(*names: str) -> str | None:
    """Find a program where a user's or an administrator's PATH has it."""
    found = (shutil.which(name) or shutil.which(name, path="/usr/sbin") for name in names)
    return next(filter(None, found), None)


def from_debian(program: str, *packages: str) -> str | None:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    print(f"Installing {' '.join(packages)} with apt-get.", flush=True)
    quietly = {"env": os.environ | {"DEBIAN_FRONTEND": "noninteractive"}, "stdout": subprocess.DEVNULL}
    wait = ["-o", "DPkg::Lock::Timeout=600"]  # another apt-get may be at work
    subprocess.run(["apt-get", "update", *wait], **quietly)
    subprocess.run(["apt-get", "install", "-y", "--no-install-recommends", *wait, *packages], **quietly)
    return on_path(program)


def r_with_packages() -> str | None:
    """Rscript, where R has what the bundle's script needs."""
    rscript = on_path("Rscript")
    ask = f"quit(status = !all(sapply(c{R_PACKAGES}, requireNamespace, quietly = TRUE)))"
    return rscript if rscript and subprocess.run([rscript, "-e", ask], capture_output=True).returncode == 0 else None


def r_from_debian() -> str | None:
    from_debian("Rscript", "r-base-core", *(f"r-cran-{name.lower()}" for name in R_PACKAGES))
    return r_with_packages()


def from_playwright() -> str | None:
    subprocess.run([PYTHON, "-m", "playwright", "install", "--no-shell", "chromium"], stdout=subprocess.DEVNULL)
    ask = "from playwright.sync_api import sync_playwright as p\nwith p() as it: print(it.chromium.executable_path)"
    return subprocess.run([PYTHON, "-c", ask], capture_output=True, text=True).stdout.strip() or None


def provide_chromium() -> None:
    """Find or fetch Chromium: for long tests the whole one, else that without windows, which takes less work."""
    shell, names = "chromium-headless-shell", ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    ways = [partial(on_path, *names), partial(from_debian, "chromium", "chromium"), from_playwright]
    if "THIGHSITE_FULL" not in os.environ:
        ways = [partial(on_path, shell), partial(shell_from_debian, shell, *names), *ways]
    provide("CHROMIUM", "Chromium", "browser tests", ways)


def shell_from_debian(shell: str, *others: str) -> str | None:
    """Install it where apt knows it, or nothing else is here: Ubuntu has none, and each run would ask for it anew."""
    is_known = shutil.which("apt-cache") and subprocess.run(["apt-cache", "show", shell], capture_output=True).stdout
    return from_debian(shell, shell) if is_known or not on_path(*others) else None


def provide_firefox() -> None:
    ways = [partial(on_path, "firefox-esr", "firefox"), partial(from_debian, "firefox-esr", "firefox-esr")]
    provide("FIREFOX", "Firefox", "tests in a second browser", ways)


def provide_rscript() -> None:
    name = f"R with {', '.join(R_PACKAGES[:-1])} and {R_PACKAGES[-1]}"
    provide("RSCRIPT", name, "tests that hold a bundle against R", [r_with_packages, r_from_debian])


def provide_dciodvfy() -> None:
    ways = [partial(on_path, "dciodvfy"), partial(from_debian, "dciodvfy", "dicom3tools")]
    provide("DCIODVFY", "dciodvfy", "tests that hold reports against the DICOM standard", ways)


def provide_orthanc() -> None:
    ways = [partial(on_path, "Orthanc"), partial(from_debian, "Orthanc", "orthanc")]
    provide("ORTHANC", "Orthanc", "tests that store reports in an archive", ways)


# Processes


def call(command: list[str]) -> None:
    """Run a step; if it fails, that is the end."""
    end_unless_done(subprocess.run(command).returncode)


def call_all(commands: list[list[str]]) -> None:
    """Run steps side by side, and print what each said as one piece; if any fails, that is the end."""
    together = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    steps = [subprocess.Popen(command, **together) for command in commands]
    for step in steps:
        print(step.communicate()[0], end="", flush=True)
    for step in steps:
        end_unless_done(step.returncode)


def end_unless_done(code: int) -> None:
    """End with what a shell reports, of a step that a signal ended 128 and its number."""
    if code:
        sys.exit(code if code > 0 else 128 - code)


def become(command: list[str]) -> NoReturn:
    """Give this process over to the command, so that Ctrl-C, signals and the exit code are its own."""
    sys.stdout.flush()
    os.execv(command[0], command)


COMMANDS = {"demo": demo, "test": test, "run": run, "install": install, "lock": lock, "audit": audit}

if __name__ == "__main__":
    main(sys.argv[1:])
