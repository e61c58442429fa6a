#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""narrow_relay.py PORT: relays connections to 127.0.0.1:PORT, and takes very little at once.

Prints its own port. From the first line of standard input on, it reads nothing more of who
connected; what comes from the other side goes on. A kernel's own buffers would take minutes of
sound from who talks to a camera that does not listen.
"""

import asyncio
import socket
import sys

deaf = asyncio.Event()


async def pump(reader, writer, may_be_deaf):
    try:
        while data := await reader.read(2048):
            writer.write(data)
            await writer.drain()
            if may_be_deaf and deaf.is_set():
                await asyncio.Event().wait()
    except ConnectionError:
        pass
    writer.close()


async def main():
    target = int(sys.argv[1])

    async def serve(reader, writer):
        # With a high limit asyncio would read ahead.
        to, back = await asyncio.open_connection("127.0.0.1", target)
        await asyncio.gather(pump(reader, back, True), pump(to, writer, False))

    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    listener.bind(("127.0.0.1", 0))
    await asyncio.start_server(serve, sock=listener, limit=2048)
    print(listener.getsockname()[1], flush=True)
    loop = asyncio.get_running_loop()
    loop.add_reader(sys.stdin, lambda: (sys.stdin.readline(), deaf.set(), loop.remove_reader(sys.stdin)))
    await asyncio.Event().wait()


asyncio.run(main())
