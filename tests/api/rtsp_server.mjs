// SPDX-License-Identifier: MIT
// Things on a port that are no good camera.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import readline from 'node:readline';

/** Listens on a free port of a loopback address; `stop` ends all connections too. */
export async function listen(server, address = '127.0.0.1') {
  const sockets = new Set();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, address);
  await once(server, 'listening');
  const stop = () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  return { url: `rtsp://${address}:${server.address().port}/stream`, stop };
}

// A listener whose queue is full: the kernel drops what else comes, as a dead host does.
const fullQueue = `
import socket, sys
server = socket.socket()
server.bind(("127.0.0.1", 0))
server.listen(0)
clients = [socket.socket() for _ in range(8)]
for client in clients:
    client.setblocking(False)
    client.connect_ex(server.getsockname())
print(server.getsockname()[1], flush=True)
sys.stdin.read()
`;

/** A port that drops every packet. */
export async function silentHost() {
  const child = spawn('python3', ['-c', fullQueue], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [port] = await once(readline.createInterface(child.stdout), 'line');
  return { url: `rtsp://127.0.0.1:${port}/stream`, stop: () => child.stdin.end() };
}
