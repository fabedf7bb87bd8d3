"""A headless Chromium, driven through its DevTools protocol, and what textual-serve sends to the page in it."""

import asyncio
import base64
import itertools
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyte
from aiohttp import ClientSession, ClientWebSocketResponse

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
"""The browser of this machine; None if there is none."""

SECONDS = 60.0
"""How long something may take."""

KEYS = {"Enter": "\r", "Escape": "", "ArrowRight": "", "ArrowLeft": ""}
"""Named keys, with the character of those that have one."""


class Page:
    """A page of its own in a browser of its own: another visitor than every other page."""

    def __init__(self, folder: Path, width: int = 1200, height: int = 800) -> None:
        self._folder, self._size = folder, (width, height)
        self._ids = itertools.count(1)
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self.screen = pyte.Screen(200, 100)
        self._stream = pyte.ByteStream(self.screen)
        self.is_closed = False
        self.received = bytearray()
        """Everything that the page was sent."""
        self._cells = (0, 0)

    async def __aenter__(self) -> Self:
        assert CHROMIUM
        options = ["--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0", "--no-first-run"]
        size = "--window-size={},{}".format(*self._size)
        command = [CHROMIUM, *options, size, f"--user-data-dir={self._folder}", "about:blank"]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        port = await self._read_port()
        self._session = ClientSession()
        async with self._session.get(f"http://127.0.0.1:{port}/json/list") as response:
            target = next(each for each in await response.json() if each["type"] == "page")
        self._socket: ClientWebSocketResponse = await self._session.ws_connect(
            target["webSocketDebuggerUrl"], max_msg_size=0
        )
        self._reading = asyncio.create_task(self._read())
        for domain in ("Network", "Page", "Runtime"):
            await self.call(f"{domain}.enable")
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self._reading.cancel()
        await self._session.close()
        self._process.terminate()
        await asyncio.to_thread(self._process.wait)

    async def _read_port(self) -> int:
        """Read the port that the browser writes to its folder once it listens."""
        file = self._folder / "DevToolsActivePort"
        await wait_until(lambda: file.exists() and bool(file.read_text()), "the browser does not start")
        return int(file.read_text().splitlines()[0])

    async def _read(self) -> None:
        """Pass answers on, and draw what the page receives."""
        async for message in self._socket:
            content = json.loads(message.data)
            if "id" in content:
                self._answers.pop(content["id"]).set_result(content)
            elif content["method"] == "Network.webSocketFrameReceived":
                frame = content["params"]["response"]
                if frame["opcode"] == 2:
                    data = base64.b64decode(frame["payloadData"])
                    self.received += data
                    self._stream.feed(data)
            elif content["method"] == "Network.webSocketCreated":
                asked = re.search(r"width=(\d+)&height=(\d+)", content["params"]["url"])
                assert asked
                self._cells = int(asked[1]), int(asked[2])
                self.screen.resize(self._cells[1], self._cells[0])
            elif content["method"] == "Network.webSocketClosed":
                self.is_closed = True

    async def call(self, method: str, **parameters: object) -> dict[str, Any]:
        """Call a method of the browser, and return its result."""
        number = next(self._ids)
        answer = self._answers[number] = asyncio.get_running_loop().create_future()
        await self._socket.send_json({"id": number, "method": method, "params": parameters})
        content = await asyncio.wait_for(answer, SECONDS)
        assert "error" not in content, content["error"]
        result: dict[str, Any] = content["result"]
        return result

    async def open(self, url: str) -> None:
        """Go to an address, and wait until something is drawn."""
        await self.call("Page.navigate", url=url)
        await self.until(r"\S")

    @property
    def text(self) -> str:
        """The lines that the page has been sent."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    async def until(self, pattern: str) -> re.Match[str]:
        """Wait until the text has this pattern."""
        await wait_until(lambda: bool(re.search(pattern, self.text)), lambda: f"no {pattern!r} on\n{self.text}")
        found = re.search(pattern, self.text)
        assert found
        return found

    async def press(self, *keys: str) -> None:
        """Press keys, by their character or their name in the browser."""
        for key in keys:
            text = KEYS.get(key, key)
            event = {"key": key, "text": text} if text else {"key": key}
            code = {"Escape": 27, "Enter": 13, "ArrowRight": 39, "ArrowLeft": 37}.get(key, 0)
            await self.call("Input.dispatchKeyEvent", type="keyDown", windowsVirtualKeyCode=code, **event)
            await self.call("Input.dispatchKeyEvent", type="keyUp", windowsVirtualKeyCode=code, key=key)

    async def click(self, pattern: str) -> None:
        """Click on a text."""
        lines = self.screen.display
        row, line = next((row, line) for row, line in enumerate(lines) if re.search(pattern, line))
        found = re.search(pattern, line)
        assert found
        view = (await self.call("Page.getLayoutMetrics"))["cssVisualViewport"]
        x = (found.start() + 0.5) * view["clientWidth"] / self._cells[0]
        y = (row + 0.5) * view["clientHeight"] / self._cells[1]
        for kind in ("mousePressed", "mouseReleased"):
            await self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    async def take_picture(self) -> bytes:
        """Return a PNG of the page."""
        result = await self.call("Page.captureScreenshot", format="png")
        return base64.b64decode(result["data"])


async def wait_until(condition: Callable[[], bool], what: str | Callable[[], str]) -> None:
    """Wait for a condition; fails with `what` if it does not come true."""
    loop = asyncio.get_running_loop()
    end = loop.time() + SECONDS
    while not condition():
        assert loop.time() < end, what if isinstance(what, str) else what()
        await asyncio.sleep(0.02)
