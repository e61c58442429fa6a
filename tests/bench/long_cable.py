#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""long_cable.py: two network namespaces, `near` and `far`, with a cable between them that takes its
time and loses packets, since not every kernel has netem.

Prints "ready NEAR FAR LOST SENT" once, obeys "count" (the same line again), and takes all of it
away when standard input ends.
"""

import contextlib
import fcntl
import os
import pathlib
import random
import select
import struct
import sys
import time
from collections import deque

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "faults"))
from network import inside
from program import Missing, run

ONE_WAY_S = 0.025  # 50 ms of round trip
LOSS = 0.01  # of the packets, each way
NEAR_ADDRESS = "10.78.0.1"
FAR_ADDRESS = "10.78.0.2"
TUNSETIFF = 0x400454CA
IFF_TUN, IFF_NO_PI = 1, 0x1000
PORT = 8080  # of the recorder
# Without accounts a recorder listens on loopback addresses only.
TO_LOOPBACK = (
    "table ip cable { chain in { type nat hook prerouting priority -100;"
    f" tcp dport {PORT} dnat to 127.0.0.1; }};}}"
)
MOST_BYTES = 2000  # of a packet; one has at most 1,500
SEED = 7  # the same packets are lost in each run, as far as they are the same


def tun(namespace: str, address: str) -> int:
    """A device in the namespace, whose packets this process reads and writes."""
    with inside(namespace):
        out = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        fcntl.ioctl(out, TUNSETIFF, struct.pack("16sH", b"cable", IFF_TUN | IFF_NO_PI))
    run("ip", "-n", namespace, "address", "add", f"{address}/24", "dev", "cable")
    for device in ("lo", "cable"):
        run("ip", "-n", namespace, "link", "set", device, "up")
    return out


def open_loopback(namespace: str) -> None:
    """What comes to PORT by the cable is for 127.0.0.1."""
    command = ["ip", "netns", "exec", namespace]
    run(*command, "sh", "-c", "echo 1 >/proc/sys/net/ipv4/conf/all/route_localnet")
    run(*command, "nft", "-f", "-", input=TO_LOOPBACK)


class Way:
    """What is under way from one end to the other."""

    def __init__(self, source: int, target: int, random_: random.Random, loss: float = LOSS):
        self.source, self.target, self.random, self.loss = source, target, random_, loss
        self.waiting: deque[tuple[float, bytes]] = deque()
        self.sent = self.lost = 0

    def take(self, now: float) -> None:
        with contextlib.suppress(BlockingIOError):
            while True:
                packet = os.read(self.source, MOST_BYTES)
                self.sent += 1
                if self.random.random() < self.loss:
                    self.lost += 1
                else:
                    self.waiting.append((now + ONE_WAY_S, packet))

    def give(self, now: float) -> None:
        while self.waiting and self.waiting[0][0] <= now:
            with contextlib.suppress(BlockingIOError, OSError):
                os.write(self.target, self.waiting[0][1])
            self.waiting.popleft()


def relay(ways: list[Way], say) -> None:
    """Until standard input ends."""
    waits = select.epoll()
    for fd in [way.source for way in ways] + [0]:
        waits.register(fd, select.EPOLLIN)
    while True:
        due = min((way.waiting[0][0] for way in ways if way.waiting), default=None)
        timeout = None if due is None else max(0.0, due - time.monotonic())
        for fd, _ in waits.poll(timeout):
            if fd == 0:
                if not os.read(0, 4096):
                    return
                say()
        now = time.monotonic()
        for way in ways:
            way.take(now)
            way.give(now)


def main() -> int:
    names = [f"ronin{os.getpid()}{end}" for end in ("near", "far")]
    try:
        for name in names:
            made = run("ip", "netns", "add", name, check=False)
            if made.returncode != 0:
                raise Missing(f"no network namespaces: {made.stderr.strip()}")
        near, far = tun(names[0], NEAR_ADDRESS), tun(names[1], FAR_ADDRESS)
        open_loopback(names[0])
        random_ = random.Random(SEED)
        ways = [Way(near, far, random_), Way(far, near, random_)]

        def say() -> None:
            lost, sent = (sum(getattr(way, what) for way in ways) for what in ("lost", "sent"))
            print("ready", *names, lost, sent, flush=True)

        say()
        relay(ways, say)
    finally:
        for name in names:
            run("ip", "netns", "del", name, check=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
