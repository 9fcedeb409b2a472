import { expect } from 'chai';
import { nationalMobile } from '../../../src/domain/values/mobile.ts';
import { moveClock } from '../../support/clock.ts';
import { forgetCounts } from '../../support/forget-counts.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { csrfOf } from '../interaction-steps.ts';
import { alerts, newContacts, notice, PASSWORD, somebody, Visitor } from './visitor.ts';

const PATH = '/account/mobile';
const CODE_PATH = `${PATH}/code`;

describe('the mobile number in the account area', () => {
  let server: TestServer;

  before(async () => {
    server = await startServer();
  });
  beforeEach(async () => void (await forgetCounts(server.database)));
  after(() => server.stop());

  const e164 = (national: string): string => `+66${national.slice(1)}`;
  const numberOf = async (person: Visitor) =>
    (await person.account())?.contacts.find(({ kind }) => kind === 'mobile')?.value;

  async function newestCode(mobile: string): Promise<string> {
    const [message] = await server.domain.outbox.list({ to: e164(mobile), limit: 1 });
    return /\d{6}/.exec(message?.text ?? '')?.[0] ?? '';
  }

  it('changes by the code that came to the new number; the old one is told, other sessions end', async () => {
    const person = await (await somebody(server)).signIn();
    const other = await new Visitor(server, person.id, person).signIn();
    const { mobile } = newContacts();
    const { status, next } = await person.send(PATH, { mobile, locale: 'en' });
    expect([status, next]).to.deep.equal([303, CODE_PATH]);
    expect((await person.open(CODE_PATH)).page).to.include(mobile);
    const wrong = await person.send(CODE_PATH, { code: '000000' });
    expect(wrong.status).to.equal(400);
    expect(alerts(wrong.page)).to.deep.equal(['The code is wrong. 4 attempts left.']);
    const right = await person.send(CODE_PATH, { code: ` ${await newestCode(mobile)} ` });
    expect(right.next).to.equal(`${PATH}?outcome=mobile_changed`);
    expect(notice((await person.open(right.next)).page)).to.match(/^Your mobile number has been changed/);
    expect(await numberOf(person)).to.equal(e164(mobile));
    expect(await server.domain.outbox.list({ to: e164(person.mobile), limit: 5 })).to.have.length(1);
    expect((await other.open('/account')).status).to.equal(303);
    expect((await person.open(CODE_PATH)).next).to.equal(PATH);
  });

  it('takes each form once: sent twice, both lead on', async () => {
    const person = await (await somebody(server)).signIn();
    const { mobile } = newContacts();
    const csrf = csrfOf((await person.open(PATH)).page);
    const twice = (path: string, fields: Record<string, string>) =>
      Promise.all([1, 2].map(() => person.post(path, new URLSearchParams({ csrf, ...fields }))));
    const asked = await twice(PATH, { mobile, locale: 'en' });
    for (const { next, headers } of asked) {
      expect(next).to.equal(CODE_PATH);
      expect(headers.getSetCookie().join()).to.include('account-mobile=');
    }
    expect(await server.domain.outbox.list({ to: e164(mobile), limit: 5 })).to.have.length(1);
    for (const { next } of await twice(CODE_PATH, { code: await newestCode(mobile) }))
      expect(next).to.equal(`${PATH}?outcome=mobile_changed`);
    expect(await numberOf(person)).to.equal(e164(mobile));
    expect(await server.domain.outbox.list({ to: e164(person.mobile), limit: 5 })).to.have.length(1);
  });

  it('asks for the current password once the sign-in is not fresh any more', async () => {
    const person = await (await somebody(server)).signIn();
    const { mobile } = newContacts();
    await moveClock(server.database, 301);
    expect((await person.send(PATH, { mobile })).status).to.equal(400);
    expect((await person.send(PATH, { mobile, currentPassword: 'wrong-password' })).status).to.equal(400);
    expect(await newestCode(mobile)).to.equal('');
    expect((await person.send(PATH, { mobile, currentPassword: PASSWORD })).next).to.equal(CODE_PATH);
    expect((await person.send(CODE_PATH, { code: await newestCode(mobile) })).status).to.equal(303);
    expect(await numberOf(person)).to.equal(e164(mobile));
  });

  it('does not tell whether another account has the number, and sends it no code', async () => {
    const [person, other] = [await (await somebody(server)).signIn(), await somebody(server)];
    const { status, next } = await person.send(PATH, { mobile: other.mobile });
    expect([status, next]).to.deep.equal([303, CODE_PATH]);
    expect(await newestCode(other.mobile)).to.equal('');
    expect((await person.send(CODE_PATH, { code: '123456' })).status).to.equal(400);
    expect(await numberOf(person)).to.equal(e164(person.mobile));
  });

  it('says so when another account has verified the number while the code was on its way', async () => {
    const [person, other] = [await (await somebody(server)).signIn(), await somebody(server)];
    const { mobile } = newContacts();
    await person.send(PATH, { mobile });
    await server.domain.contacts.add(other.id, { kind: 'mobile', value: mobile, verified: true });
    const { status, page } = await person.send(CODE_PATH, { code: await newestCode(mobile) });
    expect(status).to.equal(409);
    expect(alerts(page)).to.deep.equal(['This mobile number or e-mail address is already in use.']);
    expect(page).to.not.include('href="#mobile"');
  });

  it('sends another code, after a pause', async () => {
    const person = await (await somebody(server)).signIn();
    const { mobile } = newContacts();
    await person.send(PATH, { mobile });
    const first = await newestCode(mobile);
    const tooSoon = await person.send(`${CODE_PATH}/again`, {}, { on: CODE_PATH });
    expect(tooSoon.status).to.equal(429);
    expect(Number(tooSoon.headers.get('retry-after'))).to.be.within(1, 60);
    await moveClock(server.database, 61);
    const again = await person.send(`${CODE_PATH}/again`, {}, { on: CODE_PATH });
    expect(again.next).to.equal(`${CODE_PATH}?outcome=code_sent`);
    expect(notice((await person.open(again.next)).page)).to.equal('We have sent a new code.');
    const second = await newestCode(mobile);
    expect((await person.send(CODE_PATH, { code: first })).status).to.equal(first === second ? 303 : 400);
  });

  it('takes no code without a number before it, of another browser, or of the session before', async () => {
    const [person, other] = [
      await (await somebody(server)).signIn(),
      await (await somebody(server)).signIn(),
    ];
    const { mobile } = newContacts();
    const token = /name="csrf" value="([^"]+)"/.exec((await person.open(PATH)).page)?.[1] ?? '';
    expect((await person.send(CODE_PATH, { code: '123456' }, { csrf: token })).next).to.equal(PATH);
    await person.send(PATH, { mobile });
    const preservedSession = person.agent.cookies.get('account/mobile');
    other.agent.setCookie('account/mobile', preservedSession?.value ?? '', PATH);
    expect((await other.open(CODE_PATH)).next).to.equal(PATH);
    await server.domain.lifecycle.signOutEverywhere(person.id);
    await person.signIn();
    expect((await person.open(CODE_PATH)).next).to.equal(PATH);
  });

  it('refuses what is no mobile number, nothing, and the current one', async () => {
    const person = await (await somebody(server)).signIn();
    const tries: [string, string][] = [
      ['', 'Enter your mobile number.'],
      ['021234567', 'Enter a 10-digit mobile number, such as 0812345678.'],
      ['+14155550100', 'Enter a 10-digit mobile number, such as 0812345678.'],
      ['0'.repeat(200), 'Enter a 10-digit mobile number, such as 0812345678.'],
      [person.mobile, 'This is already your mobile number.'],
      [e164(person.mobile), 'This is already your mobile number.'],
    ];
    for (const [mobile, words] of tries) {
      const { status, page } = await person.send(PATH, { mobile });
      expect([status, alerts(page)], mobile).to.deep.equal([400, [words]]);
    }
    expect((await person.send(PATH, {})).status).to.equal(400);
    await person.send(PATH, { mobile: newContacts().mobile });
    const { status, page } = await person.send(CODE_PATH, { code: ' ' });
    expect([status, alerts(page)]).to.deep.equal([400, ['Enter the 6-digit code from the SMS.']]);
  });

  it('needs the token of the page', async () => {
    const person = await (await somebody(server)).signIn();
    const { mobile } = newContacts();
    expect((await person.send(PATH, { mobile }, { csrf: 'made-up' })).status).to.equal(403);
    expect(await newestCode(mobile)).to.equal('');
    await person.send(PATH, { mobile });
    const code = await newestCode(mobile);
    expect((await person.send(CODE_PATH, { code }, { csrf: 'made-up' })).status).to.equal(403);
    expect((await person.send(`${CODE_PATH}/again`, {}, { csrf: 'made-up' })).status).to.equal(403);
    expect(nationalMobile((await numberOf(person)) ?? '')).to.equal(person.mobile);
  });

  it('is changed once by a form that is sent twice at once', async () => {
    const person = await (await somebody(server)).signIn();
    const { mobile } = newContacts();
    await person.send(PATH, { mobile });
    const token = /name="csrf" value="([^"]+)"/.exec((await person.open(CODE_PATH)).page)?.[1] ?? '';
    const code = await newestCode(mobile);
    const both = await Promise.all([1, 2].map(() => person.send(CODE_PATH, { code }, { csrf: token })));
    expect(both.map(({ status }) => status)).to.include(303);
    expect(await server.domain.outbox.list({ to: e164(person.mobile), limit: 5 })).to.have.length(1);
  });
});
