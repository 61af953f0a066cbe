"""The wait for a server: it lasts as long as the process gets on, and says why it ended."""

import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager

import pytest

from tests.starting import NotStarted, await_answer, free_port, progress

SERVE = """
import sys, time
from http.server import BaseHTTPRequestHandler, HTTPServer

class Answer(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()

print("x" * 200_000, flush=True)
HTTPServer(("127.0.0.1", int(sys.argv[1])), Answer).serve_forever()
"""


@contextmanager
def started(program: str):
    """A process that runs the program, with the address that it is to answer at and the file that it prints to."""
    port = free_port()
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            [sys.executable, "-c", program, str(port)], stdout=output, stderr=output, start_new_session=True
        )
        try:
            yield f"http://127.0.0.1:{port}/", process, output
        finally:
            process.kill()
            process.wait()


def test_server_that_prints_more_than_a_pipe_holds_is_awaited():
    with started(SERVE) as server:
        await_answer(*server)


def test_process_that_ends_is_reported_with_what_it_printed():
    says = r"ended with 3\. It printed:\nThe port is taken\."

    with started("print('The port is taken.'); raise SystemExit(3)") as server, pytest.raises(NotStarted, match=says):
        await_answer(*server)


def test_process_that_does_nothing_is_given_up_with_what_it_printed():
    says = r"has done nothing for 1 s\. It printed:\nWaiting\."
    idle = "import time; print('Waiting.', flush=True); time.sleep(86400)"

    with started(idle) as server, pytest.raises(NotStarted, match=says):
        await_answer(*server, stalled=1)


def test_server_that_answers_with_errors_alone_is_given_up_with_what_it_printed():
    says = r"has answered 500 for 1 s\. It printed:\nx+"

    with started(SERVE.replace("200)", "500)")) as server, pytest.raises(NotStarted, match=says):
        await_answer(*server, failing=1)


@pytest.mark.parametrize("work", ["while True: pass", "import time\nwhile True: print(flush=True); time.sleep(0.1)"])
def test_processor_time_and_words_are_progress(work):
    with started(work) as (_, process, output):
        before = progress(process, output)
        while progress(process, output) == before:
            time.sleep(0.1)  # between two looks at the condition awaited here
