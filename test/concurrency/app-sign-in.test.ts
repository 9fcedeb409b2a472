import { expect } from 'chai';
import { App, appClient, type Challenged, codeOf } from '../flows/app-steps.ts';
import { PASSWORD, somebody } from '../pages/account/visitor.ts';
import { forgetCounts } from '../support/forget-counts.ts';
import { enrolApp } from '../support/totp.ts';
import { atBoth, type Processes, twoProcesses } from './processes.ts';

const AT_ONCE = 20;

describe('signing in inside an app, at two processes at the same time', () => {
  let both: Processes;
  before(async function () {
    this.timeout(60_000);
    both = await twoProcesses();
  });
  after(() => both.end());
  beforeEach(() => forgetCounts(both.server.database));

  /** The same app at each of the two processes. */
  async function apps(): Promise<(url: string) => App> {
    const client = await appClient(both.server);
    const [one, other] = [new App({ url: both.a }, client), new App({ url: both.b }, client)];
    Object.assign(other.pkce, one.pkce);
    return (url) => (url === both.a ? one : other);
  }
  const errors = (answers: Challenged[]) => answers.map(({ body }) => body.error);

  it('continues at the other in each step', async () => {
    const [at, person] = [await apps(), await somebody(both.server)];
    const enrolled = await enrolApp(both.server.domain, person.id);
    const sent = await at(both.b).step(await at(both.a).begin(person.mobile), { otp_channel: 'sms' });
    const first = await at(both.a).step(sent, { otp: await codeOf(both.server, person.mobile) });
    const finished = await at(both.b).step(first, { code: enrolled.code() });
    await at(both.a).tokens(finished);
  });

  it('takes a step once: one request of many gets the code', async () => {
    const [at, person] = [await apps(), await somebody(both.server)];
    const begun = await at(both.a).begin(person.email);
    const answers = await atBoth(both, 8, (url) => at(url).step(begun, { password: PASSWORD }));
    const finished = answers.filter(({ status }) => status === 200);
    expect(finished).to.have.length(1);
    expect(errors(answers).filter((error) => error === 'invalid_session')).to.have.length(7);
    await at(both.b).tokens(finished[0] as Challenged);
  });

  it('continues from a first factor once, and takes the second once', async () => {
    const [at, person] = [await apps(), await somebody(both.server)];
    const enrolled = await enrolApp(both.server.domain, person.id);
    const begun = await at(both.a).begin(person.email);
    const first = await atBoth(both, 8, (url) => at(url).step(begun, { password: PASSWORD }));
    const advanced = first.filter(({ body }) => body.next?.includes('code'));
    expect(advanced).to.have.length(1);
    const second = await atBoth(both, 8, (url) =>
      at(url).step(advanced[0] as Challenged, { code: enrolled.code() }),
    );
    expect(second.filter(({ status }) => status === 200)).to.have.length(1);
  });

  it('takes a code by SMS once, sent in one sign-in many times', async () => {
    const [at, person] = [await apps(), await somebody(both.server)];
    const sent = await at(both.a).step(await at(both.b).begin(person.mobile), { otp_channel: 'sms' });
    const otp = await codeOf(both.server, person.mobile);
    const answers = await atBoth(both, 8, (url) => at(url).step(sent, { otp }));
    expect(answers.filter(({ status }) => status === 200)).to.have.length(1);
  });

  it('counts guesses together', async () => {
    const [at, person] = [await apps(), await somebody(both.server)];
    const begun = await at(both.a).begin(person.email);
    const answers = await atBoth(both, AT_ONCE, (url) =>
      at(url).step(begun, { password: 'not-the-password' }),
    );
    expect(answers.filter(({ body }) => body.reason === 'wrong_password')).to.have.length(10);
    expect(answers.filter(({ status }) => status === 429)).to.have.length(10);
  });

  it('gives tokens for a code once', async () => {
    const [at, person] = [await apps(), await somebody(both.server)];
    const finished = await at(both.a).begin(person.email, { password: PASSWORD });
    const answers = await atBoth(both, AT_ONCE, (url) => at(url).redeem(finished));
    expect(answers.filter(({ status }) => status === 200)).to.have.length(1);
  });
});
