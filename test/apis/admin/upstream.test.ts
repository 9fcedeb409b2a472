import { expect } from 'chai';
import { ADMIN_SCOPES } from '../../../src/domain/operators/role.ts';
import { BrowserAgent } from '../../support/browser-agent.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { authorizationUrl, pkce } from '../../support/sign-in.ts';
import { type FakeFacebook, fakeFacebook } from '../../support/upstream/facebook.ts';
import {
  type FakeProvider,
  fakeApple,
  fakeGoogle,
  fakeLine,
  fakeOidc,
} from '../../support/upstream/kinds.ts';
import { forgetOperated } from '../../support/upstream/operated.ts';
import { type Answer, call, clientToken, person } from './admin-client.ts';

const SECRET = 'very-secret-value';

/** The settings of a provider with the names of the Admin API. */
const wire = ({ settings }: Pick<FakeProvider, 'settings'>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [
      name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      value,
    ]),
  );

describe('sign-in providers in the Admin API', () => {
  let server: TestServer;
  let second: TestServer;
  let token = '';
  let inFile: FakeProvider;
  let oidc: FakeProvider;
  let facebook: FakeFacebook;

  before(async () => {
    [inFile, oidc, facebook] = await Promise.all([
      fakeGoogle('in-file'),
      fakeOidc('partner-id'),
      fakeFacebook(),
    ]);
    const changes = {
      upstream: [inFile.settings],
      outbound: { allow: ['127.0.0.1', 'localhost'] },
      facebook: { graphUrl: facebook.facebook.graphUrl },
    };
    server = await startServer(changes);
    second = await startServer({ outbound: changes.outbound });
    token = await clientToken(server, ADMIN_SCOPES.join(' '));
  });
  beforeEach(() => {
    oidc.issuer.mood = { iss: oidc.issuer.url };
  });
  afterEach(async () => {
    await forgetOperated(server);
    await second.jobs.watching.runNow();
  });
  after(async () => {
    await Promise.all([server.stop(), second.stop()]);
  });

  const ask = async (
    method: string,
    path: string,
    options: Parameters<typeof call>[3] = {},
  ): Promise<Answer> => call(server, token, [method, `/upstream${path}`], options);
  const add = (body: object = wire(oidc)): Promise<Answer> => ask('POST', '', { body });
  const errorsOf = ({ body }: Answer): [string, string][] =>
    (body.errors ?? []).map(({ pointer, code }: { pointer: string; code: string }) => [pointer, code]);

  /** The sign-in page of a server, for a person who comes from an app. */
  const signInPage = async ({ url }: TestServer): Promise<string> =>
    (await new BrowserAgent().follow(authorizationUrl(url, pkce().challenge))).text();

  it('are added with a secret that no response has, and shown on the pages of every process', async () => {
    const methodsOfSecond = async (): Promise<string[]> =>
      (await (await fetch(`${second.url}/.well-known/openid-configuration`)).json()).acr_values_supported;
    expect(await signInPage(second)).to.not.include('partner-id');
    expect(await methodsOfSecond()).to.not.include('urn:pratu:acr:upstream');
    const made = await add({ ...wire(oidc), client_secret: SECRET });
    expect(made.status).to.equal(201);
    expect(made.headers.get('location')).to.equal('/admin/v1/upstream/partner-id');
    expect(made.body).to.deep.include({
      ...{ id: 'partner-id', kind: 'oidc', source: 'operator', position: 0, trust_email: false },
      redirect_uri: `${server.url}/upstream/partner-id/callback`,
    });
    const all = [made, await ask('GET', '/partner-id'), await ask('GET', '')];
    for (const { body } of all) expect(JSON.stringify(body)).to.not.include(SECRET).and.not.include('secret');
    expect(
      all[2]?.body.data.map(({ id, source }: { id: string; source: string }) => [id, source]),
    ).to.deep.equal([
      ['in-file', 'file'],
      ['partner-id', 'operator'],
    ]);
    const [row] = await server.database.knex('upstream_providers').where({ id: 'partner-id' });
    expect(JSON.stringify(row.settings)).to.not.include(SECRET);
    expect(row.sealed.includes(SECRET)).to.equal(false);
    expect(await signInPage(server)).to.include('value="partner-id"');
    await second.jobs.watching.runNow();
    expect(await signInPage(second)).to.include('value="partner-id"');
    expect(await methodsOfSecond()).to.include('urn:pratu:acr:upstream');
  });

  it('keep the secret in a change without one, and are checked against If-Match', async () => {
    const made = await add();
    const etag = made.headers.get('etag') as string;
    const patch = (body: object, headers = {}) => ask('PATCH', '/partner-id', { body, headers });
    const renamed = await patch({ name: { en: 'Partner' } }, { 'If-Match': etag, 'X-Reason': 'ticket 4711' });
    expect(renamed.body.name).to.deep.equal({ th: 'พนักงาน', en: 'Partner' });
    expect((await patch({ name: { en: 'Late' } }, { 'If-Match': etag })).status).to.equal(412);
    expect((await ask('DELETE', '/partner-id', { headers: { 'If-Match': etag } })).status).to.equal(412);
    const { settings } = server.domain.upstreamProviders as unknown as {
      settings: { clientSecret?: string }[];
    };
    expect(settings.at(-1)?.clientSecret).to.equal((oidc.settings as { clientSecret: string }).clientSecret);
    const secret = await patch({ client_secret: SECRET }, { 'If-Match': renamed.headers.get('etag') ?? '' });
    expect(secret.headers.get('etag')).to.not.equal(renamed.headers.get('etag'));
    const { body } = await call(server, token, ['GET', '/audit?event=upstream.changed&limit=2']);
    expect(body.data.map(({ details }: { details: object }) => details)).to.deep.equal([
      { provider: 'partner-id', fields: 'clientSecret' },
      { provider: 'partner-id', fields: 'name', note: 'ticket 4711' },
    ]);
  });

  it('do not send a secret to an issuer that it was not given for', async () => {
    await add();
    const body = { issuer: 'https://elsewhere.example' };
    const refused = await ask('PATCH', '/partner-id', { body });
    expect(errorsOf(refused)).to.deep.equal([['/client_secret', 'VALUE_MISSING']]);
    for (const member of ['clientSecret', 'privateKey']) {
      const change = server.domain.operatedProviders.change('partner-id', {
        issuer: body.issuer,
        [member]: null,
      });
      expect(await change.catch(({ status }) => status), member).to.equal(400);
    }
    const moved = await ask('PATCH', '/partner-id', { body: { ...body, client_secret: SECRET } });
    expect(moved.body.issuer).to.equal(body.issuer);
  });

  it('are refused with a pointer to what is wrong', async () => {
    const wrong: [object, string, string][] = [
      [{ id: 'Upper' }, '/id', 'INVALID_UPSTREAM_ID'],
      [{ id: undefined }, '/id', 'VALUE_MISSING'],
      [{ kind: 'myspace' }, '/kind', 'INVALID_UPSTREAM_KIND'],
      [{ issuer: 'ftp://example.com' }, '/issuer', 'INVALID_ISSUER'],
      [{ client_secret: '' }, '/client_secret', 'VALUE_MISSING'],
      [{ name: { th: 'ไทย' } }, '/name/en', 'VALUE_MISSING'],
      [{ team_id: 'TEAM' }, '/team_id', 'NOT_CHANGEABLE'],
      [{ colour: 'green' }, '/colour', 'NOT_CHANGEABLE'],
      [{ constructor: 1 }, '/constructor', 'NOT_CHANGEABLE'],
      [
        { ...wire(await fakeApple()), name: undefined, private_key: 'nonsense' },
        '/private_key',
        'INVALID_PRIVATE_KEY',
      ],
    ];
    for (const [more, pointer, code] of wrong) {
      const base = 'private_key' in more ? {} : wire(oidc);
      const answer = await add({ ...base, ...more });
      expect(answer.status, pointer).to.equal(400);
      expect(errorsOf(answer), pointer).to.deep.equal([[pointer, code]]);
    }
    expect((await ask('GET', '/Upper')).body).to.include({ code: 'UPSTREAM_NOT_FOUND' });
  });

  it('have ids of their own, one Facebook, and those of the file stay as they are', async () => {
    expect((await add({ ...wire(oidc), id: 'in-file' })).body).to.include({ code: 'UPSTREAM_TAKEN' });
    expect((await add()).status).to.equal(201);
    const twice = await Promise.all([add(), add()]);
    expect(twice.map(({ body }) => body.code)).to.deep.equal(['UPSTREAM_TAKEN', 'UPSTREAM_TAKEN']);
    const face = (id: string) => add({ ...wire({ settings: facebook.settings }), id });
    const both = await Promise.all([face('facebook'), face('facebook-2')]);
    expect(both.map(({ status }) => status).sort()).to.deep.equal([201, 409]);
    for (const [method, body] of [
      ['PATCH', { client_id: 'x' }],
      ['DELETE', undefined],
    ] as const)
      expect((await ask(method, '/in-file', { body })).body).to.include({ code: 'UPSTREAM_IN_FILE' });
    expect((await ask('PATCH', '/partner-id', { body: { kind: 'google' } })).body.errors[0]).to.include({
      pointer: '/kind',
    });
  });

  it('leave links when they are removed, and no other issuer takes them over', async () => {
    await add();
    const { id } = await person(server);
    await server.domain.bindings.add(id, { provider: 'upstream:partner-id', externalId: 'x1', status: '1' });
    expect((await ask('DELETE', '/partner-id')).status).to.equal(204);
    expect(server.domain.upstreamProviders.find('partner-id')).to.equal(undefined);
    const [row] = await server.database.knex('upstream_providers').where({ id: 'partner-id' });
    expect(row.sealed).to.equal(null);
    const other = await fakeOidc('partner-id');
    for (const taking of [wire(other), wire(await fakeLine('partner-id'))])
      expect((await add(taking)).body).to.include({ code: 'UPSTREAM_LINKED' });
    expect((await add()).status).to.equal(201);
    const moved = { issuer: other.settings.issuer, client_secret: SECRET };
    expect((await ask('PATCH', '/partner-id', { body: moved })).body).to.include({ code: 'UPSTREAM_LINKED' });
    await server.domain.bindings.remove(id, 'upstream:partner-id');
    expect((await ask('PATCH', '/partner-id', { body: moved })).status).to.equal(200);
  });

  describe('are tested', () => {
    const test = async (id: string, body: object = {}): Promise<Answer['body']> => {
      return (await ask('POST', `/${id}/test`, { body })).body;
    };
    const passed = (name: string) => ({ name, ok: true, reason: null });

    it('by their discovery and keys, with what is stored', async () => {
      await add();
      expect(await test('partner-id')).to.deep.equal({
        ok: true,
        checks: [passed('discovery'), passed('keys')],
      });
      expect(await test('in-file')).to.include({ ok: true });
      expect((await ask('POST', '/in-file/test', { body: { client_id: 'x' } })).body).to.include({
        code: 'UPSTREAM_IN_FILE',
      });
      expect((await ask('POST', '/nobody/test', { body: {} })).status).to.equal(404);
    });

    it('by what is sent, which is not stored, and never sends the secret', async () => {
      await add();
      const other = await fakeOidc('partner-id');
      expect(await test('partner-id', { issuer: other.settings.issuer })).to.include({ ok: true });
      expect(other.issuer.asked.join()).to.not.include('token');
      expect((await ask('GET', '/partner-id')).body.issuer).to.equal(oidc.settings.issuer);
      const { checks } = await test('partner-id', { issuer: 'http://169.254.169.254' });
      expect(checks).to.have.length(1);
      expect(checks[0].reason).to.be.oneOf(['scheme', 'address']);
    });

    it('and fail with a short reason when the provider is down', async () => {
      await add();
      oidc.issuer.mood = { down: true };
      const { ok, checks } = await test('partner-id');
      expect({ ok, checks }).to.deep.equal({
        ok: false,
        checks: [{ name: 'discovery', ok: false, reason: 'status' }],
      });
    });

    it('by the key of Apple, without keys at LINE, and by the app of Facebook', async () => {
      const [apple, line] = await Promise.all([fakeApple('api-apple'), fakeLine('api-line')]);
      for (const one of [apple, line, { settings: facebook.settings }])
        expect((await add(wire(one))).status, one.settings.id).to.equal(201);
      expect((await test('api-apple')).checks).to.deep.equal(['signature', 'discovery', 'keys'].map(passed));
      expect((await test('api-line')).checks).to.deep.equal([passed('discovery')]);
      expect((await test('facebook')).checks).to.deep.equal([passed('app')]);
    });
  });
});
