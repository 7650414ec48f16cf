"""A headless Chromium led through its debugging pipe with the standard library alone."""

import base64
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any

CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
)
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--remote-debugging-pipe", "--disable-extensions",
         "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage", "--hide-scrollbars")  # fmt: skip


class Browser:
    """One page: what it was told to do, what it asked for (`requests`), what it complained of (`complaints`)."""

    def __init__(self, profile: Path) -> None:
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self._events: list[dict[str, Any]] = []
        self._number = 0
        theirs_in, self._out = os.pipe()
        self._in, theirs_out = os.pipe()
        line = (
            f'exec "$@" 3</dev/fd/{theirs_in} 4>/dev/fd/{theirs_out}'  # the pipe; sh duplicates no descriptor above 9
        )
        self._process = subprocess.Popen(
            ["sh", "-c", line, "sh", str(CHROMIUM), *FLAGS, f"--user-data-dir={profile}"],
            pass_fds=(theirs_in, theirs_out),
            stderr=subprocess.DEVNULL,
        )
        os.close(theirs_in)
        os.close(theirs_out)
        self._answers = self._read()
        self._session: str | None = None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def __enter__(self) -> "Browser":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.close(self._out)
        self._process.terminate()
        self._process.wait(20)
        os.close(self._in)

    def _read(self) -> Iterator[dict[str, Any]]:
        left = b""
        while part := os.read(self._in, 1 << 20):
            *whole, left = (left + part).split(b"\0")
            yield from map(json.loads, whole)

    def call(self, method: str, **parameters: Any) -> Any:
        """A command's result."""
        self._number += 1
        told = {"id": self._number, "method": method, "params": parameters}
        session = {"sessionId": self._session} if self._session else {}
        os.write(self._out, json.dumps(told | session).encode() + b"\0")
        for answer in self._answers:
            if answer.get("id") == self._number:
                assert "error" not in answer, answer
                return answer["result"]
            self._note(answer)
        raise AssertionError("the browser is gone")

    def _note(self, event: dict[str, Any]) -> None:
        self._events.append(event)
        told = event["params"]
        if event["method"] == "Network.requestWillBeSent":
            self.requests.append(told["request"]["url"])
        elif event["method"] in ("Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded"):
            self.complaints.append(json.dumps(told))

    def open(self, url: str) -> None:
        """Go there and wait until all is loaded."""
        self._events.clear()
        self.call("Page.navigate", url=url)
        while not any(event["method"] == "Page.loadEventFired" for event in self._events):
            self._note(next(self._answers))

    def ask(self, expression: str) -> Any:
        """The value of an expression in the page, awaited."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def key(self, name: str, text: str = "", modifiers: int = 0) -> None:
        """Press a key and let it go; `modifiers`: 8 is Shift."""
        code = {"Tab": 9, "Enter": 13, "Escape": 27, "ArrowUp": 38, "ArrowDown": 40, " ": 32}.get(name, 0)
        told = {"key": name, "code": name, "windowsVirtualKeyCode": code, "modifiers": modifiers}
        self.call("Input.dispatchKeyEvent", type="keyDown", text=text, **told)
        self.call("Input.dispatchKeyEvent", type="keyUp", **told)

    def write(self, text: str) -> None:
        """Type a text, key by key."""
        for character in text:
            self.key(character, character)

    def picture(self, file: Path, width: int, height: int) -> None:
        """A picture of the page at that width."""
        self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 500
        )
        file.write_bytes(base64.b64decode(self.call("Page.captureScreenshot", captureBeyondViewport=False)["data"]))


@contextmanager
def opened(page: Path, profile: Path, fragment: str = "") -> Iterator[Browser]:
    """A browser that shows a page of a local folder."""
    with Browser(profile) as browser:
        browser.open(page.as_uri() + fragment)
        yield browser
