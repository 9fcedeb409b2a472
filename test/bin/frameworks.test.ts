import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { FRAMEWORKS, linesToPaste } from '../../src/bin/frameworks/frameworks.ts';
import type { TestClient } from '../support/clients.ts';
import { authorize, introspect, redeem } from '../support/code-flow.ts';
import { command, commandJson } from '../support/command.ts';
import { type TestServer, testServer } from '../support/server.ts';

const run = promisify(execFile);
const EXAMPLES = new URL('../../examples/', import.meta.url);
const URL_OF_APP = 'https://app.example.com';
const API = 'http://localhost:8080/api/reports';

interface Made {
  client_id: string;
  client_secret?: string;
  redirect_uris: string[];
  grant_types: string[];
  token_endpoint_auth_method: string;
  files: { file: string; text: string }[];
  [member: string]: unknown;
}

/** The redirect URIs of the libraries, and how each sends its credentials. */
const WITH_ADDRESS: Record<string, [path: string, method: string]> = {
  nextjs: ['/api/auth/callback/pratu', 'client_secret_basic'],
  express: ['/callback', 'client_secret_basic'],
  passport: ['/callback', 'client_secret_basic'],
  'express-openid-connect': ['/callback', 'client_secret_basic'],
  spring: ['/login/oauth2/code/pratu', 'client_secret_basic'],
  django: ['/oidc/callback/', 'client_secret_post'],
  flask: ['/callback', 'client_secret_basic'],
  go: ['/callback', 'client_secret_basic'],
  'oauth2-proxy': ['/oauth2/callback', 'client_secret_basic'],
  spa: ['/callback', 'none'],
};
const WITHOUT_ADDRESS = ['native', 'cli', 'device', 'service', 'api', 'partner'];

