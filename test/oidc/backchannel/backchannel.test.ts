import { expect } from 'chai';
import { decodeJwt } from 'jose';
import { somebody, type Visitor } from '../../pages/account/visitor.ts';
import type { TestClient } from '../../support/clients.ts';
import { moveClock } from '../../support/clock.ts';
import { introspect, refresh } from '../../support/code-flow.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { type Asked, ask, cibaClient, poll, requestsOn, SETTINGS } from './backchannel-steps.ts';

const PAGE = '/account/approvals';

describe('backchannel authentication', () => {
  let server: TestServer;
  let client: TestClient;
  let person: Visitor;

  before(async () => {
    server = await startServer({ ciba: SETTINGS, roles: ['editor'] as never });
    client = await cibaClient(server);
  });
  after(() => server.stop());
  beforeEach(async () => {
    person = await somebody(server);
  });

  async function answer(asked: Asked, how: 'approve' | 'deny', by = person): Promise<string> {
    expect(asked.status, JSON.stringify(asked.body)).to.equal(200);
    if ((await by.open(PAGE)).status !== 200) await by.signIn(`${PAGE}?lang=en`);
    const [request = ''] = requestsOn((await by.open(PAGE)).page);
    return (await by.send(`${PAGE}/${how}`, { request }, { on: '/account/export' })).next;
  }

  it('leads from a request through the page to tokens', async () => {
    const asked = await ask(server, client, {
      login_hint: person.email,
      binding_message: 'โต๊ะ 4 - 250.00',
      scope: 'openid profile offline_access',
    });
    expect(asked.body).to.include({ expires_in: 300, interval: 5 });
    expect((await poll(server, client, asked)).body.error).to.equal('authorization_pending');
    await person.signIn(`${PAGE}?lang=en`);
    const { page } = await person.open(PAGE);
    expect(page).to.include('Till 4').and.include('โต๊ะ 4 - 250.00');
    expect(await answer(asked, 'approve')).to.equal(`${PAGE}?outcome=approval_given`);
    const { status, body } = await poll(server, client, asked);
    expect(status, JSON.stringify(body)).to.equal(200);
    const claims = decodeJwt(body.id_token ?? '');
    expect(claims).to.include({ sub: String(person.id), aud: client.id, acr: 'urn:pratu:acr:password' });
    expect(claims.auth_time).to.be.closeTo(Date.now() / 1000, 30);
    const { body: state } = await introspect(server, client, body.access_token);
    expect(state).to.include({ active: true, acr: claims.acr, auth_time: claims.auth_time });
    expect((await refresh(server, client, body.refresh_token)).status).to.equal(200);
    expect((await person.open('/account/applications')).page).to.include('Till 4');
  });

  it('gives an authorised client the roles of the account, in each token', async () => {
    const desk = await cibaClient(server, { scope: 'openid roles', allowed_roles: ['editor'] });
    await server.domain.accountRoles.add(person.id, 'editor');
    const asked = await ask(server, desk, { login_hint: person.email, scope: 'openid roles' });
    await answer(asked, 'approve');
    const { body } = await poll(server, desk, asked);
    expect((await introspect(server, desk, body.access_token)).body.roles).to.deep.equal(['editor']);
  });

  it('gives one token to fifty polls at once, and that one works', async () => {
    const asked = await ask(server, client, { login_hint: person.mobile });
    await answer(asked, 'approve');
    const polls = await Promise.all(Array.from({ length: 50 }, () => poll(server, client, asked)));
    const given = polls.filter(({ status }) => status === 200);
    expect(given).to.have.length(1);
    expect(new Set(polls.filter(({ status }) => status !== 200).map(({ body }) => body.error))).to.deep.equal(
      new Set(['invalid_grant']),
    );
    expect((await introspect(server, client, given[0]?.body.access_token)).body.active).to.equal(true);
  });

  it('tells a client that polls too often to slow down', async () => {
    const asked = await ask(server, client, { login_hint: person.email });
    const polls = await Promise.all(Array.from({ length: 5 }, () => poll(server, client, asked)));
    const said = polls.map(({ body }) => body.error).sort();
    expect(said).to.deep.equal(['authorization_pending', ...Array(4).fill('slow_down')]);
    await moveClock(server.database, 5);
    expect((await poll(server, client, asked)).body.error).to.equal('authorization_pending');
  });

  it('is denied at the page', async () => {
    const asked = await ask(server, client, { login_hint: person.email });
    expect(await answer(asked, 'deny')).to.equal(`${PAGE}?outcome=approval_denied`);
    expect((await poll(server, client, asked)).body.error).to.equal('access_denied');
    expect(await answer(asked, 'approve')).to.equal(`${PAGE}?outcome=approval_gone`);
  });

  it('takes the first of two simultaneous decisions', async () => {
    const asked = await ask(server, client, { login_hint: person.email });
    await person.signIn(`${PAGE}?lang=en`);
    const [request = ''] = requestsOn((await person.open(PAGE)).page);
    const send = (how: string) => person.send(`${PAGE}/${how}`, { request }, { on: PAGE });
    const outcomes = (await Promise.all([send('approve'), send('deny'), send('approve')])).map(
      ({ next }) => next.split('=')[1],
    );
    expect(outcomes.filter((outcome) => outcome === 'approval_gone')).to.have.length(2);
    const { body } = await poll(server, client, asked);
    expect(body.error).to.equal(outcomes.includes('approval_denied') ? 'access_denied' : undefined);
  });

  it('expires, at the time that the client asked for', async () => {
    const asked = await ask(server, client, { login_hint: person.email, requested_expiry: '30' });
    expect(asked.body.expires_in).to.equal(30);
    await moveClock(server.database, 31);
    expect((await poll(server, client, asked)).body.error).to.equal('expired_token');
    await person.signIn(`${PAGE}?lang=en`);
    expect(requestsOn((await person.open(PAGE)).page)).to.deep.equal([]);
    const longest = await ask(server, client, { login_hint: person.email, requested_expiry: '86400' });
    expect(longest.body.expires_in).to.equal(900);
  });

  it('cannot be decided by anyone else', async () => {
    const asked = await ask(server, client, { login_hint: person.email });
    await person.signIn(`${PAGE}?lang=en`);
    const [request = ''] = requestsOn((await person.open(PAGE)).page);
    const stranger = await somebody(server);
    await stranger.signIn(`${PAGE}?lang=en`);
    const { next } = await stranger.send(`${PAGE}/approve`, { request }, { on: '/account/export' });
    expect(next).to.equal(`${PAGE}?outcome=approval_gone`);
    expect((await poll(server, client, asked)).body.error).to.equal('authorization_pending');
  });

  it('ends with a sign-out everywhere', async () => {
    const asked = await ask(server, client, { login_hint: person.email });
    await server.database.knex('accounts').where({ id: person.id }).increment('generation', 1);
    expect((await poll(server, client, asked)).body.error).to.equal('invalid_grant');
  });

  it('asks for the sign-in that the client wants, and for a recent one', async () => {
    await person.signIn(`${PAGE}?lang=en`);
    await moveClock(server.database, 400);
    await ask(server, client, { login_hint: person.email, acr_values: 'urn:pratu:acr:mfa', max_age: '60' });
    const [request = ''] = requestsOn((await person.open(PAGE)).page);
    const { next } = await person.send(`${PAGE}/approve`, { request }, { on: PAGE });
    const asked = new URL(next).searchParams;
    expect(asked.get('acr_values')).to.equal('urn:pratu:acr:mfa');
    expect(asked.get('prompt')).to.equal('login');
  });

  it('tells the owner by mail, with a link to the page', async () => {
    await ask(server, client, { login_hint: person.mobile, scope: 'openid' });
    const [mail] = await server.domain.outbox.list({ to: person.email, limit: 5 });
    expect(mail?.subject).to.include('Till 4');
    expect(mail?.text).to.include(`${server.url}${PAGE}`);
  });

  it('shows on the overview that something waits', async () => {
    await ask(server, client, { login_hint: person.email });
    await person.signIn('/account?lang=en');
    expect((await person.open('/account')).page).to.include('An application is waiting for your approval.');
  });

  it('needs one hint, a fitting message and a scope', async () => {
    const refused = async (fields: Record<string, string>) => (await ask(server, client, fields)).body.error;
    const login_hint = person.email;
    expect(await refused({})).to.equal('invalid_request');
    expect(await refused({ login_hint, id_token_hint: 'x' })).to.equal('invalid_request');
    expect(await refused({ login_hint, binding_message: '<b>' })).to.equal('invalid_binding_message');
    expect(await refused({ login_hint, binding_message: 'x'.repeat(61) })).to.equal(
      'invalid_binding_message',
    );
    expect(await refused({ login_hint, scope: 'profile' })).to.equal('invalid_request');
    expect(await refused({ login_hint, requested_expiry: '-1' })).to.equal('invalid_request');
    expect(await refused({ login_hint, user_code: '1234' })).to.equal('invalid_request');
  });

  it('takes the ID token of an earlier request as the hint', async () => {
    const first = await ask(server, client, { login_hint: person.email });
    await answer(first, 'approve');
    const { body } = await poll(server, client, first);
    const asked = await ask(server, client, { id_token_hint: body.id_token ?? '' });
    await answer(asked, 'approve');
    expect((await poll(server, client, asked)).status).to.equal(200);
  });
});
