// SPDX-License-Identifier: MIT
// Things on a port that are no good camera.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import readline from 'node:readline';

/** Listens on a free port of the loopback address; `stop` ends all connections too. */
export async function listen(server) {
  const sockets = new Set();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const stop = () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  return { url: `rtsp://127.0.0.1:${server.address().port}/stream`, stop };
}

/** An RTSP server that answers DESCRIBE with `status` ("403 Forbidden") and perhaps an SDP. */
export function rtspServer(status, sdp = '') {
  const answer = (request) => {
    const [line, ...fields] = request.split('\r\n');
    const sequence = fields.find((field) => /^cseq:/i.test(field)) ?? 'CSeq: 0';
    if (!line.startsWith('DESCRIBE')) return `RTSP/1.0 200 OK\r\n${sequence}\r\nPublic: DESCRIBE, SETUP, PLAY\r\n\r\n`;
    const body = sdp === '' ? '' : `Content-Type: application/sdp\r\nContent-Length: ${sdp.length}\r\n`;
    return `RTSP/1.0 ${status}\r\n${sequence}\r\n${body}\r\n${sdp}`;
  };
  const server = net.createServer((socket) => {
    let text = '';
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      text += bytes.toString('latin1');
      for (let end = text.indexOf('\r\n\r\n'); end >= 0; end = text.indexOf('\r\n\r\n')) {
        socket.write(answer(text.slice(0, end)));
        text = text.slice(end + 4);
      }
    });
  });
  return listen(server);
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
