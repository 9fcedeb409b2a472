import { expect } from 'chai';
import type { Domain } from '../../../src/compose/domain.ts';
import type { Database } from '../../../src/db/database.ts';
import { contacts } from '../../../src/domain/contacts/contacts.ts';
import type { LinkPurpose } from '../../../src/domain/mailed-secrets/mailed-secret.ts';
import { LINK_PATHS } from '../../../src/domain/settings/email-mails.ts';
import { randomHex } from '../../../src/lib/ids.ts';
import { assets } from '../../../src/pages/kit/assets.ts';
import { once } from '../../../src/pages/kit/idempotent-form.ts';
import { pageRenderer } from '../../../src/pages/kit/render.ts';
import { emailLinkPages } from '../../../src/pages/links/email-link.ts';
import { stopAll } from '../../http/serve.ts';
import { BrowserAgent } from '../../support/browser-agent.ts';
import { moveClock } from '../../support/clock.ts';
import { testConfig } from '../../support/config.ts';
import { testDatabase } from '../../support/database.ts';
import { readyDomain } from '../../support/domain.ts';
import { servePages } from '../serve-pages.ts';

const MOBILE = '0837776655';
const DAY = 86_400;

describe('the pages that links of mails open', () => {
  let database: Database;
  let domain: Domain;
  let url: string;
  let accountId: number;
  /** The account's current address and its new one, which differ in each test. */
  let old: string;
  let fresh: string;

  beforeEach(async () => {
    database = await testDatabase();
    const config = await testConfig();
    domain = await readyDomain({ config, database });
    url = await start();
    old = `${randomHex(64)}@example.com`;
    fresh = `${randomHex(64)}@example.com`;
    accountId = await createAccount();
  });
  afterEach(async () => {
    await stopAll();
    await domain.lifecycle.remove(accountId);
  });

  function start(): Promise<string> {
    const { emailLinks: links, callerTries: tries } = domain;
    // a new address for each test, as its counters outlive the test
    const address = `2001:db8:${randomHex(16)}:${randomHex(16)}::1`;
    const originOf = () => ({ address });
    return servePages(domain, (around) =>
      emailLinkPages({
        ...{ links, tries, originOf, timeZone: 'Asia/Bangkok', ...around },
        once: once({ ...domain, guard: around.guard }),
      }),
    );
  }

  async function createAccount(): Promise<number> {
    const { id } = await domain.lifecycle.create({
      profile: { firstName: 'สมชาย', lastName: 'ใจดี' },
      contacts: [
        { kind: 'mobile', value: MOBILE, verified: true },
        { kind: 'email', value: old, verified: false },
      ],
      registerChannel: 'MOBILE',
    });
    return id;
  }

  const account = async () => {
    const found = await domain.accounts.find(accountId);
    if (!found) throw new Error('the account is gone');
    return found;
  };
  /** The first owner's change of the address. */
  const changeTo = async (email: string) => {
    const present = await account();
    return { account: present, email, address: '127.0.0.1', generation: present.generation };
  };
  const verifyOld = async () => {
    await contacts({ db: database.knex }).verifyEmail(accountId, { key: old });
  };
  const emails = async (): Promise<[string, boolean][]> =>
    (await account()).contacts
      .filter(({ kind }) => kind === 'email')
      .map(({ value, verified }) => [value, verified]);

  /** The path and query of the link in the newest mail to an address. */
  async function mailedLink(to: string, purpose: LinkPurpose): Promise<string> {
    const mails = await domain.outbox.list({ to, limit: 10 });
    const links = mails
      .flatMap(({ text }) => text.match(/https?:\/\/\S+/g) ?? [])
      .map((link) => new URL(link));
    const link = links.find(({ pathname }) => pathname === LINK_PATHS[purpose]);
    if (!link) throw new Error(`no ${purpose} was mailed to ${to}`);
    return link.pathname + link.search;
  }

  async function verificationLink(): Promise<string> {
    await domain.emailLinks.sendVerification(database.knex, await account(), '192.0.2.1');
    return mailedLink(old, 'verify_email');
  }

  const open = (path: string, init?: RequestInit): Promise<Response> =>
    new BrowserAgent().request(url + path, init);

  /** Opens a link in a new browser. Returns the page and a function that presses its button. */
  async function opened(link: string) {
    const agent = new BrowserAgent();
    const answer = await agent.request(url + link);
    const page = await answer.text();
    expect(answer.status, page).to.equal(200);
    const action = new URL(link, url).pathname;
    return {
      page,
      agent,
      press: (fields: Record<string, string> = {}) => agent.submit(action, fields, page),
    };
  }

  const heading = async (answer: Response): Promise<string> =>
    /<h1>([^<]+)/.exec(await answer.text())?.[1] ?? '';

  it('say what address it is and whose account, and no more than its owner needs', async () => {
    await database.knex('accounts').where({ id: accountId }).update({ created_at: '2026-01-01T17:30:00Z' });
    const link = await verificationLink();
    const thai = await (await open(link)).text();
    expect(thai).to.match(/<html lang="th">/);
    for (const shown of [old, 'ส*** จ***', '08x-xxx-6655', '2 มกราคม 2569', 'แอปมือถือ']) {
      expect(thai).to.include(shown);
    }
    expect(thai).to.not.match(/สมชาย|ใจดี|0837776655|\+66837776655/);
    const english = await (await open(`${link}&lang=en`)).text();
    expect(english).to.include('2 January 2026').and.include('Mobile app');
    expect(english).to.include('<form class="form" method="post" action="/verify-email">');
  });

  it('leave out what an account never gave', async () => {
    const unknown = { first_name: null, last_name: null, register_channel: null };
    await database.knex('accounts').where({ id: accountId }).update(unknown);
    await database.knex('contacts').where({ account_id: accountId, kind: 'mobile' }).delete();
    const { page } = await opened(`${await verificationLink()}&lang=en`);
    expect(page).to.include('Website');
    expect(page).to.not.match(/\*\*\*|<dt>Name|<dt>Mobile/);
  });

  it('change nothing when they are opened, and can be opened again', async () => {
    const link = await verificationLink();
    for (const method of ['HEAD', 'GET', 'HEAD', 'GET']) {
      const answer = await open(link, { method });
      expect(answer.status).to.equal(200);
      expect(answer.headers.get('referrer-policy')).to.equal('no-referrer');
      expect(answer.headers.get('cache-control')).to.equal('no-store');
    }
    expect(await emails()).to.deep.equal([[old, false]]);
  });

  it('verify an address by the button, once, and say so at an address without the secret', async () => {
    const link = await verificationLink();
    const { press, agent } = await opened(link);
    const answer = await press();
    expect(agent.location).to.equal(`${url}/verify-email/done?outcome=verified`);
    expect([answer.status, await heading(answer)]).to.deep.equal([200, 'ยืนยันอีเมลแล้ว']);
    expect(await emails()).to.deep.equal([[old, true]]);
    expect((await press()).status, 'the same button, twice').to.equal(200);
    expect((await press({ disown: 'yes' })).status).to.equal(400);
    expect(await emails()).to.deep.equal([[old, true]]);
    expect((await open(link)).status).to.equal(400);
  });

  it('answer the button with 303', async () => {
    const link = await verificationLink();
    const { page, agent } = await opened(link);
    const csrf = /name="csrf" value="([^"]+)"/.exec(page)?.[1] ?? '';
    const body = new URLSearchParams([...new URL(link, url).searchParams, ['csrf', csrf]]);
    const answer = await agent.request('/verify-email', { method: 'POST', body });
    expect(answer.status).to.equal(303);
    expect(answer.headers.get('location')).to.equal('/verify-email/done?outcome=verified');
  });

  it('take an address off by "this was not me", which the other two pages do not have', async () => {
    const { press, agent } = await opened(await verificationLink());
    expect((await press({ disown: 'yes' })).status).to.equal(200);
    expect(agent.location).to.equal(`${url}/verify-email/done?outcome=disowned`);
    expect(await emails()).to.deep.equal([]);

    await domain.emailLinks.requestChange(await changeTo(fresh));
    const other = await opened(await mailedLink(fresh, 'change_email'));
    expect(other.page).to.not.include('disown');
    expect((await other.press({ disown: 'yes' })).status).to.equal(400);
    expect((await other.press()).status).to.equal(200);
  });

  it('put a new address in place, and undo that again', async () => {
    await verifyOld();
    await domain.emailLinks.requestChange(await changeTo(fresh));
    const change = await opened(await mailedLink(fresh, 'change_email'));
    expect(change.page).to.include(fresh).and.not.include(old);
    await change.press();
    expect(change.agent.location).to.equal(`${url}/confirm-email/done?outcome=changed`);
    expect(await emails()).to.deep.equal([[fresh, true]]);

    const undo = await opened(await mailedLink(old, 'undo_email'));
    expect(undo.page).to.include(old).and.not.include(fresh);
    await undo.press();
    expect(undo.agent.location).to.equal(`${url}/undo-email/done?outcome=undone`);
    expect(await emails()).to.deep.equal([[old, true]]);
  });

  it('refuse a form that did not come from their page', async () => {
    const link = await verificationLink();
    const body = new URLSearchParams(new URL(link, url).search);
    expect((await open('/verify-email', { method: 'POST', body })).status).to.equal(403);
    expect(await emails()).to.deep.equal([[old, false]]);
  });

  it('say the same of every link that does not work', async () => {
    const link = await verificationLink();
    const { identifier = '', key = '' } = Object.fromEntries(new URL(link, url).searchParams);
    const broken = [
      '/verify-email',
      `/verify-email?identifier=${identifier}`,
      `/verify-email?identifier=${identifier}&key=`,
      `/verify-email?identifier=${identifier}&key=${key}&key=${key}`,
      `/verify-email?identifier=${identifier}&key=${key.padEnd(65, 'A')}`,
      `/verify-email?identifier=${identifier}&key=${key}A`,
      `/verify-email?identifier=abcdefghijkmnpqrstuv&key=${key}`,
      `/confirm-email?identifier=${identifier}&key=${key}`,
    ];
    const answers = await Promise.all(broken.map((path) => open(path)));
    await moveClock(database, DAY + 1);
    answers.push(await open(link));
    const bodies = await Promise.all(
      answers.map(async (answer) => [
        answer.status,
        (await answer.text()).match(/<main[\s\S]*<\/main>/)?.[0].replace(/[0-9a-f]{32}/, ''),
      ]),
    );
    for (const body of bodies) expect(body).to.deep.equal(bodies[0]);
    expect(bodies[0]?.[0]).to.equal(400);
    expect(bodies[0]?.[1]).to.match(/<h1>/).and.not.include(identifier);
  });

  it('change nothing when someone else has verified the address meanwhile', async () => {
    await domain.emailLinks.requestChange(await changeTo(fresh));
    const { press } = await opened(await mailedLink(fresh, 'change_email'));
    await domain.lifecycle.create({ contacts: [{ kind: 'email', value: fresh, verified: true }] });
    const answer = await press();
    expect(answer.status).to.equal(409);
    expect(answer.headers.get('content-type')).to.match(/^text\/html/);
    expect(await emails()).to.deep.equal([[old, false]]);
  });

  it('have words of their own for what goes wrong, by its code', () => {
    const pages = { productName: { th: 'ประตู', en: 'Pratu' }, accentColour: '#0b5d57', cornerRadius: 10 };
    const { render } = pageRenderer({ pages, assets: assets({ pages }), logoPath: (uri) => `/logos/${uri}` });
    const next = { address: '/account', label: 'account' } as const;
    const failure = { status: 400, error: 'invalid_request', description: 'No.', requestId: 'r-1', next };
    const titleOf = (code: 'LINK_INVALID' | 'CONTACT_TAKEN' | 'BAD_REQUEST') =>
      /<h1>([^<]+)/.exec(render('sign-in/error', 'en', { ...failure, code }, {}))?.[1];
    expect(titleOf('LINK_INVALID')).to.equal('The link no longer works');
    expect(titleOf('CONTACT_TAKEN')).to.equal('Already in use');
    expect(titleOf('BAD_REQUEST')).to.equal('This page cannot be opened');
  });

  it('know no outcome that their link cannot have, and no other spelling of their paths', async () => {
    for (const path of [
      '/verify-email/done',
      '/verify-email/done?outcome=changed',
      '/confirm-email/done?outcome=disowned',
      '/undo-email/done?outcome=undone&outcome=undone',
      '/verify-email/',
      '/Verify-Email',
    ]) {
      expect((await open(path)).status, path).to.equal(404);
    }
  });

  it('let an address guess ten keys an hour, and then none', async () => {
    const link = new URL(await verificationLink(), url);
    const right = link.searchParams.get('key') ?? '';
    link.searchParams.set('key', 'A'.repeat(16));
    for (let guess = 0; guess < 10; guess += 1)
      expect((await open(link.pathname + link.search)).status).to.equal(400);
    link.searchParams.set('key', right);
    expect((await open(link.pathname + link.search)).status).to.equal(429);
  });

  it('are invalid while the account is suspended', async () => {
    await verifyOld();
    await domain.emailLinks.requestChange(await changeTo(fresh));
    const [change, undo] = [await mailedLink(fresh, 'change_email'), await mailedLink(old, 'undo_email')];
    await domain.lifecycle.suspend(accountId);
    for (const link of [change, undo]) expect((await open(link)).status).to.equal(400);
    await domain.lifecycle.activate(accountId);
    expect((await open(change)).status, 'a change that waited').to.equal(400);
    expect((await open(undo)).status, 'the way back').to.equal(200);
  });
});
