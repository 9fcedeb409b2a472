import type { Socket } from 'node:net';
import type { Context } from 'koa';
import { normaliseAddress } from '../lib/addresses.ts';

/** What of a request tells who sends it. */
export type Caller = Pick<Context, 'req' | 'get'>;

const known = new WeakMap<Socket, string>();

/** The other end of a connection, which many requests come through. */
function socketAddress(socket: Socket): string {
  const before = known.get(socket);
  if (before !== undefined) return before;
  const address = normaliseAddress(socket.remoteAddress ?? '');
  if (address === undefined) return 'unknown';
  known.set(socket, address);
  return address;
}

/**
 * The address of the client in its one spelling; `unknown` when the connection is already gone.
 *
 * `trustProxy` is the number of our own proxies. Each appends to `X-Forwarded-For` the address it was
 * called from, so the entry that many places from the right is the last one that a stranger could not
 * write. An entry that is no address makes the connection's own count.
 */
export function clientAddress(ctx: Caller, trustProxy: number): string {
  const socket = socketAddress(ctx.req.socket);
  const forwarded = ctx.get('X-Forwarded-For');
  if (trustProxy === 0 || !forwarded) return socket;
  const hops = forwarded.split(',');
  // A list shorter than our proxies was written by them alone: its first entry is the client.
  return normaliseAddress(hops[Math.max(0, hops.length - trustProxy)] ?? '') ?? socket;
}
