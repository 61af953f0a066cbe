"""Clients that send a byte now and then keep nobody from the site, behind the proxy that the guide demands."""

import socket
import ssl
import subprocess

import pytest

from tests.browser.servers import Server, new_database
from tests.deploy.proxy import NGINX, configured
from tests.starting import free_port

SLOW = 40  # more than the site has threads
HOST = "thighsite.example.org"
BEGUN = (
    f"POST /accounts/login/ HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: text/plain\r\nContent-Length: 1000\r\n\r\nuser"
)


@pytest.fixture
def site(static_files):
    site = Server(new_database("thighsite_slow"))
    site.environment |= {"ALLOWED_HOSTS": f"127.0.0.1,{HOST}"}
    site.start()
    yield site
    site.stop()


@pytest.fixture
def proxy(site, tmp_path):
    """The port on which nginx serves the site."""
    if not NGINX:
        pytest.skip("nginx is not installed")
    port = free_port()
    command = [NGINX, *configured(tmp_path, site=site.port, tls=port, plain=free_port(), patience="4s")]
    with (tmp_path / "log").open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log) as process:
        while process.poll() is None and not _listens(port):
            pass
        assert process.poll() is None, (tmp_path / "log").read_text()
        yield port
        process.terminate()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def connected(port: int) -> ssl.SSLSocket:
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE  # it made its certificate itself
    return trusting.wrap_socket(socket.create_connection(("127.0.0.1", port), timeout=60), server_hostname=HOST)


def test_slow_senders_keep_nobody_from_the_site_and_are_given_up(proxy):
    slow = [connected(proxy) for _ in range(SLOW)]
    for number, sender in enumerate(slow):  # half of them in the middle of a header
        sender.sendall(BEGUN.encode()[: None if number % 2 else 30])

    asking = connected(proxy)
    asking.sendall(f"GET /healthz HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n".encode())
    answer = b"".join(iter(lambda: asking.recv(4096), b""))
    given_up = [sender.recv(4096) for sender in slow]

    assert (b" 200 OK" in answer, answer[-3:]) == (True, b"ok\n")
    assert {part.split(b"\r\n")[0] for part in given_up} <= {b"", b"HTTP/1.1 408 Request Time-out"}
    for sender in (*slow, asking):
        sender.close()
