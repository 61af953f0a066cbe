"""The web server listens where BIND says: asked there, as its users and its container's health check ask."""

import http.client
import socket
import subprocess
import sys

import pytest

from tests.browser.servers import ROOT, Server, migrated_database
from tests.thighsite.ipv6 import HAS_IPV6, needs_ipv6

GIVEN_UP_SECONDS = 60  # for what would never answer


class AtSocket(http.client.HTTPConnection):
    """A connection to the socket that has a path in place of a host and a port."""

    def __init__(self, path):
        super().__init__("localhost", timeout=GIVEN_UP_SECONDS)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(self.path)


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    """Give the path of a socket, which no host's name could be."""
    return str(tmp_path_factory.mktemp("listening") / "the site: 1")


@pytest.fixture(scope="module")
def site(path, static_files):
    """A site that listens at two addresses, where there is IPv6, and at a socket."""
    site = Server(migrated_database("thighsite_listening_tests"))
    of_ipv6 = f"[::1]:{site.port}," if HAS_IPV6 else ""
    site.environment["BIND"] = f"127.0.0.1:{site.port}, {of_ipv6}unix:{path}"
    site.start()
    yield site
    site.stop()


def answer_of(connection: http.client.HTTPConnection) -> tuple[int, bytes]:
    connection.request("GET", "/healthz", headers={"Host": "localhost"})
    answer = connection.getresponse()
    told = answer.status, answer.read()
    connection.close()
    return told


@pytest.mark.parametrize("host", ["127.0.0.1", pytest.param("::1", marks=needs_ipv6)])
def test_site_answers_at_each_of_several_addresses(site, host):
    assert answer_of(http.client.HTTPConnection(host, site.port, timeout=GIVEN_UP_SECONDS)) == (200, b"ok\n")


def test_site_answers_at_a_socket_beside_them(site, path):
    assert answer_of(AtSocket(path)) == (200, b"ok\n")


@pytest.mark.parametrize(
    "bound",
    [
        "0.0.0.0:{port} ", "127.0.0.1:{port},", "tcp://localhost:{port}", ":{port}", "127.0.0.1:{port},127.0.0.1:1",
        "unix:{path}", "unix://{path}",
        *(pytest.param(each, marks=needs_ipv6) for each in ("[::1]:{port}", "[::]:{port}", "[::1]:{port},127.0.0.1:1")),
    ],
)  # fmt: skip
def test_health_check_asks_at_the_first_address(site, path, bound):
    done = checked(site, BIND=bound.format(port=site.port, path=path))

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("bound", "said"),
    [
        ("127.0.0.1:1", "Error: [Errno"),
        ("unix:{path}-elsewhere", "Error: [Errno"),
        ("127.0.0.1:port", "Error: The environment variable BIND is '127.0.0.1:port': it must be an address"),
        ("fd://3", "No site can be asked at fd://3"),
    ],
)
def test_health_check_that_reaches_nobody_says_so_in_a_line(site, path, bound, said):
    done = checked(site, BIND=bound.format(path=path))

    assert done.returncode == 1
    assert done.stderr.startswith(said)
    assert done.stderr.count("\n") == 1


def checked(site, **environment: str) -> subprocess.CompletedProcess:
    """Run the health check of the image beside the site."""
    command = [sys.executable, "-m", "thighsite.healthcheck"]
    return subprocess.run(command, cwd=ROOT, env=site.environment | environment, capture_output=True, text=True)
