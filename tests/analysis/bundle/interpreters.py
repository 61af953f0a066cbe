"""R and Python that stay: they run one bundle's script after the other, since their packages take longer to load."""

import subprocess
import sys
from pathlib import Path

# Both read a folder from each line, run its script in it, and answer with its exit code. What it prints goes to files.
R = """
input <- file("stdin", "r")
while (length(folder <- readLines(input, 1))) {
  setwd(folder)
  said <- file("../stdout", "w")
  warned <- file("../stderr", "w")
  sink(said)
  sink(warned, type = "message")
  own <- new.env(parent = globalenv())
  own$quit <- function(status = 0) stop(structure(class = c("ended", "condition"), list(status = status)))
  code <- tryCatch({ source("analysis.R", local = own); 0 },
    ended = function(end) end$status,
    error = function(fault) { message(conditionMessage(fault)); 1 })
  sink(type = "message")
  sink()
  close(said)
  close(warned)
  cat(code, "\\n", sep = "")
  flush(stdout())
}
"""
PYTHON = """
import contextlib, os, runpy, sys, traceback, warnings
for line in sys.stdin:
    os.chdir(line.rstrip("\\n"))
    code = 0
    with (
        open("../stdout", "w") as said, open("../stderr", "w") as warned, warnings.catch_warnings(),
        contextlib.redirect_stdout(said), contextlib.redirect_stderr(warned),
    ):
        try:
            runpy.run_path("analysis.py", run_name="__main__")
        except SystemExit as end:
            code = end.code or 0
        except Exception:
            traceback.print_exc()
            code = 1
    print(code, flush=True)
"""


class Interpreter:
    """A process that runs the scripts of bundles."""

    def __init__(self, *command: str) -> None:
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def run(self, folder: Path) -> subprocess.CompletedProcess[str]:
        """As ``bundles.run_r`` and ``bundles.run_python`` do it: the exit code, and what was printed."""
        self._process.stdin.write(f"{folder}\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, f"The process ended with {self._process.wait()}."
        said, warned = ((folder.parent / name).read_text() for name in ("stdout", "stderr"))
        return subprocess.CompletedProcess(self._process.args, int(answer), said, warned)

    def end(self) -> None:
        self._process.communicate()


def start_r(rscript: str) -> Interpreter:
    return Interpreter(rscript, "-e", R)


def start_python() -> Interpreter:
    return Interpreter(sys.executable, "-c", PYTHON)
