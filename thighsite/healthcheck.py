"""Asks the server in the same container whether it is well; a failure ends with an exit code other than 0."""

import os
import urllib.request


def main() -> None:
    port = os.environ.get("BIND", "127.0.0.1:8000").rpartition(":")[2]
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0]  # the site answers to its own names only
    request = urllib.request.Request(f"http://127.0.0.1:{port}/health/", headers={"Host": host})
    with urllib.request.urlopen(request, timeout=4):  # nosec B310
        pass


if __name__ == "__main__":
    main()
