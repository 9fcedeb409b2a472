import { randomInt } from 'node:crypto';
import { expect } from 'chai';
import { mailedCode } from '../../domain/authenticators/email-code/email-steps.ts';
import { newEmail } from '../../domain/recovery/recovery-steps.ts';
import { moveClock } from '../../support/clock.ts';
import type { TestServer } from '../../support/server.ts';
import { stepServer } from '../step-server.ts';
import { headingOf, type Visitor, visitor } from '../visitor.ts';
import { atEmailCode, emailHolder } from './email-pages.ts';

describe('the link of an e-mail with a sign-in code', () => {
  let server: TestServer;
  before(async () => {
    server = await stepServer({ emailCode: { signIn: true } });
  });
  after(() => server.stop());

  const addressee = () => emailHolder(server);
  const atCode = (email: string, person?: Visitor) => atEmailCode(server, email, person);
  const linkIn = async (email: string): Promise<string> =>
    (await mailedCode(server.domain, email)).link.replace(server.url, '');

  it('has a button in the browser that asked, which goes on with the sign-in', async () => {
    const { email, id } = await addressee();
    const { person, at } = await atCode(email);
    const seen = await person.open(await linkIn(email));
    expect(headingOf(seen)).to.equal('Continue signing in');
    expect(seen.page)
      .to.include(`action="${at}/link"`)
      .and.to.not.match(/\b\d{6}\b/);
    const key = /name="key" value="([\w-]+)"/.exec(seen.page)?.[1] ?? '';
    const answers = await Promise.all([0, 1].map(() => person.send(`${at}/link`, { key })));
    expect(answers.map(({ status }) => status)).to.deep.equal([303, 303]);
    await person.follow(answers[0]?.location ?? '');
    expect((await person.allow()).searchParams.get('code')).to.be.a('string');
    const rows = await server.database.knex('audit').where({ account_id: id, event: 'sign_in.succeeded' });
    expect(rows.map(({ details }) => details.method)).to.deep.equal(['email-code']);
  });

  it('shows the code in any other browser, with a warning, and signs nobody in there', async () => {
    const { email } = await addressee();
    const { person, at } = await atCode(email);
    const { code, key } = await mailedCode(server.domain, email);
    const other = visitor(server);
    const elsewhere = await atCode(newEmail(), other);
    const seen = await other.open(await linkIn(email));
    expect(headingOf(seen)).to.equal('Your sign-in code');
    expect(seen.page).to.include(`data-code>${code}<`).and.to.include('Never share this code');
    expect(seen.page).to.not.include('<form class="form"');
    expect(seen.headers.get('cache-control')).to.include('no-store');
    expect(seen.headers.get('referrer-policy')).to.match(/no-referrer|same-origin/);
    await other.open(`${elsewhere.at}/code`);
    // neither in the sign-in of the other browser, nor in that of the first one
    for (const path of [elsewhere.at, at])
      expect((await other.send(`${path}/link`, { key })).status).to.equal(400);
    expect((await person.send(`${at}/code`, { code })).status).to.equal(303);
  });

  it('is opened by scanners any number of times, without a cookie and after one, and nothing happens', async () => {
    const { email } = await addressee();
    const { person, at } = await atCode(email);
    const link = await linkIn(email);
    for (let time = 0; time < 20; time += 1) {
      expect((await fetch(server.url + link)).status).to.equal(200);
      expect((await fetch(server.url + link, { method: 'HEAD' })).status).to.equal(200);
    }
    expect((await person.open(`${at}/code`)).status).to.equal(200);
    const { page } = await person.open(link);
    const key = /name="key" value="([\w-]+)"/.exec(page)?.[1] ?? '';
    expect((await person.send(`${at}/link`, { key })).status).to.equal(303);
  });

  it('works once, ends with its time and a newer code, and leads to a new one', async () => {
    const { email } = await addressee();
    const { person, at } = await atCode(email);
    const old = await linkIn(email);
    await person.open(old);
    await moveClock(server.database, 61);
    await person.send(`${at}/again`);
    const gone = await person.open(old);
    expect([gone.status, headingOf(gone)]).to.deep.equal([400, 'The link no longer works']);
    const fresh = await linkIn(email);
    const { page } = await person.open(fresh);
    const key = /name="key" value="([\w-]+)"/.exec(page)?.[1] ?? '';
    await moveClock(server.database, 301);
    expect((await person.open(fresh)).status).to.equal(400);
    await person.open(`${at}/code`);
    const late = await person.send(`${at}/link`, { key });
    expect(late.status).to.equal(400);
    expect(late.page).to.include(`href="${at}"`);
  });

  it('is worth nothing without the token of our form, for another sign-in, or changed', async () => {
    const { email } = await addressee();
    const { person, at } = await atCode(email);
    const { key, code } = await mailedCode(server.domain, email);
    expect((await person.send(`${at}/link`, { key, csrf: 'x' })).status).to.equal(403);
    const second = `${await person.begin()}/email`;
    await person.open(second);
    expect((await person.send(`${second}/link`, { key })).status).to.equal(400);
    for (const other of ['', 'x', `${key.slice(0, -4)}AAAA`, String(randomInt(10 ** 6))])
      expect((await person.send(`${second}/link`, { key: other })).status).to.equal(400);
    for (const query of ['', '?key=', '?key=x', '?key=a&key=b'])
      expect((await fetch(`${server.url}/sign-in-link${query}`)).status).to.equal(400);
    // the code itself is for the browser, in any of its sign-ins
    await person.open(second);
    await person.send(second, { login: email });
    await person.open(`${second}/code`);
    expect((await person.send(`${second}/code`, { code })).status).to.equal(303);
  });
});
