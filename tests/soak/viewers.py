# SPDX-License-Identifier: MIT
"""People who look at the recorder: each comes, does one thing for some seconds, and goes."""

import base64
import collections
import http.client
import os
import random
import socket
import struct
import threading
import time


class Refused(Exception):
    """The recorder's answer was not what a viewer hopes for; its status."""


class Viewers:
    """`count` threads. `done` counts visits by kind, `refused` answers by kind and status."""

    def __init__(self, host: str, port: int, camera_ids: list[int], count: int = 8):
        self.host, self.port, self.camera_ids = host, port, camera_ids
        self.done: collections.Counter = collections.Counter()
        self.refused: collections.Counter = collections.Counter()
        self.read_bytes = 0
        self._lock = threading.Lock()
        self._end = threading.Event()
        self._threads = [
            threading.Thread(target=self._live, args=(number,), daemon=True)
            for number in range(count)
        ]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._end.set()
        for thread in self._threads:
            thread.join(30)

    def _live(self, number: int) -> None:
        dice = random.Random(number)
        visits = [self._hls, self._events, self._stream, self._download, self._look_up]
        while not self._end.is_set():
            visit = dice.choice(visits)
            kind = visit.__name__.strip("_")
            try:
                visit(dice)
                with self._lock:
                    self.done[kind] += 1
            except Refused as refused:
                with self._lock:
                    self.refused[f"{kind} {refused}"] += 1
            except (OSError, http.client.HTTPException) as error:
                with self._lock:
                    self.refused[f"{kind} {type(error).__name__}"] += 1
            self._end.wait(dice.uniform(1, 6))

    # --- Visits -------------------------------------------------------------------------------

    def _get(self, path: str, headers: dict | None = None, most: int | None = None) -> bytes:
        """The answer's body, or its first `most` bytes; then the viewer hangs up."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=20)
        try:
            connection.request("GET", path, headers=headers or {})
            answer = connection.getresponse()
            body = b""
            while not self._end.is_set() and (most is None or len(body) < most):
                part = answer.read(65536)
                if not part:
                    break
                body += part
            with self._lock:
                self.read_bytes += len(body)
            if answer.status >= 400:
                raise Refused(answer.status)
            return body
        finally:
            connection.close()

    def _camera(self, dice: random.Random) -> int:
        return dice.choice(self.camera_ids)

    def _hls(self, dice: random.Random) -> None:
        base = f"/api/cameras/{self._camera(dice)}/stream/hls/"
        seen: set[str] = set()
        end = time.monotonic() + dice.uniform(5, 25)
        while time.monotonic() < end and not self._end.is_set():
            for line in self._get(base + "playlist.m3u8").decode().splitlines():
                if line and not line.startswith("#") and line not in seen:
                    seen.add(line)
                    self._get(base + line)
            self._end.wait(1)

    def _events(self, dice: random.Random) -> None:
        key = base64.b64encode(os.urandom(16)).decode()
        with socket.create_connection((self.host, self.port), 20) as link:
            link.sendall(
                f"GET /api/events HTTP/1.1\r\nHost: {self.host}:{self.port}\r\n"
                "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                f"Sec-WebSocket-Key: {key}\r\n"
                "Sec-WebSocket-Protocol: ronin.events.1\r\n\r\n".encode()
            )
            head = link.recv(4096)
            if b" 101 " not in head.split(b"\r\n", 1)[0]:
                raise Refused(head[9:12].decode(errors="replace"))
            link.settimeout(0.5)
            end = time.monotonic() + dice.uniform(5, 25)
            while time.monotonic() < end and not self._end.is_set():
                try:
                    if not link.recv(65536):
                        return
                except TimeoutError:
                    pass
            if dice.random() < 0.5:  # the others just hang up
                link.sendall(b"\x88\x82\0\0\0\0" + struct.pack(">H", 1000))

    def _recording(self, dice: random.Random) -> int:
        camera = self._camera(dice)
        now = int(time.time() * 1000)
        path = f"/api/recordings?camera_id={camera}&start={now - 240_000}&end={now}"
        found = http_json(self._get(path)).get("items", [])
        if not found:
            raise Refused("no recording")
        return dice.choice(found)["id"]

    def _stream(self, dice: random.Random) -> None:
        path = f"/api/recordings/{self._recording(dice)}/stream"
        begin = dice.randrange(0, 100_000)
        self._get(path, {"Range": f"bytes={begin}-"}, most=dice.choice([1, 200_000, None]))

    def _download(self, dice: random.Random) -> None:
        self._get(f"/api/recordings/{self._recording(dice)}/stream")

    def _look_up(self, dice: random.Random) -> None:
        now = int(time.time() * 1000)
        camera = self._camera(dice)
        self._get(f"/api/timeline?camera_id={camera}&start={now - 86_400_000}&end={now}")
        self._get("/api/cameras")
        self._get(f"/api/cameras/{camera}/snapshot.jpg?width=320")


def http_json(body: bytes) -> dict:
    import json

    return json.loads(body)
