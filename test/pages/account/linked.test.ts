import { expect } from 'chai';
import { moveClock } from '../../support/clock.ts';
import { type TestServer, testServer } from '../../support/server.ts';
import { csrfOf } from '../interaction-steps.ts';
import { alerts, notice, somebody, type Visitor } from './visitor.ts';

const PATH = '/account/linked';
const REMOVE = `${PATH}/remove`;

describe('the page of linked accounts', () => {
  let server: TestServer;
  before(async () => {
    server = await testServer();
  });

  const link = ({ id }: Visitor, provider: string): Promise<void> =>
    server.domain.bindings.set(id, { provider, externalId: `${provider}-${id}`, status: '1' });
  const linksOf = async ({ id }: Visitor): Promise<string[]> =>
    (await server.domain.bindings.list(id)).map(({ provider }) => provider);
  /** A person who is signed in and has links. */
  async function linked(...providers: string[]): Promise<Visitor> {
    const person = await (await somebody(server)).signIn();
    for (const provider of providers) await link(person, provider);
    return person;
  }
  /** Removes every other way to sign in from the account of a person who is signed in. */
  async function leaveNoOtherWay({ id }: Visitor): Promise<void> {
    await server.database.knex('credentials').where({ account_id: id }).delete();
    await server.database.knex('contacts').where({ account_id: id, kind: 'mobile' }).delete();
  }

  it('is for those who are signed in', async () => {
    const stranger = await somebody(server);
    for (const answer of [await stranger.open(PATH), await stranger.post(REMOVE, new URLSearchParams())]) {
      expect(answer.next).to.include('/oauth/authorize?');
    }
  });

  it('lists the links by the names of their providers', async () => {
    expect((await (await linked()).open(PATH)).page).to.include('No other accounts are linked.');
    const person = await linked('truemoney', 'corner-shop');
    const { page } = await person.open(PATH);
    for (const shown of ['TrueMoney', 'corner-shop', `truemoney-${person.id}`])
      expect(page).to.include(shown);
  });

  it('removes one, once', async () => {
    const person = await linked('line', 'truemoney');
    const body = new URLSearchParams({ csrf: csrfOf((await person.open(PATH)).page), provider: 'line' });
    const answers = await Promise.all([person.post(REMOVE, body), person.post(REMOVE, body)]);
    for (const { next } of answers) expect(next).to.equal(`${PATH}?outcome=link_removed`);
    expect(await linksOf(person)).to.deep.equal(['truemoney']);
    expect(notice((await person.open(`${PATH}?outcome=link_removed`)).page)).to.equal(
      'The link has been removed.',
    );
  });

  it('never touches a link of others', async () => {
    const theirs = await linked('line');
    const person = await linked('truemoney');
    for (const provider of ['line', 'nowhere', '']) {
      expect((await person.send(REMOVE, { provider }, { on: PATH })).status).to.equal(404);
    }
    expect(await linksOf(theirs)).to.deep.equal(['line']);
    expect(await linksOf(person)).to.deep.equal(['truemoney']);
  });

  it('keeps the only way to sign in, and says so', async () => {
    const person = await linked('facebook', 'line');
    const before = await person.open(PATH);
    expect(before.page).to.include('value="facebook"');
    await leaveNoOtherWay(person);
    const { page } = await person.open(PATH);
    expect(page).to.include('your only way to sign in');
    expect(page).to.not.include('value="facebook"');
    const answer = await person.send(REMOVE, { provider: 'facebook' }, { on: PATH });
    expect(answer.status).to.equal(409);
    expect(alerts(answer.page).join()).to.include('only way to sign in');
    expect((await person.send(REMOVE, { provider: 'line' }, { on: PATH })).status).to.equal(303);
    expect(await linksOf(person)).to.deep.equal(['facebook']);
  });

  it('removes a sign-in where a password or a verified mobile is another', async () => {
    const verify = await linked('facebook');
    await server.database.knex('contacts').where({ account_id: verify.id, kind: 'mobile' }).delete();
    const withMobile = await linked('facebook');
    await server.database.knex('credentials').where({ account_id: withMobile.id }).delete();
    for (const person of [verify, withMobile]) {
      expect((await person.send(REMOVE, { provider: 'facebook' }, { on: PATH })).status).to.equal(303);
    }
  });

  it('changes nothing with an old sign-in, nor by a form that is not its own', async () => {
    const person = await linked('line');
    expect((await person.post(REMOVE, new URLSearchParams({ provider: 'line' }))).status).to.equal(403);
    await moveClock(server.database, 301);
    const answer = await person.send(REMOVE, { provider: 'line' }, { on: PATH });
    expect(new URL(answer.next).searchParams.get('prompt')).to.equal('login');
    expect(await linksOf(person)).to.deep.equal(['line']);
  });
});
