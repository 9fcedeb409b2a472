import { expect } from 'chai';
import { audit } from '../../../src/domain/audit/audit.ts';
import { ROLES, type Role } from '../../../src/domain/operators/role.ts';
import { randomHex } from '../../../src/lib/ids.ts';
import { inRequestContext } from '../../../src/lib/request-context.ts';
import { BrowserAgent } from '../../support/browser-agent.ts';
import { checkAnswer, operations } from '../../support/openapi.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { LOWEST } from './lowest-roles.ts';
import { Operator, operator, person, type Seen } from './operator.ts';

/** Routes that are open to every caller, as they show nothing. */
const OPEN = ['GET /console/callback', 'POST /console/sign-out'];

/** An id that names no account and no client: these tests are about permissions only. */
const NOBODY = '999999999';

const described = operations
  .filter(({ path }) => path === '/console' || path.startsWith('/console/'))
  .map(({ method, path }) => `${method.toUpperCase()} ${path}`);

const pathOf = (route: string): string => (route.split(' ')[1] ?? '').replaceAll(/\{\w+\}/g, NOBODY);

describe('every route of the console', () => {
  let server: TestServer;

  before(async () => {
    server = await startServer();
  });

  after(() => server.stop());

  const request = async (one: Operator, route: string): Promise<Seen> => {
    const answer = route.startsWith('GET') ? await one.open(pathOf(route)) : await one.send(pathOf(route));
    checkAnswer(route, answer.status, answer.headers, answer.status === 303 ? '' : answer.page);
    return answer;
  };

  it('has a lowest role', () => {
    expect([...Object.keys(LOWEST), ...OPEN]).to.have.members(described);
  });

  it('leads to a sign-in without a session, with that of a customer, and with one that has ended', async () => {
    const stranger = new Operator(server.url, { id: 0, email: '' });
    const customer = new Operator(server.url, await person(server));
    await customer.authenticate(await customer.follow('/account'));
    const ended = await operator(server, 'admin');
    await server.domain.operators.remove(ended.id);
    for (const one of [stranger, customer, ended])
      for (const route of Object.keys(LOWEST)) {
        const { status, next, page } = await request(one, route);
        expect(status, route).to.equal(303);
        expect(next, route).to.include('/oauth/authorize?client_id=console');
        expect(page, route).to.not.include('<h1>');
      }
  });

  it('is open from its lowest role on, and no lower', async () => {
    for (const role of ROLES) {
      const one = await operator(server, role);
      for (const [route, lowest] of Object.entries(LOWEST)) {
        const isOpen = ROLES.indexOf(role) >= ROLES.indexOf(lowest);
        // the keys must not change for other tests
        if (isOpen && route === 'POST /console/settings/rotate-keys') continue;
        await one.open('/console');
        const { status, page } = await request(one, route);
        const label = `${route} as ${role}`;
        if (isOpen) expect(status, label).to.not.be.oneOf([303, 401, 403]);
        else {
          expect(status, label).to.equal(403);
          expect(page, label).to.include('Your role does not allow this').and.include('class="console-nav"');
        }
      }
    }
  });

  /** A request that concerned an account and a client, and sent a message. */
  async function accountRequest(id: number): Promise<string> {
    const requestId = randomHex(128);
    await inRequestContext({ requestId }, async () => {
      await audit({ db: server.database.knex }).record({
        event: 'account.read',
        accountId: id,
        clientId: 'spa',
      });
      await server.domain.outbox.add({
        channel: 'mail',
        kind: 'password-changed',
        values: {},
        to: 'somebody@example.com',
        locale: 'en',
        accountId: id,
        lifetimeSeconds: 3600,
      });
    });
    return requestId;
  }

  it('is offered to those who may open it, and to no others', async () => {
    const menu: Record<Role, string[]> = {
      viewer: ['clients', 'partners', 'audit', 'trace', 'receipts', 'settings'],
      support: ['accounts', 'clients', 'partners', 'audit', 'trace', 'receipts', 'messages', 'settings'],
      admin: [
        'accounts',
        'clients',
        'partners',
        'audit',
        'trace',
        'receipts',
        'messages',
        'settings',
        'operators',
        'upstream',
        'webhooks',
      ],
    };
    const { id } = await person(server);
    const traced = await accountRequest(id);
    for (const role of ROLES) {
      const one = await operator(server, role);
      const { page } = await one.open('/console');
      const nav = /<nav class="console-nav".*?<\/nav>/s.exec(page)?.[0] ?? '';
      const links = [...nav.matchAll(/href="\/console\/([^"]+)"/g)].map(([, name]) => name);
      expect(links, role).to.have.members(menu[role]);
      const parts =
        role === 'viewer'
          ? []
          : ['', '/contacts', '/sessions', '/actions'].map((part) => `/accounts/${id}${part}`);
      // no page has a form or a link that its reader may not use
      for (const path of [
        '',
        ...links.map((name) => `/${name}`),
        '/clients/spa',
        `/trace?request_id=${traced}`,
        ...parts,
      ]) {
        const shown = (await one.open(`/console${path}`)).page;
        const linked = new Set(
          [...shown.matchAll(/href="(\/console[^"?]*)/g)].map(([, address = '']) => address),
        );
        for (const address of linked)
          expect((await one.open(address)).status, `${address} on ${path} as ${role}`).to.not.equal(403);
        const forms = [...shown.matchAll(/<form[^>]*method="post"[^>]*action="([^"]+)"/g)].map(
          ([, action = '']) =>
            `POST ${action.replace('/clients/spa', '/clients/{id}').replace(`/accounts/${id}`, '/accounts/{id}')}`,
        );
        for (const form of forms.filter((action) => !OPEN.includes(action))) {
          const lowest = LOWEST[form];
          expect(lowest, form).to.be.a('string');
          expect(ROLES.indexOf(role), `${form} on ${path} as ${role}`).to.be.at.least(
            ROLES.indexOf(lowest as Role),
          );
        }
      }
    }
  });

  it('is not found elsewhere, and does not differ by the spelling of its path', async () => {
    const one = await operator(server, 'admin');
    for (const path of [
      '/console/',
      '/Console',
      '/console/nothing',
      '/console//accounts',
      '/console/accounts/1/nothing',
    ])
      expect((await one.open(path)).status, path).to.equal(404);
  });

  it('cannot be framed, stored or scripted', async () => {
    const one = await operator(server, 'admin');
    for (const route of Object.keys(LOWEST).filter((name) => name.startsWith('GET'))) {
      const { headers } = await one.open(pathOf(route));
      expect(headers.get('content-security-policy'), route).to.include("frame-ancestors 'none'");
      expect(headers.get('x-frame-options'), route).to.equal('DENY');
      expect(headers.get('cache-control'), route).to.include('no-store');
      expect(headers.get('referrer-policy'), route).to.equal('no-referrer');
    }
  });
});

