import { expect } from 'chai';
import { newNationalId } from '../../apis/customers/customers-client.ts';
import { moveClock } from '../../support/clock.ts';
import { OFFLINE, tokensFor } from '../../support/code-flow.ts';
import { type TestServer, testServer } from '../../support/server.ts';
import { enrolApp } from '../../support/totp.ts';
import { newClient } from '../interaction-steps.ts';
import { PASSWORD, signInToAccount, somebody, type Visitor } from './visitor.ts';

const PATH = '/account/export';

/** The names of members at any depth. */
const namesIn = (value: unknown): string[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([name, member]) => [name, ...namesIn(member)])
    : [];

describe('the export', () => {
  let server: TestServer;
  before(async () => {
    server = await testServer();
  });

  /** A person with data of every kind that can be stored. */
  async function known(): Promise<Visitor & { tokens: { access_token: string; refresh_token?: string } }> {
    const person = await (
      await somebody(server, { profile: { firstName: 'สมชาย', nickname: 'ชาย' } })
    ).signIn();
    const { domain } = server;
    await domain.nationalIds.set(person.id, newNationalId());
    await enrolApp(domain, person.id);
    await domain.bindings.set(person.id, { provider: 'line', externalId: `U-${person.id}`, status: '1' });
    const tokens = await tokensFor(server, await newClient(server, 'Exported app'), OFFLINE, person.agent);
    const [{ id: grantRecord = '' } = {}] = await domain.accessGrants.list(person.id);
    await domain.pushDevices.register({ gcmId: `gcm-${person.id}`, accountId: person.id, grantRecord });
    return Object.assign(person, { tokens });
  }

  it('is for those who signed in a moment ago', async () => {
    const person = await somebody(server);
    for (const answer of [await person.open(PATH), await person.post(PATH, new URLSearchParams())]) {
      expect(answer.next).to.include('/oauth/authorize?').and.not.include('prompt=');
    }
    await person.signIn();
    const { page } = await person.open(PATH);
    expect(page.match(/class="primary"/g)).to.have.length(1);
    await moveClock(server.database, 301);
    const stale = await person.open(PATH);
    const sent = await person.post(PATH, new URLSearchParams());
    for (const { next } of [stale, sent]) expect(new URL(next).searchParams.get('prompt')).to.equal('login');
    const back = await signInToAccount(person.agent, stale.next, { login: person.email, password: PASSWORD });
    expect([back.status, new URL(person.agent.location).pathname]).to.deep.equal([200, PATH]);
  });

  it('is a file with everything that is stored of the person', async () => {
    const person = await known();
    const { status, headers, page } = await person.send(PATH, {});
    expect(status).to.equal(200);
    expect(headers.get('content-disposition')).to.equal(`attachment; filename="account-${person.id}.json"`);
    expect(headers.get('cache-control')).to.equal('no-store');
    const file = JSON.parse(page);
    expect(file.account).to.include({ id: person.id, status: 'active' });
    expect(file.profile).to.include({ firstName: 'สมชาย', nickname: 'ชาย' });
    expect(file.nationalId)
      .to.match(/^\d{13}$/)
      .and.equal(await server.domain.nationalIds.read(person.id));
    expect(file.card.number).to.match(/^0001\d{12}$/);
    expect(file.contacts.map(({ value }: { value: string }) => value)).to.include(person.email);
    expect(file.authenticators[0]).to.include({ method: 'totp' }).and.not.have.any.keys('id', 'sealed');
    expect(file.bindings[0]).to.include({ provider: 'line', externalId: `U-${person.id}` });
    expect(file.consents[0]).to.include({ clientName: 'Exported app' });
    expect(file.grants[0]).to.include({ clientName: 'Exported app' });
    expect(file.sessions).to.have.length(1);
    expect(file.sessions[0].place.network).to.equal('127.0.0.0/24');
    expect(file.devices).to.have.length(1);
    const events = file.history.map(({ event }: { event: string }) => event);
    expect(events).to.include.members([
      'account.created',
      'sign_in.succeeded',
      'consent.granted',
      'binding.set',
    ]);
  });

  it('has no hash, secret, token or id by which a row is found', async () => {
    const person = await known();
    const { page } = await person.send(PATH, {});
    const [{ uid = '' } = {}] = await server.domain.sessions.list(person.id);
    const [{ id: grant = '' } = {}] = await server.domain.accessGrants.list(person.id);
    const { access_token, refresh_token = '' } = person.tokens;
    for (const secret of [uid, grant, access_token, refresh_token, PASSWORD, '$argon2', `gcm-${person.id}`]) {
      expect(secret).to.not.equal('');
      expect(page).to.not.include(secret);
    }
    const names = namesIn(JSON.parse(page)).join(' ');
    expect(names).to.not.match(/hash|secret|digest|sealed|generation|password|token|uid/i);
  });

  it('reveals nothing of other accounts', async () => {
    const [person, other] = [await known(), await somebody(server)];
    const { page } = await person.send(PATH, {});
    expect(page).to.not.include(other.email);
  });

  it('comes ten times an hour', async () => {
    const person = await (await somebody(server)).signIn();
    const statuses: number[] = [];
    for (let time = 0; time < 11; time += 1) statuses.push((await person.send(PATH, {})).status);
    expect(statuses).to.deep.equal([...Array(10).fill(200), 429]);
  });

  it('is not given to a form that is not its own', async () => {
    const person = await (await somebody(server)).signIn();
    expect((await person.post(PATH, new URLSearchParams())).status).to.equal(403);
  });
});
