import * as z from 'zod';
import { AppError } from '../../errors/app-error.ts';
import type { Clock } from '../../lib/clock.ts';
import { OutboundError, type OutboundReason } from '../../lib/outbound.ts';
import type { UpstreamSettings } from './connector.ts';
import { connectorOf } from './connectors.ts';
import { facebookGraph } from './facebook-graph.ts';
import { upstreamProvider } from './providers.ts';

/** The reason for a failed check; never the content of a request or response. */
export type TestFailure = OutboundReason | 'status' | 'invalid' | 'refused';

/** `discovery` and `keys` are read from the provider. `signature` is Apple's client secret, `app` is Facebook's app. */
export interface TestCheck {
  name: 'discovery' | 'keys' | 'signature' | 'app';
  ok: boolean;
  reason: TestFailure | null;
}

/**
 * Tests whether a provider can be reached with these settings. Only Facebook's client secret is tested; others are
 * verified only by a sign-in.
 */
export type ConnectionTest = (settings: UpstreamSettings) => Promise<TestCheck[]>;

interface Deps {
  issuer: string;
  graphUrl: string;
  fetch: (url: URL, init?: RequestInit) => Promise<Response>;
  clock: Clock;
}

/** The time limit for all checks together. */
const LONGEST_MS = 3000;

const keySet = z.object({ keys: z.array(z.object({ kty: z.string() })).min(1) });

/** The reason for a failure of the outbound guard, the network or the response. */
function reasonOf(error: unknown): TestFailure {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof OutboundError) return cause.reason;
    if (['TimeoutError', 'AbortError'].includes(cause.name)) return 'timeout';
    if (cause.cause instanceof Response && !cause.cause.ok) return 'status';
  }
  return 'invalid';
}

async function checked(name: TestCheck['name'], work: () => Promise<unknown>): Promise<TestCheck> {
  try {
    await work();
    return { name, ok: true, reason: null };
  } catch (error) {
    const reason = reasonOf(error);
    // the Graph API responded, but not as it does for an app that it recognises
    return { name, ok: false, reason: name === 'app' && reason === 'invalid' ? 'refused' : reason };
  }
}

export function connectionTest({ issuer, graphUrl, fetch, clock }: Deps): ConnectionTest {
  /** The Graph API returns different errors for an unknown token and an unknown app. */
  async function facebookApp({ clientId, clientSecret }: UpstreamSettings, within: Deps['fetch']) {
    const app = () => ({ appId: clientId, appSecret: clientSecret });
    try {
      await facebookGraph({ app, graphUrl, fetch: within, clock }).userOf('connection-test');
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'FACEBOOK_REFUSED')) throw error;
    }
  }

  return async (settings) => {
    const deadline = AbortSignal.timeout(LONGEST_MS);
    const within: Deps['fetch'] = (url, init = {}) =>
      fetch(url, {
        ...init,
        signal: init.signal ? AbortSignal.any([init.signal, deadline]) : deadline,
      });
    if (settings.kind === 'facebook') return [await checked('app', () => facebookApp(settings, within))];
    const graph = facebookGraph({ app: () => ({}), graphUrl, fetch: within, clock });
    const deps = { graph, graphUrl, fetch: within };
    const connector = connectorOf(settings, deps);
    const { party } = upstreamProvider(settings, { issuer, clock, ...deps });
    const checks: TestCheck[] = [];
    if (settings.kind === 'apple') checks.push(await checked('signature', () => connector.clientAuth(clock)));
    checks.push(await checked('discovery', () => party.metadata()));
    // ID tokens signed with the client secret need no keys
    if (connector.idTokenAlg === 'HS256' || checks.at(-1)?.ok === false) return checks;
    const keys = async (): Promise<void> => {
      const { jwks_uri: uri = '' } = await party.metadata();
      const response = await within(new URL(uri), { headers: { accept: 'application/json' } });
      if (!response.ok) throw new Error('the keys were not given', { cause: response });
      keySet.parse(await response.json());
    };
    return [...checks, await checked('keys', keys)];
  };
}
