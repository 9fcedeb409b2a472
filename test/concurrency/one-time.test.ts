import { expect } from 'chai';
import { BrowserAgent } from '../support/browser-agent.ts';
import { moveClock } from '../support/clock.ts';
import { tokensByPassword } from '../support/sign-in.ts';
import { atBoth, type Processes, twoProcesses } from './processes.ts';
import { newCode, redeem, refresh, refreshKept, userinfoStatus } from './requests.ts';

const AT_ONCE = 50;

describe('what may be used once, at two processes at the same time', () => {
  const agent = new BrowserAgent();
  let both: Processes;

  before(async function () {
    this.timeout(60_000);
    both = await twoProcesses();
  });

  after(() => both.end());

  /** The refresh token of a new family. */
  async function newFamily(): Promise<string> {
    const code = await newCode(both.issuer, agent, {
      scope: 'openid email offline_access',
      prompt: 'consent',
    });
    const { body, status } = await redeem(both.b, code);
    expect(status).to.equal(200);
    return body.refresh_token as string;
  }

  it('redeems a code once', async () => {
    const code = await newCode(both.issuer, agent);
    const answers = await atBoth(both, AT_ONCE, (url) => redeem(url, code));
    expect(answers.filter(({ status }) => status === 200)).to.have.length(1);
    const refused = answers.filter(({ status }) => status !== 200);
    expect(new Set(refused.map(({ status, body }) => `${status} ${body.error}`))).to.deep.equal(
      new Set(['400 invalid_grant']),
    );
  });

  it('revokes what a code gave when it is used again', async () => {
    const code = await newCode(both.issuer, agent);
    const first = await redeem(both.b, code);
    expect(await userinfoStatus(both.a, first.body.access_token)).to.equal(200);
    expect((await redeem(both.a, code)).body.error).to.equal('invalid_grant');
    expect(await userinfoStatus(both.b, first.body.access_token)).to.equal(401);
  });

  it('revokes nothing of the other codes of its session when one is used again', async () => {
    const offline = { scope: 'openid email offline_access', prompt: 'consent' };
    const other = await redeem(both.a, await newCode(both.issuer, agent));
    const kept = await redeem(both.a, await newCode(both.issuer, agent, offline));
    const code = await newCode(both.issuer, agent, offline);
    const first = await redeem(both.b, code);
    const rotated = await refresh(both.a, first.body.refresh_token ?? '');

    expect((await redeem(both.a, code)).body.error).to.equal('invalid_grant');
    for (const token of [first.body.access_token, rotated.accessToken])
      expect(await userinfoStatus(both.b, token)).to.equal(401);
    expect((await refresh(both.b, rotated.refreshToken)).error).to.equal('invalid_grant');

    for (const { body } of [other, kept])
      expect(await userinfoStatus(both.b, body.access_token)).to.equal(200);
    expect((await refresh(both.b, kept.body.refresh_token ?? '')).status).to.equal(200);
    expect((await redeem(both.b, await newCode(both.issuer, agent))).status).to.equal(200);
  });

  it('leaves a code usable after a wrong verifier', async () => {
    const code = await newCode(both.issuer, agent);
    const wrong = await redeem(both.a, { ...code, verifier: 'a'.repeat(43) });
    expect(wrong.body.error).to.equal('invalid_grant');
    expect((await redeem(both.b, code)).status).to.equal(200);
  });

  it('gives fifty simultaneous refreshes one successor, in the same bytes', async () => {
    const token = await newFamily();
    const answers = await atBoth(both, AT_ONCE, (url) => refresh(url, token));
    expect(new Set(answers.map(({ status }) => status))).to.deep.equal(new Set([200]));
    expect(new Set(answers.map(({ text }) => text)).size).to.equal(1);

    const [first] = answers;
    const again = await refresh(both.b, token);
    expect(again.text).to.equal(first?.text);
    expect(await userinfoStatus(both.a, first?.accessToken ?? '')).to.equal(200);
    expect((await refresh(both.a, first?.refreshToken ?? '')).status).to.equal(200);
  });

  it('ends the family of a token that comes again after its successor was used', async () => {
    const token = await newFamily();
    const first = await refresh(both.a, token);
    const second = await refresh(both.b, first.refreshToken);
    expect((await refresh(both.b, token)).error).to.equal('invalid_grant');
    expect((await refresh(both.a, second.refreshToken)).error).to.equal('invalid_grant');
    expect(await userinfoStatus(both.b, second.accessToken)).to.equal(401);
  });

  it('ends the family of a token that comes again too late', async () => {
    const token = await newFamily();
    const first = await refresh(both.a, token);
    await moveClock(both.server.database, 50);
    expect((await refresh(both.b, token)).text).to.equal(first.text);
    await moveClock(both.server.database, 11);
    expect((await refresh(both.b, token)).error).to.equal('invalid_grant');
    expect((await refresh(both.a, first.refreshToken)).error).to.equal('invalid_grant');
  });

  it('ends the family of a token that comes again for something else', async () => {
    const token = await newFamily();
    const first = await refresh(both.a, token);
    expect((await refresh(both.b, token, { scope: 'openid' })).error).to.equal('invalid_grant');
    expect((await refresh(both.a, first.refreshToken)).error).to.equal('invalid_grant');
    expect(await userinfoStatus(both.a, first.accessToken)).to.equal(401);
  });

  it('refuses the token of another client and harms nobody', async () => {
    const token = await newFamily();
    expect((await refreshKept(both.a, token)).body.error).to.equal('invalid_grant');
    expect((await refresh(both.b, token)).status).to.equal(200);
  });

  it('lets many use a token that does not rotate', async () => {
    const { refresh_token: token = '' } = await tokensByPassword(both.a);
    const answers = await atBoth(both, AT_ONCE, (url) => refreshKept(url, token));
    expect(new Set(answers.map(({ status }) => status))).to.deep.equal(new Set([200]));
    expect(new Set(answers.map(({ body }) => body.access_token)).size).to.equal(AT_ONCE);
    expect(new Set(answers.map(({ body }) => body.refresh_token ?? token))).to.deep.equal(new Set([token]));
  });

  it('accepts at one process what the other has just issued', async () => {
    for (let round = 0; round < 5; round += 1) {
      const first = await refresh(both.a, await newFamily());
      expect((await refresh(both.b, first.refreshToken)).status).to.equal(200);
    }
  });
});
