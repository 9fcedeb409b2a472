import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SignJWT } from 'jose';
import { atEnd } from '../at-end.ts';

/** The person who signs in at a provider, as the claims of its ID tokens. */
export type Person = { sub: string } & Record<string, unknown>;

/** The deviations of a provider from correct behaviour. */
export interface Mood {
  /** Redirects the browser with an OAuth error. */
  denies?: string | undefined;
  /** Responds to every request of the server with 503. */
  down?: boolean;
  /** Claims that ID tokens have in addition, or instead. */
  claims?: Record<string, unknown>;
  /** Signs with a key that it does not publish. */
  forges?: boolean;
  /** The `iss` of its authorization responses (RFC 9207), which have none by default. */
  iss?: string;
}

/** The differences between kinds of providers. */
export interface Quirks {
  clientId: string;
  /** Checks the client's authentication at the token endpoint. Defaults to the secret in the form. */
  authenticates?: (form: URLSearchParams, headers: IncomingMessage['headers']) => boolean;
  clientSecret?: string;
  /** Signs ID tokens with HS256 and the client secret. */
  byHmac?: boolean;
  /** Members of the discovery document in addition to the common ones. */
  metadata?: Record<string, unknown>;
  /** Responds with a form that the browser posts (`form_post`), with these additional fields. */
  formPost?: (person: Person) => Record<string, string>;
  /** Claims that the ID token omits. */
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
  /** The person who signs in next. */
  person: Person;
  mood: Mood;
  /** The authorization requests so far. */
  requests: URLSearchParams[];
  /** The paths that the server has requested. */
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

/** Starts a provider on this machine, with the code flow of real providers. It approves every request immediately. */
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
