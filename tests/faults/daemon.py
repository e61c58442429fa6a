# SPDX-License-Identifier: MIT
"""The recorder as a child process, and its HTTP interface."""

import http.client
import json
import os
import pathlib
import signal
import urllib.parse

import network
from program import BUILD, Program, Trouble, mono_ns, until

PASSWORD = "a long campaign password 7"


class Daemon:
    """One recorder on one data folder; started, killed and started again by the faults."""

    def __init__(self, work: pathlib.Path, settings: dict | None = None):
        self.work = work
        self.data = work / "data"
        self.storage = self.data / "recordings"
        self.settings = {"segment_duration_s": 10, "allow_loopback_cameras": "true"}
        self.settings.update(settings or {})
        self.log_level = "debug"
        self.namespace: str | None = None
        self.prefix: list[str] = []
        self.env: dict[str, str] = {}
        self.program: Program | None = None
        self.starts = 0
        self.url: urllib.parse.SplitResult | None = None
        self.token: str | None = None

    def command(self) -> list[str]:
        out = [*self.prefix, str(BUILD / "ronin-nvr"), "--data-dir", str(self.data)]
        out += ["--listen", "127.0.0.1:0", "--log-level", self.log_level]
        if self.storage != self.data / "recordings":
            out += ["--storage", str(self.storage)]
        for key, value in self.settings.items():
            out += ["--set", f"{key}={value}"]
        if self.namespace:
            out = ["ip", "netns", "exec", self.namespace, *out]
        return out

    def launch(self) -> Program:
        """Starts it without waiting."""
        self.starts += 1
        self.token = None
        env = {"RONIN_ADMIN_PASSWORD": PASSWORD, **self.env}
        self.program = Program(self.command(), self.work / f"daemon-{self.starts}.log", env)
        return self.program

    def start(self, limit_s: float = 30.0) -> int:
        """Starts it and waits until it serves; gives the monotonic time at which it was started."""
        program = self.launch()
        self.url = urllib.parse.urlsplit(program.line("ready ", limit_s).split()[1])
        return program.started_ns

    @property
    def pid(self) -> int:
        return self.program.pid

    def kill(self) -> int:
        return self.program.kill()

    def stop(self, codes: tuple[int, ...] = (0,)) -> int:
        """SIGTERM; gives its exit code, which is one of `codes`."""
        if self.program is None or not self.program.running():
            return 0
        code = self.program.end()
        if code not in codes:
            raise Trouble(f"SIGTERM: exit code {code} instead of {codes[0]} within 10 s")
        return code

    def crashed(self) -> str | None:
        """What it ended with, when nobody asked it to."""
        if self.program is None or self.program.running():
            return None
        return f"ended by itself with {self.program.child.returncode}"

    def log_text(self) -> str:
        return "".join(
            file.read_text(errors="replace") for file in sorted(self.work.glob("daemon-*.log"))
        )

    # --- HTTP ---------------------------------------------------------------------------------

    def _request(self, method: str, path: str, body=None, token: str | None = None):
        connection = http.client.HTTPConnection(self.url.hostname, self.url.port, timeout=10)
        with network.inside(self.namespace):
            connection.connect()
        headers = {"Content-Type": "application/json"} if body is not None else {}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        try:
            return answer.status, json.loads(text) if text else None
        except ValueError:
            return answer.status, text

    def request(self, method: str, path: str, body=None):
        """Status and decoded answer; signs in when the daemon asks for it."""
        status, answer = self._request(method, path, body, self.token)
        if status != 401:
            return status, answer
        login = {"username": "admin", "password": PASSWORD}
        status, answer = self._request("POST", "/api/auth/login", login)
        if status != 200:
            return status, answer
        self.token = answer["access_token"]
        return self._request(method, path, body, self.token)

    def get(self, path: str):
        status, answer = self.request("GET", path)
        if status != 200:
            raise Trouble(f"GET {path}: {status} {answer}")
        return answer

    def add_camera(self, name: str, url: str, **more) -> int:
        status, answer = self.request("POST", "/api/cameras", {"name": name, "url": url, **more})
        if status != 201:
            raise Trouble(f"POST /api/cameras: {status} {answer}")
        return answer["id"]

    def camera(self, camera_id: int) -> dict:
        return self.get(f"/api/cameras/{camera_id}")

    def statuses(self) -> dict[int, str]:
        return {one["id"]: one["status"] for one in self.get("/api/cameras")["items"]}

    def until_all(self, status: str, limit_s: float = 30.0) -> None:
        def all_are() -> bool:
            found = self.statuses().values()
            return bool(found) and all(one == status for one in found)

        until(f"every camera is {status}", all_are, limit_s)

    def until_checked(self, limit_s: float = 30.0) -> None:
        """Until the check of the recordings, which runs behind recording, is over."""
        log = self.program.log
        until("a check of the recordings", lambda: "were checked: " in log.read_text(), limit_s)

    def timeline(self, camera_id: int, start_us: int, end_us: int) -> dict | None:
        """{"spans", "gaps"} of the coverage ledger; None when there is no ledger."""
        query = f"camera_id={camera_id}&start={start_us // 1000}&end={end_us // 1000}"
        status, answer = self.request("GET", f"/api/timeline?{query}")
        if status != 200 or not isinstance(answer, dict):
            return None
        cameras = answer.get("cameras", answer.get("items", []))
        if isinstance(cameras, dict):
            return cameras.get(str(camera_id))
        return next((c for c in cameras if c.get("camera_id", c.get("id")) == camera_id), None)

    def threads(self) -> dict[int, str]:
        out = {}
        for task in pathlib.Path(f"/proc/{self.pid}/task").iterdir():
            try:
                out[int(task.name)] = (task / "comm").read_text().strip()
            except OSError:
                pass  # it has ended meanwhile
        return out

    def memory_kib(self) -> int:
        for line in pathlib.Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
        return 0

    def open_files(self) -> int:
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    def pause(self) -> int:
        return self.program.signal(signal.SIGSTOP)

    def resume(self) -> int:
        self.program.signal(signal.SIGCONT)
        return mono_ns()
