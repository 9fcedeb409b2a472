import type { Config } from '../../config/config.ts';
import { facebookGraph } from '../../domain/upstream/facebook-graph.ts';
import { type UpstreamProvider, upstreamProviders } from '../../domain/upstream/providers.ts';
import { systemClock } from '../../lib/clock.ts';
import { OutboundError, outbound } from '../../lib/outbound.ts';
import { type Check, codeOf, fail, ok } from './check.ts';

/** Placeholders for an authorization URL that is never used. */
const NOTHING = { state: 'doctor', nonce: 'doctor', verifier: 'doctor' };

/** Returns the reason of a failure, as reported by the outbound request guard or the network. */
function reasonOf(error: unknown): string {
  for (let cause = error; cause instanceof Error; cause = cause.cause)
    if (cause instanceof OutboundError) return cause.reason;
  return codeOf((error as Error).cause);
}

async function examine({ id, callbackPath, party }: UpstreamProvider, issuer: string): Promise<Check> {
  const name = `upstream ${id}`;
  try {
    const url = new URL(await party.authorizationUrl(NOTHING, { again: false }));
    return ok(name, `sends people to ${url.host}, and expects them at ${issuer}${callbackPath}`);
  } catch (error) {
    return fail(
      name,
      `discovery failed (${reasonOf(error)})`,
      `Check the issuer of ${id} in the setting upstream. A private address has to be in outbound.allow.`,
    );
  }
}

/** Checks that each sign-in provider can be reached. Only a sign-in can test its client credentials. */
export async function upstreamChecks(config: Config): Promise<Check[]> {
  const { graphUrl } = config.facebook;
  const { issuer } = config.server;
  const calls = outbound(config.outbound);
  const { fetch } = calls;
  const graph = facebookGraph({ app: () => ({}), graphUrl, fetch, clock: systemClock });
  const settings = config.upstream;
  const { list } = upstreamProviders({ issuer, settings, clock: systemClock, fetch, graph, graphUrl });
  try {
    return await Promise.all(list.map((provider) => examine(provider, issuer)));
  } finally {
    await calls.close();
  }
}
