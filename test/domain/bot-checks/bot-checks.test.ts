import { expect } from 'chai';
import { type BotCheckProvider, botChecks } from '../../../src/domain/bot-checks/bot-checks.ts';
import { databaseCounters } from '../../../src/domain/rate-limits/counters.ts';
import { randomToken } from '../../../src/lib/ids.ts';
import { OutboundError } from '../../../src/lib/outbound.ts';
import { testDatabase } from '../../support/database.ts';
import { eventually } from '../../support/eventually.ts';

type Answer = () => Response | Promise<Response>;

const json =
  (body: unknown, status = 200): Answer =>
  () =>
    Response.json(body, { status });
const right = { success: true, hostname: 'id.example.com', action: 'register' };

describe('bot checks', () => {
  let counters: ReturnType<typeof databaseCounters>;
  before(async () => {
    counters = databaseCounters({ db: (await testDatabase()).knex });
  });

  function checked(answer: Answer, provider: BotCheckProvider = 'turnstile') {
    const [failures, sent]: [string[], [string, string][]] = [[], []];
    const checks = botChecks({
      site: { provider, siteKey: 'site' },
      secret: 'secret',
      hostname: 'id.example.com',
      timeoutMs: 500,
      counters,
      async fetch(url, init) {
        sent.push([url.href, String(init?.body)]);
        return answer();
      },
      onFailed: (reason) => failures.push(reason),
    });
    const passes = (token = randomToken(128), form = 'a form', action = 'register') =>
      checks.passes({ token, form, action });
    return { passes, failures, sent };
  }

  it('pass a token that the service knows for this host and action, and send it nothing else', async () => {
    const { passes, sent, failures } = checked(json(right));
    expect(await passes('token of a test 1')).to.equal(true);
    expect(sent).to.deep.equal([
      [
        'https://challenges.cloudflare.com/turnstile/v0/siteverify',
        'secret=secret&response=token+of+a+test+1&sitekey=site',
      ],
    ]);
    expect(failures).to.deep.equal([]);
  });

  it('refuse one of another host or action, a wrong, a late and a used one', async () => {
    const wrong = [
      { ...right, hostname: 'evil.example.com' },
      { ...right, hostname: undefined },
      { ...right, action: 'login' },
      { success: false },
      { success: false, 'error-codes': 'unknown' },
      ...['invalid-input-response', 'timeout-or-duplicate'].map((code) => ({
        success: false,
        'error-codes': [code],
      })),
    ];
    for (const verdict of wrong) {
      const { passes, failures } = checked(json(verdict));
      expect(await passes(), JSON.stringify(verdict)).to.equal(false);
      expect(failures).to.deep.equal([]);
    }
  });

  it('require no action of hCaptcha', async () => {
    const { passes, sent } = checked(json({ success: true, hostname: 'id.example.com' }), 'hcaptcha');
    expect(await passes()).to.equal(true);
    expect(sent[0]?.[0]).to.equal('https://api.hcaptcha.com/siteverify');
    expect(await checked(json({ success: true, hostname: 'other' }), 'hcaptcha').passes()).to.equal(false);
  });

  it('refuse what cannot be a token, without a request to the service', async () => {
    const { passes, sent } = checked(json(right));
    for (const token of ['', 'x'.repeat(8193)]) expect(await passes(token)).to.equal(false);
    expect(sent).to.deep.equal([]);
  });

  it('pass a token for one form only, which may come twice', async () => {
    const { passes, sent } = checked(json(right));
    const token = randomToken(128);
    expect(await passes(token, 'one')).to.equal(true);
    expect(await passes(token, 'one')).to.equal(true);
    expect(await passes(token, 'other')).to.equal(false);
    expect(await passes(token, 'other')).to.equal(false);
    expect(await passes(token, 'one')).to.equal(true);
    expect(sent).to.have.length(1);
  });

  it('pass one of many simultaneous forms with one token', async () => {
    const { passes } = checked(json(right));
    const token = randomToken(128);
    const results = await Promise.all(
      Array.from({ length: 10 }, (_, index) => passes(token, `form ${index}`)),
    );
    expect(results.filter(Boolean)).to.have.length(1);
  });

  it('refuse a wrong token again, however often and however simultaneously the form comes', async () => {
    const { passes, sent } = checked(json({ success: false, 'error-codes': ['invalid-input-response'] }));
    const [repeated, simultaneous] = [randomToken(128), randomToken(128)];
    for (let times = 0; times < 3; times++) expect(await passes(repeated)).to.equal(false);
    const results = await Promise.all(Array.from({ length: 5 }, () => passes(simultaneous)));
    expect(results).to.deep.equal([false, false, false, false, false]);
    expect(sent).to.have.length(2);
  });

  it('pass every simultaneous submission of a form with a right token', async () => {
    const { passes, sent } = checked(json(right));
    const token = randomToken(128);
    expect(await Promise.all(Array.from({ length: 5 }, () => passes(token)))).to.not.include(false);
    expect(sent).to.have.length(1);
  });

  it('pass every submission of a form for which the service gave no verdict, and no other form', async () => {
    const { passes, sent } = checked(() => Promise.reject(new OutboundError('timeout', 'slow')));
    const token = randomToken(128);
    expect(await Promise.all([passes(token), passes(token)])).to.deep.equal([true, true]);
    expect(await passes(token)).to.equal(true);
    expect(await passes(token, 'other')).to.equal(false);
    expect(sent).to.have.length(1);
  });

  it('refuse a second submission when the first never gets a verdict', async () => {
    const { passes, sent } = checked(() => new Promise(() => {}));
    const token = randomToken(128);
    passes(token);
    await eventually(async () => expect(sent).to.have.length(1));
    expect(await passes(token)).to.equal(false);
  });

  const failing: [string, Answer, string][] = [
    ['is down', json({ success: false }, 500), 'response'],
    ['answers no JSON', () => new Response('<html>'), 'response'],
    ['answers another thing', json([]), 'response'],
    ['answers null', json(null), 'response'],
    ['answers a word for a verdict', json({ success: 'yes' }), 'response'],
    ['blames our secret', json({ success: false, 'error-codes': ['invalid-input-secret'] }), 'settings'],
    ['fails inside', json({ success: false, 'error-codes': ['internal-error'] }), 'settings'],
    ['is slow', () => Promise.reject(new OutboundError('timeout', 'slow')), 'timeout'],
    ['is huge', () => Promise.reject(new OutboundError('size', 'huge')), 'size'],
    ['cannot be reached', () => Promise.reject(new TypeError('fetch failed')), 'network'],
  ];
  for (const [what, answer, reason] of failing)
    it(`pass a form when the service ${what}, and say so`, async () => {
      const { passes, failures } = checked(answer);
      expect(await passes()).to.equal(true);
      expect(failures).to.deep.equal([reason]);
    });
});
