import { expect } from 'chai';
import { type TestServer, testServer } from '../../support/server.ts';
import { csrfOf } from '../interaction-steps.ts';
import { notice, somebody } from './visitor.ts';

const PATH = '/account/consents';
const MARKETING = { purpose: 'marketing', version: '1' };

describe('the page of consents', () => {
  let server: TestServer;
  before(async () => {
    server = await testServer();
  });

  const signedIn = async () => (await somebody(server)).signIn();

  it('is for those who are signed in', async () => {
    const stranger = await somebody(server);
    for (const path of [PATH, `${PATH}/give`, `${PATH}/withdraw`, `${PATH}/accept`]) {
      const answer =
        path === PATH ? await stranger.open(path) : await stranger.post(path, new URLSearchParams());
      expect(answer.next, path).to.include('/oauth/authorize?');
    }
  });

  it('gives and withdraws, and tells what happened when, without JavaScript', async () => {
    const person = await signedIn();
    const first = await person.open(PATH);
    expect(first.page).to.include('News and offers').and.include('You have not agreed to this.');
    expect(first.page).to.include('Nothing has been recorded yet.').and.not.include('Lookups by partners');
    const given = await person.send(`${PATH}/give`, MARKETING, { on: PATH });
    expect([given.status, given.next]).to.deep.equal([303, `${PATH}?outcome=consent_given`]);
    const shown = await person.open(given.next);
    expect(notice(shown.page)).to.equal('Your consent has been recorded.');
    expect(shown.page).to.include('You have agreed to this.').and.include('on our pages');
    await server.domain.subscriptions.replace(server.database.knex, person.id, [
      { topic: 'news', channel: null },
    ]);
    const withdrawn = await person.send(`${PATH}/withdraw`, { purpose: 'marketing' }, { on: PATH });
    expect(withdrawn.next).to.equal(`${PATH}?outcome=consent_ended`);
    expect((await person.open(withdrawn.next)).page).to.include('Withdrawn');
    expect(await server.domain.subscriptions.list(person.id)).to.deep.equal([]);
  });

  it('refuses purposes that are not configured, and forms of other sites', async () => {
    const person = await signedIn();
    for (const purpose of ['unknown', 'partners', 'terms', '', 'marketing\u0000'])
      for (const form of ['give', 'withdraw']) {
        const answer = await person.send(`${PATH}/${form}`, { purpose, version: '1' }, { on: PATH });
        expect(answer.status, `${form} ${purpose}`).to.be.oneOf([400, 404]);
      }
    expect((await person.send(`${PATH}/give`, MARKETING, { on: PATH, csrf: 'other' })).status).to.equal(403);
    expect(await server.domain.consentRecords.list(person.id)).to.deep.equal([]);
  });

  it('records nothing for a text that is not in force any more', async () => {
    const person = await signedIn();
    const answer = await person.send(`${PATH}/give`, { ...MARKETING, version: '0' }, { on: PATH });
    expect(answer.next).to.equal(`${PATH}?outcome=consent_changed`);
    expect(await server.domain.consentRecords.list(person.id)).to.deep.equal([]);
  });

  it('takes a button that is pressed twice once', async () => {
    const person = await signedIn();
    const body = new URLSearchParams({ csrf: csrfOf((await person.open(PATH)).page), ...MARKETING });
    const answers = await Promise.all([person.post(`${PATH}/give`, body), person.post(`${PATH}/give`, body)]);
    expect(answers.map(({ status }) => status)).to.deep.equal([303, 303]);
    expect(await server.domain.consentRecords.list(person.id)).to.have.length(1);
  });

  it('offers to withdraw what is not offered any more', async () => {
    const person = await signedIn();
    await server.database.knex('consent_records').insert({
      ...{ account_id: person.id, purpose: 'survey', version: '1', language: 'th', channel: 'pages' },
    });
    expect((await person.open(PATH)).page).to.include('<h2>survey</h2>');
    const answer = await person.send(`${PATH}/withdraw`, { purpose: 'survey' }, { on: PATH });
    expect(answer.next).to.equal(`${PATH}?outcome=consent_ended`);
    expect((await person.open(PATH)).page).to.not.include('<h2>survey</h2>');
  });
});
