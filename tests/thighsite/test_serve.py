"""What thighsite.serve says of addresses at which the site cannot listen, before it becomes gunicorn."""

import os
import socket
import subprocess

import pytest

from tests.thighsite.ipv6 import needs_ipv6
from tests.thighsite.test_settings import served


@pytest.fixture
def port():
    """A port of which somebody else let go just now, whose last connection is still being forgotten."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the web server
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)) as client:
            listener.accept()[0].close()
            client.recv(1)
    return port


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("127.0.0.1:{port}", "127.0.0.1:{port}"),
        ("localhost:{port}", "127.0.0.1:{port}"),
        ("0.0.0.0:{port}", "127.0.0.1:{port}"),
        ("127.0.0.1:{port}", ":{port}"),
        pytest.param("0.0.0.0:{port}", "[::]:{port}", marks=needs_ipv6),
        pytest.param("[::]:{port}", "127.0.0.1:{port}", marks=needs_ipv6),
        ("unix:site", "unix:site"),
    ],
)
def test_two_addresses_that_hold_one_another_are_named(port, one, other):
    one, other = one.format(port=port), other.format(port=port)

    done = served(BIND=f"unix:another-site, {one}, {other}")

    assert_refused(done, f"Error: The environment variable BIND has '{one}' and '{other}': who listens at one of them")


def test_address_that_is_taken_is_waited_for(port):
    """The site of before ends, and gunicorn tries again; that it is taken says nothing of the others."""
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", port))
        taken.listen()
        done = served(BIND=f"127.0.0.2:{port},127.0.0.1:{port}")

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(("length", "said"), [(107, ""), (108, "the path of a socket has 107 bytes at most.")])
def test_path_of_a_socket_is_no_longer_than_the_system_takes(length, said):
    done = served(BIND=f"unix:{'ä' * 50}{'a' * (length - 100)}")

    assert said in done.stderr
    assert (done.returncode, done.stderr.count("\n")) == (bool(said), bool(said))


def test_file_is_no_folder_for_a_socket():
    done = served(BIND="unix:/etc/passwd/site")

    assert_refused(
        done, "Error: The environment variable BIND is 'unix:/etc/passwd/site', where no site can listen: its"
    )


def test_folder_that_cannot_be_written_to_is_none_for_a_socket(tmp_path):
    tmp_path.chmod(0o500)
    if os.access(tmp_path, os.W_OK):
        pytest.skip("root may write anywhere")

    done = served(BIND=f"unix:{tmp_path}/site")

    assert_refused(
        done, f"Error: The environment variable BIND is 'unix:{tmp_path}/site', where no site can listen: its"
    )


def assert_refused(done: subprocess.CompletedProcess, said: str) -> None:
    (line,) = filter(None, done.stderr.splitlines())
    assert done.returncode == 1
    assert line.startswith(said)
