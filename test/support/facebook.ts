import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { epochSeconds, systemClock } from '../../src/lib/clock.ts';
import { atEnd } from './at-end.ts';

export const FACEBOOK_APP = { appId: '138483919580948', appSecret: '0123456789abcdef0123456789abcdef' };

/** The behaviour of Facebook: correct, or one of its failures. */
type Mood = 'well' | 'slow' | 'html' | 'broken' | 'redirecting' | 'limited' | 'mistrusting' | 'garbled';

interface Described {
  app_id: string;
  user_id: string | number;
  type?: string;
  expires_at?: number;
  is_valid?: boolean;
}

export interface Facebook {
  /** The setting of a server that uses it. */
  settings: { appId: string; appSecret: string; graphUrl: string };
  mood: Mood;
  /** The number of requests so far. */
  asked: number;
  /** A token of the test's app for a user. `change` overrides its members. */
  token(userId: string | number, change?: Partial<Described>): string;
}

const json = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, { 'content-type': 'application/json; charset=UTF-8' });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
};

const oauthError = (code: number, message: string): unknown => ({
  error: { message, type: 'OAuthException', code, fbtrace_id: 'GE4jgm1Go8u' },
});

const MOODS: Record<Exclude<Mood, 'well'>, (response: ServerResponse) => void> = {
  // never completes the response
  slow: (response) => response.flushHeaders(),
  html: (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Sorry</html>'),
  broken: (response) => json(response, 500, oauthError(2, 'Service temporarily unavailable')),
  redirecting: (response) => response.writeHead(302, { location: '/elsewhere' }).end(),
  limited: (response) => json(response, 400, oauthError(4, 'Application request limit reached')),
  mistrusting: (response) => json(response, 400, oauthError(190, 'Invalid OAuth access token signature.')),
  garbled: (response) => json(response, 200, '{"data":{"is_valid":'),
};

/** Starts the Graph API's `/debug_token` on this machine, with its normal responses and its failures. */
export async function facebook(): Promise<Facebook> {
  const tokens = new Map<string, Described>();
  const { appId, appSecret } = FACEBOOK_APP;

  /** The response for one token, as Facebook gives it. */
  function describe(query: URLSearchParams): { status: number; body: unknown } {
    if (query.get('access_token') !== `${appId}|${appSecret}`)
      return { status: 400, body: oauthError(190, 'Invalid OAuth access token signature.') };
    const found = tokens.get(query.get('input_token') ?? '');
    if (!found) {
      const error = { code: 190, message: 'Invalid OAuth access token - Cannot parse access token' };
      return { status: 200, body: { data: { error, is_valid: false, scopes: [] } } };
    }
    if (found.app_id !== appId) {
      const words = '(#100) The App_id in the input_token did not match the Viewing App';
      return { status: 400, body: oauthError(100, words) };
    }
    const now = epochSeconds(systemClock.now());
    const usual = { application: 'Shop', type: 'USER', is_valid: true, scopes: ['public_profile'] };
    const times = { data_access_expires_at: now + 7_776_000, expires_at: now + 3600 };
    return { status: 200, body: { data: { ...usual, ...times, ...found } } };
  }

  const server = createServer((request, response) => {
    standIn.asked += 1;
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    if (standIn.mood !== 'well') MOODS[standIn.mood](response);
    else if (pathname !== '/debug_token') json(response, 404, oauthError(2500, 'Unknown path components'));
    else {
      const { status, body } = describe(searchParams);
      json(response, status, body);
    }
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  atEnd(async () => {
    server.closeAllConnections();
    server.close();
  });

  const standIn: Facebook = {
    settings: {
      ...FACEBOOK_APP,
      graphUrl: `http://localhost:${(server.address() as AddressInfo).port}`,
    },
    mood: 'well',
    asked: 0,
    token(userId, change = {}) {
      const token = `EAAG${tokens.size}Zc&=+%${userId}`;
      tokens.set(token, { app_id: appId, user_id: userId, ...change });
      return token;
    },
  };
  return standIn;
}
