"""A Firefox that is driven through Marionette, which is built into it: it needs no driver of its own.

Playwright drives only Firefoxes of its own making, and Debian has no geckodriver.
https://firefox-source-docs.mozilla.org/testing/marionette/Protocol.html
"""

import json
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

PATIENCE_S = 300
LOOK_AGAIN_S = 0.05
KEYS = {
    "Enter": "\ue007",
    "Tab": "\ue004",
    "Space": " ",
    "ArrowDown": "\ue015",
    "ArrowUp": "\ue013",
    "Escape": "\ue00c",
}
PREFERENCES = {"marionette.port": 0, "datareporting.policy.dataSubmissionEnabled": False}  # any port that is free
CLICK = ("pointerDown", "pointerUp")
CENTRE = """const target = document.querySelector(arguments[0]);
  target.scrollIntoView({ block: "center" });
  const { left, top, width, height } = target.getBoundingClientRect();
  return [left + width / 2, top + height / 2].map(Math.round);"""


def wait_for(ask: Callable):
    """Ask until the answer is true in itself, and return it. AssertionError after PATIENCE_S."""
    end = time.monotonic() + PATIENCE_S
    while not (answer := ask()):
        assert time.monotonic() < end, "It did not come about."
        time.sleep(LOOK_AGAIN_S)
    return answer


@contextmanager
def firefox(path: str, profile: Path) -> Iterator["Firefox"]:
    """Run the Firefox at a path with a new profile in an empty folder, headless."""
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in PREFERENCES.items()]
    Path(profile, "user.js").write_text("".join(lines))
    command = [path, "--headless", "--no-remote", "--marionette", "--profile", str(profile)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        file = Path(profile, "MarionetteActivePort")
        wait_for(lambda: process.poll() is not None or (file.exists() and file.read_text().strip()))
        assert process.poll() is None, f"Firefox ended with {process.returncode}."
        with socket.create_connection(("127.0.0.1", int(file.read_text())), timeout=PATIENCE_S) as connection:
            yield Firefox(connection)
    finally:
        process.terminate()
        process.wait()


class Firefox:
    """One window."""

    def __init__(self, connection: socket.socket) -> None:
        """``connection`` has just been made, to a Firefox's Marionette."""
        self._stream = connection.makefile("rwb")
        self._count = 0
        self._receive()  # its greeting
        self._ask("WebDriver:NewSession")

    def open(self, url: str) -> None:
        """Go to a page, and return once it stands."""
        self._ask("WebDriver:Navigate", url=url)

    def resize(self, width: int, height: int) -> None:
        """Give the page that many pixels, which no window's edge takes from."""
        frame = [f"outer{side} - inner{side}" for side in ("Width", "Height")]
        more = self.run(f"return [{', '.join(frame)}]")
        self._ask("WebDriver:SetWindowRect", width=width + more[0], height=height + more[1])

    def run(self, script: str, *arguments):
        """Return what a function's body returns on the page."""
        return self._ask("WebDriver:ExecuteScript", script=script, args=list(arguments))["value"]

    def wait(self, script: str, *arguments):
        """Return what a function's body returns on the page as soon as that is true in itself."""
        return wait_for(lambda: self.run(script, *arguments))

    def press(self, keys: str | list[str]) -> None:
        """Press and release keys one after the other, each by its character or its name in KEYS."""
        for key in keys:
            self.hold(key, 1)

    def hold(self, key: str, times: int) -> None:
        """Press a key, repeat it as a keyboard does while it is held, and release it."""
        value = KEYS.get(key, key)
        strokes = [*[{"type": "keyDown", "value": value}] * times, {"type": "keyUp", "value": value}]
        self._act({"type": "key", "id": "keyboard", "actions": strokes})

    def click(self, selector: str) -> None:
        """Click in the middle of the first element."""
        x, y = self.run(CENTRE, selector)
        strokes = [{"type": "pointerMove", "x": x, "y": y}, *({"type": kind, "button": 0} for kind in CLICK)]
        self._act({"type": "pointer", "id": "mouse", "actions": strokes})

    def _act(self, actions: dict) -> None:
        self._ask("WebDriver:PerformActions", actions=[actions])

    def _ask(self, command: str, **parameters) -> dict:
        self._count += 1
        asked = json.dumps([0, self._count, command, parameters]).encode()
        self._stream.write(b"%d:%s" % (len(asked), asked))
        self._stream.flush()
        _, _, error, result = self._receive()
        assert error is None, (command, error)
        return result

    def _receive(self):
        length = b""
        while (byte := self._stream.read(1)) != b":":
            assert byte, "Firefox has ended."
            length += byte
        return json.loads(self._stream.read(int(length)))
