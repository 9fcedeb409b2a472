import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SignJWT } from 'jose';
import { atEnd } from '../at-end.ts';

/** Who signs in at a provider, as its ID tokens say it. */
export type Person = { sub: string } & Record<string, unknown>;

/** What a provider does in place of what it should. */
export interface Mood {
  /** Answers the browser with an OAuth error. */
  denies?: string | undefined;
  /** Answers every request of the server with 503. */
  down?: boolean;
  /** Changes ID tokens. */
  claims?: Record<string, unknown>;
  /** Signs with a key that it does not publish. */
  forges?: boolean;
  /** The `iss` of its responses (RFC 9207), in place of none. */
  iss?: string;
}

/** How a kind of provider differs from another. */
export interface Quirks {
  clientId: string;
  /** Checks the client's authentication at the token endpoint; by default the secret in the form. */
  authenticates?: (form: URLSearchParams, headers: IncomingMessage['headers']) => boolean;
  clientSecret?: string;
  /** ID tokens by HS256 under the secret. */
  byHmac?: boolean;
  /** What discovery says beside what all say. */
  metadata?: Record<string, unknown>;
  /** Answers by a form that the browser posts, with what the kind adds. */
  formPost?: (person: Person) => Record<string, string>;
  /** Claims that the ID token leaves out. */
  hides?: readonly string[];
  refreshToken?: string;
}

interface Grant {
  person: Person;
  nonce: string | undefined;
  challenge: string | undefined;
  redirectUri: string;
}

export interface FakeIssuer {
  url: string;
  /** Who signs in next. */
  person: Person;
  mood: Mood;
  /** Authorization requests so far. */
  requests: URLSearchParams[];
  /** Paths that the server asked for. */
  asked: string[];
  revoked: string[];
}

const KID = 'key-1';

const json = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
};

const page = (action: string, fields: Record<string, string>): string => {
  const inputs = Object.entries(fields).map(
    ([name, value]) => `<input type="hidden" name="${name}" value="${value.replaceAll('"', '&quot;')}">`,
  );
  return `<form method="post" action="${action}">${inputs.join('')}<button>Continue</button></form>`;
};

/** A provider on this machine, with the code flow as the real ones have it; every request is approved at once. */
export async function fakeIssuer(quirks: Quirks): Promise<FakeIssuer> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { privateKey: otherKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const grants = new Map<string, Grant>();
  const alg = quirks.byHmac ? 'HS256' : 'ES256';

  const keyOf = (): KeyObject | Uint8Array => {
    if (quirks.byHmac) return Buffer.from(fake.mood.forges ? 'another secret' : (quirks.clientSecret ?? ''));
    return fake.mood.forges ? otherKey : privateKey;
  };

  async function idToken({ person, nonce }: Grant): Promise<string> {
    const hidden = new Set(quirks.hides ?? []);
    const own = Object.fromEntries(Object.entries(person).filter(([name]) => !hidden.has(name)));
    const now = Math.floor(Date.now() / 1000);
    const times = { iat: now, exp: now + 600 };
    const claims = { iss: fake.url, aud: quirks.clientId, nonce, ...times, ...own, ...fake.mood.claims };
    return new SignJWT(claims).setProtectedHeader({ alg, kid: KID }).sign(keyOf());
  }

  const authenticates =
    quirks.authenticates ??
    ((form: URLSearchParams) =>
      form.get('client_id') === quirks.clientId && form.get('client_secret') === quirks.clientSecret);

  async function token(form: URLSearchParams, headers: IncomingMessage['headers'], response: ServerResponse) {
    const grant = grants.get(form.get('code') ?? '');
    grants.delete(form.get('code') ?? '');
    const verifier = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    if (!authenticates(form, headers)) return json(response, 401, { error: 'invalid_client' });
    if (grant?.challenge !== verifier || grant.redirectUri !== form.get('redirect_uri'))
      return json(response, 400, { error: 'invalid_grant' });
    json(response, 200, {
      access_token: Buffer.from(JSON.stringify(grant.person)).toString('base64url'),
      token_type: 'Bearer',
      expires_in: 600,
      id_token: await idToken(grant),
      ...(quirks.refreshToken ? { refresh_token: quirks.refreshToken } : {}),
    });
  }

  function authorize(query: URLSearchParams, response: ServerResponse): void {
    fake.requests.push(query);
    const code = randomUUID();
    const redirectUri = query.get('redirect_uri') ?? '';
    grants.set(code, {
      person: fake.person,
      nonce: query.get('nonce') ?? undefined,
      challenge: query.get('code_challenge') ?? undefined,
      redirectUri,
    });
    const { denies, iss } = fake.mood;
    const fields = {
      state: query.get('state') ?? '',
      ...(denies ? { error: denies } : { code }),
      ...(iss ? { iss } : {}),
    };
    if (quirks.formPost) {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end(page(redirectUri, { ...fields, ...quirks.formPost(fake.person) }));
    } else response.writeHead(302, { location: `${redirectUri}?${new URLSearchParams(fields)}` }).end();
  }

  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const form = new URLSearchParams(await text(request));
    if (pathname === '/authorize') return authorize(searchParams, response);
    fake.asked.push(pathname);
    if (fake.mood.down) return json(response, 503, { error: 'temporarily_unavailable' });
    switch (pathname) {
      case '/.well-known/openid-configuration':
        return json(response, 200, {
          issuer: fake.url,
          authorization_endpoint: `${fake.url}/authorize`,
          token_endpoint: `${fake.url}/token`,
          jwks_uri: `${fake.url}/keys`,
          id_token_signing_alg_values_supported: ['ES256'],
          ...quirks.metadata,
          ...(quirks.hides ? { userinfo_endpoint: `${fake.url}/userinfo` } : {}),
          ...(quirks.refreshToken ? { revocation_endpoint: `${fake.url}/revoke` } : {}),
        });
      case '/keys': {
        const jwk = createPublicKey(privateKey).export({ format: 'jwk' });
        return json(response, 200, { keys: [{ ...jwk, kid: KID, use: 'sig', alg: 'ES256' }] });
      }
      case '/token':
        return token(form, request.headers, response);
      case '/userinfo': {
        const [, bearer = ''] = (request.headers.authorization ?? '').split(' ');
        return json(response, 200, JSON.parse(Buffer.from(bearer, 'base64url').toString()));
      }
      case '/revoke':
        if (!authenticates(form, request.headers)) return json(response, 401, { error: 'invalid_client' });
        fake.revoked.push(form.get('token') ?? '');
        return response.writeHead(200).end();
      default:
        return json(response, 404, {});
    }
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  atEnd(async () => {
    server.closeAllConnections();
    server.close();
  });
  const fake: FakeIssuer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    person: { sub: 'nobody' },
    mood: {},
    requests: [],
    asked: [],
    revoked: [],
  };
  return fake;
}
