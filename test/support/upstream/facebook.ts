import { createHash, createHmac, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Config } from '../../../src/config/config.ts';
import { atEnd } from '../at-end.ts';

export interface FakeFacebook {
  url: string;
  person: { id: string; email?: string; first_name?: string; last_name?: string };
  /** The app that the tokens are issued for. */
  tokensOf: string;
  settings: Config['upstream'][number];
  /** A token that an app received for its person. */
  token(): string;
  /** The setting of the Graph API. */
  facebook: { graphUrl: string };
}

const APP = { clientId: '138483919580948', clientSecret: '0123456789abcdef0123456789abcdef' };

/** Starts a Facebook: plain OAuth 2.0 without ID tokens. `/debug_token` returns the app and the user of a token. */
export async function fakeFacebook(): Promise<FakeFacebook> {
  const codes = new Map<string, { challenge: string | null; person: FakeFacebook['person'] }>();
  const tokens = new Map<string, FakeFacebook['person']>();

  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const form = new URLSearchParams(await text(request));
    const json = (status: number, body: unknown) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    switch (pathname) {
      case '/dialog/oauth': {
        const code = randomUUID();
        codes.set(code, { challenge: searchParams.get('code_challenge'), person: fake.person });
        const query = new URLSearchParams({ code, state: searchParams.get('state') ?? '' });
        return response
          .writeHead(302, { location: `${searchParams.get('redirect_uri')}?${query}#_=_` })
          .end();
      }
      case '/oauth/access_token': {
        const found = codes.get(form.get('code') ?? '');
        codes.delete(form.get('code') ?? '');
        const challenge = createHash('sha256')
          .update(form.get('code_verifier') ?? '')
          .digest('base64url');
        const isClient =
          form.get('client_id') === APP.clientId && form.get('client_secret') === APP.clientSecret;
        if (!isClient || found?.challenge !== challenge)
          return json(400, { error: { message: 'Invalid', type: 'OAuthException', code: 100 } });
        const token = `EAAG${randomUUID()}`;
        tokens.set(token, found.person);
        return json(200, { access_token: token, token_type: 'bearer', expires_in: 5_184_000 });
      }
      case '/debug_token': {
        const person = tokens.get(searchParams.get('input_token') ?? '');
        const data = {
          app_id: fake.tokensOf,
          user_id: person?.id,
          type: 'USER',
          is_valid: person !== undefined,
        };
        return json(200, { data: { ...data, expires_at: 0 } });
      }
      case '/me': {
        const [, token = ''] = (request.headers.authorization ?? '').split(' ');
        const proof = createHmac('sha256', APP.clientSecret).update(token).digest('hex');
        const person = searchParams.get('appsecret_proof') === proof ? tokens.get(token) : undefined;
        return person ? json(200, person) : json(400, { error: { code: 190 } });
      }
      default:
        return json(404, {});
    }
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  atEnd(async () => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const fake: FakeFacebook = {
    url,
    person: { id: '1' },
    tokensOf: APP.clientId,
    token() {
      const token = `EAAG${randomUUID()}`;
      tokens.set(token, fake.person);
      return token;
    },
    settings: { id: 'facebook', kind: 'facebook', ...APP, issuer: url },
    facebook: { graphUrl: url },
  };
  return fake;
}