describe('pratu client create --for', () => {
  let server: TestServer;
  before(async () => {
    server = await testServer();
  });

  const create = (name: string, ...more: string[]): Promise<Made> =>
    commandJson<Made>(['client', 'create', '--for', name, ...more], { env: { ISSUER: server.url } });
  const asClient = (made: Made, redirectUri = made.redirect_uris[0] ?? ''): TestClient => ({
    id: made.client_id,
    secret: made.client_secret ?? '',
    redirectUri,
  });
  const textOf = ({ files }: Made): string => files.map(({ text }) => text).join('\n');

  it('is tested here for each framework', () => {
    expect(Object.keys(FRAMEWORKS)).to.have.members([...Object.keys(WITH_ADDRESS), ...WITHOUT_ADDRESS]);
  });

  for (const [name, [path, method]] of Object.entries(WITH_ADDRESS)) {
    it(`${name} registers a client that signs people in, and prints its values`, async () => {
      const made = await create(name, '--url', `${URL_OF_APP}/`);
      expect(made.redirect_uris[0]).to.equal(URL_OF_APP + path);
      expect(made).to.deep.include({
        application_type: 'web',
        token_endpoint_auth_method: method,
        post_logout_redirect_uris: [`${URL_OF_APP}/`, URL_OF_APP],
      });
      const client = asClient(made);
      expect(client.secret).to.have.lengthOf(method === 'none' ? 0 : 43);
      for (const value of [server.url, client.id, client.secret]) expect(textOf(made)).to.include(value);

      const params = { scope: 'openid profile email offline_access' };
      const { status, body } = await redeem(server, client, await authorize(server, client, params));
      expect(status, JSON.stringify(body)).to.equal(200);
      expect(body).to.include.keys('access_token', 'refresh_token', 'id_token');
      // the personal claims that many libraries read are in the ID token
      const [, claims = ''] = String(body.id_token).split('.');
      expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).to.include.keys('name', 'email');
    });
  }

  it('knows the redirect URIs of the examples', () => {
    const folders = readdirSync(EXAMPLES).filter((name) =>
      existsSync(new URL(`${name}/README.md`, EXAMPLES)),
    );
    const used = folders.flatMap((name) => {
      const text = readFileSync(new URL(`${name}/README.md`, EXAMPLES), 'utf8');
      return [...text.matchAll(/--redirect-uri http:\/\/localhost:\d+(\/\S*)/g)].map(([, path = '']) => path);
    });
    expect(used).to.include('/api/auth/callback/pratu');
    const known = Object.values(FRAMEWORKS).flatMap(({ redirect }) => redirect);
    expect(known).to.include.members(used);
  });

  it('uses the address of the development server without --url', async () => {
    const { redirect_uris: redirects } = await create('django');
    expect(redirects).to.deep.equal(['http://localhost:8000/oidc/callback/']);
  });

  it('native registers a scheme of the app, without a secret', async () => {
    const made = await create('native', '--redirect-uri', 'com.example.app:/callback');
    expect(made).to.include({ application_type: 'native', token_endpoint_auth_method: 'none' });
    expect(made).to.not.have.property('client_secret');
    expect(textOf(made)).to.include(made.client_id).and.include('com.example.app:/callback');
    const client = asClient(made);
    const { body } = await redeem(server, client, await authorize(server, client));
    expect(body).to.have.property('id_token');
  });

  it('cli registers loopback addresses with any port, and the device flow', async () => {
    const made = await create('cli');
    expect(made.grant_types).to.include.members(['authorization_code', 'refresh_token']);
    for (const redirect of ['http://127.0.0.1:49152/callback', 'http://[::1]:49152/callback']) {
      const client = asClient(made, redirect);
      const { status } = await redeem(server, client, await authorize(server, client));
      expect(status, redirect).to.equal(200);
    }
    const body = new URLSearchParams({ client_id: made.client_id, scope: 'openid' });
    expect((await fetch(`${server.url}/oauth/device`, { method: 'POST', body })).status).to.equal(200);
  });

  it('device prints a request that the server accepts', async () => {
    const made = await create('device');
    const [first = '', ...second] = textOf(made).split('\n');
    const { stdout } = await run('bash', ['-c', first]);
    expect(JSON.parse(stdout)).to.include.keys('device_code', 'user_code', 'verification_uri');
    const poll = second.join('\n').replace('DEVICE_CODE', JSON.parse(stdout).device_code);
    expect(JSON.parse((await run('bash', ['-c', poll])).stdout)).to.include({
      error: 'authorization_pending',
    });
  });

  it('service prints a request that returns a token', async () => {
    const made = await create('service');
    const { stdout } = await run('bash', ['-c', textOf(made)]);
    expect(JSON.parse(stdout)).to.include.keys('access_token', 'token_type');
  });

  it('service asks for the scopes that it is granted at their resource', async () => {
    const { resources } = server.config;
    const [resource] = resources.filter(({ scopes }) => scopes.length > 0);
    const scope = resource?.scopes[0] ?? '';
    const uri = resource?.identifier ?? '';
    const more = ['--client-credentials-scope', scope, '--default-resource', uri];
    const { stdout } = await run('bash', ['-c', textOf(await create('service', ...more))]);
    expect(JSON.parse(stdout)).to.include({ scope });
  });

  it('api registers the resource server, which may introspect', async () => {
    const made = await create('api', '--resource', API);
    expect(made.resources).to.deep.equal([API]);
    const { response, body } = await introspect(server, asClient(made), 'unknown');
    expect([response.status, body]).to.deep.equal([200, { active: false }]);
    expect(textOf(made)).to.include(`${server.url}/oauth/introspect`).and.include(made.client_id);
  });

  it('partner prints the three secrets of a partner', async () => {
    const made = await create('partner', '--redirect-uri', 'https://partner.example.com/cb');
    expect(made).to.include({ token_profile: 'partner', number: Number(made.client_id) });
    for (const secret of ['client_secret', 'api_key', 'mobile_key'])
      expect(textOf(made)).to.include(made[secret]);
  });

  it('is overridden by the other options', async () => {
    const redirect = 'https://elsewhere.example.com/signed-in';
    const made = await create('nextjs', '--redirect-uri', redirect, '--scope', 'openid');
    expect(made).to.deep.include({ redirect_uris: [redirect], scope: 'openid' });
  });

  it('prints the lines to people after the secret', async () => {
    const { stdout } = await command(['client', 'create', '--for', 'nextjs']);
    const [fields = '', ...files] = stdout.split('\n--- ');
    const [, secret = ''] = /client_secret +(\S+)/.exec(fields) ?? [];
    expect(files.map((text) => text.split('\n')[0])).to.deep.equal([
      '.env.local',
      'auth.ts',
      'app/api/auth/[...nextauth]/route.ts',
    ]);
    expect(files[0]).to.include(`AUTH_PRATU_SECRET=${secret}\n`);
  });

  it('allows openid-client plain http for an issuer on this machine only', () => {
    const values = { id: 'a', secret: 'b', redirectUri: '', url: '', apiKey: '', mobileKey: '' };
    const at = (issuer: string): string =>
      linesToPaste('express', { ...values, issuer, resource: '', ownScope: '' });
    expect(at('http://localhost:3000')).to.include('allowInsecureRequests');
    expect(at('https://id.example.com')).to.not.include('allowInsecureRequests');
  });

  it('refuses what the framework has no use for, or cannot do without, and registers nothing', async () => {
    const before = (await commandJson<unknown[]>(['client', 'list'])).length;
    const wrong: [args: string[], words: string][] = [
      [['--for', 'cobol'], 'Allowed choices'],
      [['--for', 'native'], '--redirect-uri com.example.app:/callback'],
      [['--for', 'partner'], '--redirect-uri'],
      [['--for', 'api'], '--resource'],
      [['--for', 'cli', '--url', URL_OF_APP], '--url has no meaning'],
      [['--for', 'nextjs', '--public'], '--for chooses'],
      [['--for', 'nextjs', '--url', 'app.example.com'], 'not an http or https URL'],
      [['--for', 'nextjs', '--url', 'https://app.example.com/?a=b'], 'not an http or https URL'],
      [['--for', 'nextjs', '--url', 'https://:secret@app.example.com'], 'not an http or https URL'],
      [['--for', 'nextjs', '--url', 'https://app.example.com/$(id)'], 'no quotes'],
      [['--for', 'service', '--id', "a'b"], 'no quotes'],
      [['--for', 'service', '--resource', "https://api.example.com/'; id #"], 'no quotes'],
      [['--for', 'native', '--redirect-uri', "com.example.app:/'"], 'no quotes'],
      [['--url', URL_OF_APP, '--redirect-uri', `${URL_OF_APP}/cb`], '--url needs --for'],
    ];
    for (const [args, words] of wrong) {
      const { code, stdout, stderr } = await command(['client', 'create', ...args]);
      expect({ args, code, stdout }).to.deep.equal({ args, code: 2, stdout: '' });
      expect(stderr).to.include(words);
    }
    expect(await commandJson<unknown[]>(['client', 'list'])).to.have.lengthOf(before);
  });
});
