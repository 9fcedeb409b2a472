import { createServer, type Socket } from 'node:net';
import { expect } from 'chai';
import { connectRedis } from '../../src/redis/connection.ts';
import { eventually } from '../support/eventually.ts';
import { hasRedisServer, redisServer } from '../support/redis-servers.ts';

const CHANNEL = '+switch-master';
const bulk = (text: string): string => `$${Buffer.byteLength(text)}\r\n${text}\r\n`;
const list = (...texts: string[]): string => `*${texts.length}\r\n${texts.map(bulk).join('')}`;
/** A push message of the third version of the protocol, which no command requested. */
const push = (...texts: string[]): string => list(...texts).replace('*', '>');

/** Starts a sentinel that names one primary. While it holds, it delays its replies to queries, and counts them. */
async function fakeSentinel(primaryPort: number) {
  const sockets = new Set<Socket>();
  const listeners = new Set<Socket>();
  let waiting: Socket[] = [];
  let held = false;
  const tellPrimary = (socket: Socket): unknown => socket.write(list('127.0.0.1', String(primaryPort)));
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    socket.on('data', (data) => {
      // each command is a list of strings
      for (const command of String(data).split(/(?=\*\d+\r\n)/)) {
        if (/subscribe/i.test(command)) {
          listeners.add(socket);
          socket.write(`>3\r\n${bulk('subscribe')}${bulk(CHANNEL)}:1\r\n`);
        } else if (/get-master-addr-by-name/i.test(command)) {
          if (held) waiting.push(socket);
          else tellPrimary(socket);
        } else socket.write(/sentinels/i.test(command) ? '*0\r\n' : '+OK\r\n');
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as { port: number }).port,
    waiting: () => waiting.length,
    hold() {
      held = true;
    },
    announce: () => listeners.forEach((socket) => void socket.write(push('message', CHANNEL, 'main'))),
    release() {
      held = false;
      waiting.forEach(tellPrimary);
      waiting = [];
    },
    stop() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

if (hasRedisServer) {
  describe('a new primary that is announced while its address is being asked for', () => {
    it('is used', async function () {
      this.timeout(60_000);
      let primary = await redisServer();
      const sentinel = await fakeSentinel(primary.port);
      const redis = connectRedis({
        url: `redis+sentinel://127.0.0.1:${sentinel.port}/main`,
        commandTimeoutMs: 1000,
      });
      const heard: number[] = [];
      const leave = redis?.subscribe('test', () => heard.push(1));
      await redis?.ready(10_000);
      await eventually(async () => expect(await primary.cli('pubsub', 'numsub', 'test')).to.match(/\b1$/));

      sentinel.hold();
      await primary.kill();
      await eventually(async () => expect(sentinel.waiting()).to.equal(2));
      sentinel.announce();
      await new Promise((resume) => setTimeout(resume, 100));
      sentinel.release();
      primary = await redisServer([], primary.port);

      await eventually(async () => expect(await redis?.run('return 1', [])).to.equal(1));
      await eventually(async () => {
        await redis?.publish('test', 'x');
        expect(heard).to.not.be.empty;
      });
      leave?.();
      redis?.close();
      sentinel.stop();
      await primary.kill();
    });
  });
}
