import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import * as openid from 'openid-client';
import { atEnd } from '../support/at-end.ts';
import { type TestServer, testServer } from '../support/server.ts';

const LIBRARY = readFileSync(
  new URL('../../node_modules/oidc-client-ts/dist/browser/oidc-client-ts.min.js', import.meta.url),
);

/** The public client of the page that runs oidc-client-ts. */
export const PAGE_CLIENT = 'page-app';
/** The confidential client of the server that receives its response by `form_post`. */
export const SERVER_CLIENT = 'server-app';
const SERVER_SECRET = 'server-app-secret-of-the-browser-tests';

export interface RelyingParty {
  /** The URL, which has another origin than the server's. */
  url: string;
}

/** A page of a public client. `manager` is its UserManager, `ended` the result of a redirect back. */
const page = (issuer: string): string => `<!doctype html>
<html lang="en"><title>Relying party</title>
<script src="/oidc-client-ts.js"></script>
<script>
const manager = new oidc.UserManager({
  authority: ${JSON.stringify(issuer)},
  client_id: '${PAGE_CLIENT}',
  redirect_uri: location.origin + '/page/cb',
  post_logout_redirect_uri: location.origin + '/page',
  scope: 'openid profile email offline_access',
  loadUserInfo: true,
  automaticSilentRenew: false,
});
const ended = location.pathname === '/page/cb' ? manager.signinCallback() : undefined;
</script>
<h1>Relying party</h1></html>`;

/** The server-side part. `/server/login` redirects to the sign-in, `/server/cb` exchanges the code of the form post. */
async function serverSide(issuer: string, url: string) {
  const config = await openid.discovery(new URL(issuer), SERVER_CLIENT, SERVER_SECRET, undefined, {
    execute: [openid.allowInsecureRequests],
  });
  const pending = new Map<string, string>();
  return {
    async login(): Promise<string> {
      const verifier = openid.randomPKCECodeVerifier();
      const state = openid.randomState();
      pending.set(state, verifier);
      return openid.buildAuthorizationUrl(config, {
        redirect_uri: `${url}/server/cb`,
        scope: 'openid email',
        response_mode: 'form_post',
        code_challenge: await openid.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        state,
      }).href;
    },
    async callback(request: IncomingMessage): Promise<string> {
      const body = await text(request);
      const state = new URLSearchParams(body).get('state') ?? '';
      const tokens = await openid.authorizationCodeGrant(
        config,
        new Request(`${url}/server/cb`, {
          method: 'POST',
          body,
          headers: { 'content-type': request.headers['content-type'] ?? '' },
        }),
        { pkceCodeVerifier: pending.get(state) ?? '', expectedState: state },
      );
      return tokens.claims()?.sub ?? '';
    },
  };
}

/** Registers both clients and serves them on a port of their own. */
async function startRelyingParty({ url: issuer, domain }: TestServer): Promise<RelyingParty> {
  const web = createServer().listen(0, '127.0.0.1');
  await once(web, 'listening');
  const url = `http://localhost:${(web.address() as AddressInfo).port}`;
  const common = { grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'] };
  await domain.clients.create({
    ...common,
    client_id: PAGE_CLIENT,
    client_name: 'Doi Coffee',
    token_endpoint_auth_method: 'none',
    redirect_uris: [`${url}/page/cb`],
    post_logout_redirect_uris: [`${url}/page`],
    policy_uri: 'https://coffee.example/privacy',
    tos_uri: 'https://coffee.example/terms',
    scope: 'openid profile email phone offline_access',
  });
  await domain.clients.create(
    {
      ...common,
      client_id: SERVER_CLIENT,
      client_name: 'Server app',
      redirect_uris: [`${url}/server/cb`],
      scope: 'openid email',
    },
    { secret: SERVER_SECRET },
  );

  const server = await serverSide(issuer, url);
  const routes: Record<string, (request: IncomingMessage, answer: ServerResponse) => unknown> = {
    '/oidc-client-ts.js': (_, answer) => answer.setHeader('content-type', 'text/javascript').end(LIBRARY),
    '/page': (_, answer) => answer.end(page(issuer)),
    '/page/cb': (_, answer) => answer.end(page(issuer)),
    '/server/login': async (_, answer) => answer.writeHead(302, { location: await server.login() }).end(),
    '/server/cb': async (request, answer) => answer.end(`<h1>Hello ${await server.callback(request)}</h1>`),
  };
  web.on('request', async (request: IncomingMessage, answer: ServerResponse) => {
    const route = routes[new URL(request.url ?? '/', url).pathname];
    if (!route) return answer.writeHead(404).end();
    answer.setHeader('content-type', 'text/html; charset=utf-8');
    try {
      await route(request, answer);
    } catch (error) {
      answer.writeHead(500).end(String(error));
    }
  });
  atEnd(async () => {
    web.closeAllConnections();
    web.close();
    await once(web, 'close');
  });
  return { url };
}

let shared: Promise<{ server: TestServer; party: RelyingParty }> | undefined;

/** The server and the relying party that the browser tests share. */
export function testParty(): Promise<{ server: TestServer; party: RelyingParty }> {
  shared ??= (async () => {
    const server = await testServer();
    return { server, party: await startRelyingParty(server) };
  })();
  return shared;
}
