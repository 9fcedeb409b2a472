import type { Context } from 'koa';
import { normaliseAddress } from '../lib/addresses.ts';

/**
 * The address of the client in its one spelling; `unknown` when the connection is already gone.
 *
 * `trustProxy` is the number of our own proxies. Each appends to `X-Forwarded-For` the address it was
 * called from, so the entry that many places from the right is the last one that a stranger could not
 * write. An entry that is no address makes the connection's own count.
 */
export function clientAddress(ctx: Context, trustProxy: number): string {
  const socket = normaliseAddress(ctx.req.socket.remoteAddress ?? '') ?? 'unknown';
  const forwarded = ctx.get('X-Forwarded-For');
  if (trustProxy === 0 || !forwarded) return socket;
  const hops = forwarded.split(',');
  // A list shorter than our proxies was written by them alone: its first entry is the client.
  return normaliseAddress(hops[Math.max(0, hops.length - trustProxy)] ?? '') ?? socket;
}
