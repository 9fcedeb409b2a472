import type { Socket } from 'node:net';
import type { Context } from 'koa';
import { normaliseAddress } from '../lib/addresses.ts';

/** The parts of a request that identify its sender. */
export type Caller = Pick<Context, 'req' | 'get'>;

const known = new WeakMap<Socket, string>();

/** Returns the remote address of a connection, cached because a connection carries many requests. */
function socketAddress(socket: Socket): string {
  const before = known.get(socket);
  if (before !== undefined) return before;
  const address = normaliseAddress(socket.remoteAddress ?? '');
  if (address === undefined) return 'unknown';
  known.set(socket, address);
  return address;
}

/**
 * Returns the normalised address of the client, or `unknown` when the connection has already closed.
 *
 * `trustProxy` is the number of trusted proxies. Each proxy appends the address of its own caller to `X-Forwarded-For`.
 * The entry at this position from the right is therefore the last one that a client cannot forge. If that entry is not
 * an address, the address of the connection is used.
 */
export function clientAddress(ctx: Caller, trustProxy: number): string {
  const socket = socketAddress(ctx.req.socket);
  const forwarded = ctx.get('X-Forwarded-For');
  if (trustProxy === 0 || !forwarded) return socket;
  const hops = forwarded.split(',');
  // A list with fewer entries than there are proxies was written by proxies alone: its first entry is the client.
  return normaliseAddress(hops[Math.max(0, hops.length - trustProxy)] ?? '') ?? socket;
}
