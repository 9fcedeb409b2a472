import * as z from 'zod';
import { AppError } from '../../errors/app-error.ts';
import type { Clock } from '../../lib/clock.ts';
import { OutboundError, type OutboundReason } from '../../lib/outbound.ts';
import type { UpstreamSettings } from './connector.ts';
import { connectorOf } from './connectors.ts';
import { facebookGraph } from './facebook-graph.ts';
import { upstreamProvider } from './providers.ts';

/** Why a check failed; never what was sent or received. */
export type TestFailure = OutboundReason | 'status' | 'invalid' | 'refused';

/** `discovery` and `keys`: what is read of the provider. `signature`: Apple's client secret. `app`: Facebook's app. */
export interface TestCheck {
  name: 'discovery' | 'keys' | 'signature' | 'app';
  ok: boolean;
  reason: TestFailure | null;
}

/** Whether a provider can be reached with these settings. Client secrets but Facebook's are tried by a sign-in only. */
export type ConnectionTest = (settings: UpstreamSettings) => Promise<TestCheck[]>;

interface Deps {
  issuer: string;
  graphUrl: string;
  fetch: (url: URL, init?: RequestInit) => Promise<Response>;
  clock: Clock;
}

/** For everything together. */
const LONGEST_MS = 3000;

const keySet = z.object({ keys: z.array(z.object({ kty: z.string() })).min(1) });

/** What the guard of outbound requests, the network or the answer says of a failure. */
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
    // the Graph API answered, and not as it does to an app that it knows
    return { name, ok: false, reason: name === 'app' && reason === 'invalid' ? 'refused' : reason };
  }
}

export function connectionTest({ issuer, graphUrl, fetch, clock }: Deps): ConnectionTest {
  /** The Graph API tells a token that it does not know from an app that it does not know. */
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
    // ID tokens that are signed by the client secret need no keys
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