describe('a role that is removed while a form is open', () => {
  let server: TestServer;

  before(async () => {
    server = await startServer();
  });

  after(() => server.stop());

  const statusOf = async (id: number) => (await server.domain.accounts.find(id))?.status;

  it('keeps the form from doing anything', async () => {
    const { id } = await person(server);
    const one = await operator(server, 'support');
    await one.open(`/console/accounts/${id}`);
    await server.domain.operators.add(one.id, 'viewer');
    const lower = await one.send(`/console/accounts/${id}/suspend`);
    expect(lower.status).to.equal(403);
    expect(lower.page).to.include('Your role does not allow this');
    // the link to the next page on the error page works
    const next = /<a class="button[^"]*" href="([^"]+)"/.exec(lower.page)?.[1] ?? '';
    await server.domain.operators.add(one.id, 'support');
    expect((await one.open(next)).status).to.equal(200);
    await one.open(`/console/accounts/${id}`);
    await server.domain.operators.remove(one.id);
    const none = await one.send(`/console/accounts/${id}/suspend`);
    expect([none.status, none.next.includes('/oauth/authorize')]).to.deep.equal([303, true]);
    expect(await statusOf(id)).to.equal('active');
  });

  it('does not leave the form to the next operator at the browser', async () => {
    const { id } = await person(server);
    const [one, next] = [await operator(server, 'support'), await operator(server, 'support')];
    await one.open(`/console/accounts/${id}`);
    one.agent.setCookie('console', next.agent.cookies.get('console')?.value ?? '', '/console');
    expect((await one.send(`/console/accounts/${id}/suspend`)).status).to.equal(403);
    expect(await statusOf(id)).to.equal('active');
  });

  it('opens nothing by the token of a customer page', async () => {
    const { id } = await person(server);
    const one = await operator(server, 'support');
    const sign = await new Operator(server.url, one, one.agent).open('/forgot-password');
    const csrf = /name="csrf" value="([^"]+)"/.exec(sign.page)?.[1] ?? '';
    expect(csrf).to.not.equal('');
    expect((await one.send(`/console/accounts/${id}/suspend`, { csrf })).status).to.equal(403);
    expect(await statusOf(id)).to.equal('active');
  });

  it('is not needed by a page of another site, which can send no form', async () => {
    const { id } = await person(server);
    const one = await operator(server, 'support');
    const forged: [Record<string, string>, Record<string, string>][] = [
      [{ csrf: '' }, {}],
      [{ csrf: 'x'.repeat(59) }, {}],
      [{}, { 'sec-fetch-site': 'cross-site' }],
      [{}, { 'sec-fetch-site': 'same-site' }],
      [{}, { origin: 'https://evil.example' }],
      [{}, { 'content-type': 'text/plain' }],
    ];
    for (const [fields, headers] of forged) {
      await one.open(`/console/accounts/${id}`);
      const { status } = await one.send(`/console/accounts/${id}/suspend`, fields, headers);
      expect(status, JSON.stringify([fields, headers])).to.be.oneOf([400, 403, 415]);
    }
    expect(await statusOf(id)).to.equal('active');
    const agent = new BrowserAgent();
    agent.setCookie('console', one.agent.cookies.get('console')?.value ?? '', '/console');
    // a valid session, but not in the browser to which the form was shown
    const shown = await one.open(`/console/accounts/${id}`);
    const csrf = /name="csrf" value="([^"]+)"/.exec(shown.page)?.[1] ?? '';
    const other = new Operator(server.url, one, agent);
    expect((await other.send(`/console/accounts/${id}/suspend`, { csrf })).status).to.equal(403);
    expect(await statusOf(id)).to.equal('active');
  });
});
