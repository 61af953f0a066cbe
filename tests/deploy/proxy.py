"""The nginx of docs/deploy/nginx.conf, on ports and with a certificate of a test's own."""

import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from tests.browser.servers import ROOT

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")  # where an ordinary user has no path to
AROUND = """
pid {folder}/nginx.pid;
error_log stderr;
daemon off;
events {{ worker_connections 512; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""


def configured(folder: Path, *, site: int, tls: int, plain: int = 8080, patience: str = "10s") -> list[str]:
    """Write the configuration for a site on a port of this machine; return what nginx is told.

    ``patience`` is what whoever sends slowly is given in the place of the configuration's ten seconds.
    """
    key, certificate = certified("thighsite.example.org")
    (folder / "site.pem").write_bytes(certificate)
    (folder / "site.key").write_bytes(key)
    text = (ROOT / "docs" / "deploy" / "nginx.conf").read_text()
    text = re.sub(r"listen \[::\]:.*\n", "", text).replace("/etc/ssl/thighsite", str(folder))
    text = text.replace("listen 443", f"listen 127.0.0.1:{tls}").replace("listen 80;", f"listen 127.0.0.1:{plain};")
    text, limits = re.subn(r"(client_(?:header|body)_timeout) 10s;", rf"\1 {patience};", text)
    assert limits == 2, "The configuration gives slow senders no ten seconds any more."
    (folder / "site.conf").write_text(text.replace("127.0.0.1:8000", f"127.0.0.1:{site}"))
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder))
    return ["-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", "stderr"]


def certified(name: str) -> tuple[bytes, bytes]:
    """A key, and a certificate that it made itself, for a day."""
    key = ec.generate_private_key(ec.SECP256R1())
    called = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(called)
        .issuer_name(called)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, SHA256())
    )
    return (
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        certificate.public_bytes(Encoding.PEM),
    )
