# SPDX-License-Identifier: MIT
"""Network namespaces with a camera side and a recorder side, and what can happen between them."""

import contextlib
import ctypes
import os

from program import Missing, Trouble, run

LIBC = ctypes.CDLL(None, use_errno=True)
CLONE_NEWNET = 0x40000000
CAMERA_ADDRESS = "10.77.0.2"
RECORDER_ADDRESS = "10.77.0.1"


@contextlib.contextmanager
def inside(namespace: str | None):
    """This thread's new sockets belong to the namespace until the end of the block."""
    if namespace is None:
        yield
        return
    with open("/proc/thread-self/ns/net") as home, open(f"/run/netns/{namespace}") as there:
        if LIBC.setns(there.fileno(), CLONE_NEWNET) != 0:
            raise Trouble(f"cannot enter the network namespace {namespace}")
        try:
            yield
        finally:
            LIBC.setns(home.fileno(), CLONE_NEWNET)


class CameraNetwork:
    """Two namespaces joined by one cable: `recorder` and `camera`."""

    def __init__(self):
        mark = f"ronin{os.getpid()}"
        self.recorder, self.camera = f"{mark}r", f"{mark}c"
        made = run("ip", "netns", "add", self.recorder, check=False)
        if made.returncode != 0:
            raise Missing(f"no network namespaces: {made.stderr.strip()}")
        run("ip", "netns", "add", self.camera)
        far = ["peer", "name", "eth0", "netns", self.camera]
        run("ip", "-n", self.recorder, "link", "add", "eth0", "type", "veth", *far)
        for name, address in ((self.recorder, RECORDER_ADDRESS), (self.camera, CAMERA_ADDRESS)):
            run("ip", "-n", name, "link", "set", "lo", "up")
            run("ip", "-n", name, "address", "add", f"{address}/24", "dev", "eth0")
            run("ip", "-n", name, "link", "set", "eth0", "up")

    def cable(self, up: bool) -> None:
        run("ip", "-n", self.camera, "link", "set", "eth0", "up" if up else "down")

    def rules(self, *rules: str) -> None:
        """Sets nftables rules for all that the recorder gets and sends; none: takes them away."""
        text = "flush ruleset\n"
        if rules:
            text += "table inet fault {\n"
            for hook in ("input", "output"):
                text += f"chain {hook} {{ type filter hook {hook} priority 0;\n"
                # The runner asks the daemon over lo; only the cable is faulty.
                text += 'iifname "lo" accept\noifname "lo" accept\n'
                text += "\n".join(rules) + "\n}\n"
            text += "}\n"
        run("ip", "netns", "exec", self.recorder, "nft", "-f", "-", input=text)

    def rate(self, kbit: int | None) -> None:
        """Limits what the camera can send; None: no limit any more."""
        if kbit is None:
            run("tc", "-n", self.camera, "qdisc", "del", "dev", "eth0", "root")
            return
        limit = ["rate", f"{kbit}kbit", "burst", "8kb", "latency", "300ms"]
        run("tc", "-n", self.camera, "qdisc", "add", "dev", "eth0", "root", "tbf", *limit)

    def close(self) -> None:
        for name in (self.recorder, self.camera):
            run("ip", "netns", "del", name, check=False)
