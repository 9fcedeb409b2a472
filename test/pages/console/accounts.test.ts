import { expect } from 'chai';
import { cardNumber } from '../../../src/domain/accounts/account.ts';
import { randomHex } from '../../../src/lib/ids.ts';
import { startServer, type TestServer } from '../../support/server.ts';
import { newContacts } from '../account/visitor.ts';
import { type Operator, operator, person } from './operator.ts';

const NATIONAL_ID = '3101700230704';

describe('the search of the console', () => {
  let server: TestServer;
  let support: Operator;

  before(async () => {
    server = await startServer();
    support = await operator(server, 'support');
  });

  after(() => server.stop());

  /** The ids of the accounts that a search lists. */
  async function find(q: string, more: Record<string, string> = {}): Promise<number[]> {
    await support.open('/console/accounts');
    const { status, page } = await support.send('/console/accounts', { q, ...more });
    expect(status, q).to.equal(200);
    return [...page.matchAll(/<a href="\/console\/accounts\/(\d+)">/g)].map(([, id]) => Number(id));
  }

  it('finds an account by any of its identifiers in any spelling', async () => {
    const { mobile } = newContacts();
    const externalId = `crm-${randomHex(64)}`;
    const { id, email } = await person(server, undefined, {
      nationalId: NATIONAL_ID,
      externalId,
      contacts: [{ kind: 'mobile', value: mobile, verified: true }],
    });
    const account = await server.domain.accounts.find(id);
    const card = account?.card ? cardNumber(account.card) : '';
    const spellings = [
      mobile,
      `+66 ${mobile.slice(1, 3)}-${mobile.slice(3, 6)}-${mobile.slice(6)}`,
      mobile.replaceAll(/\d/g, (digit) => String.fromCharCode(0x0e50 + Number(digit))),
      email,
      ` ${email.toUpperCase()} `,
      card,
      `${card.slice(0, 4)} ${card.slice(4)}`,
      NATIONAL_ID,
      '3-1017-00230-70-4',
      externalId,
      String(id),
    ];
    for (const q of spellings) expect(await find(q), q).to.deep.equal([id]);
  });

  it('finds accounts by the beginning of a name, in Thai and whatever the case, page by page', async () => {
    const family = `ก${randomHex(32)}`;
    const ids: number[] = [];
    for (let index = 0; index < 20; index += 1) {
      const profile = { firstName: 'ณัฐ', lastName: `${family}${String(index).padStart(2, '0')}` };
      ids.push((await server.domain.lifecycle.create({ profile })).id);
    }
    expect(await find(family.toUpperCase())).to.deep.equal(ids.slice(0, 15));
    await support.open('/console/accounts');
    const { page } = await support.send('/console/accounts', { q: family });
    const after = /name="after" value="([^"]+)"/.exec(page)?.[1] ?? '';
    // another account at the front does not shift the next page
    await server.domain.lifecycle.create({ profile: { firstName: 'ณัฐ', lastName: `${family}0` } });
    expect(await find(family, { after })).to.deep.equal(ids.slice(15));
  });

  it('finds nothing for what nobody has, and takes anything that can be typed', async () => {
    for (const q of [
      'nobody-has-this-name',
      '0',
      "' or 1=1 --",
      '%',
      '<script>',
      '๛'.repeat(500),
      '0000000000000',
    ])
      expect(await find(q), q).to.deep.equal([]);
    await support.open('/console/accounts');
    const { page } = await support.send('/console/accounts', { q: '<script>alert(1)</script>' });
    expect(page).to.not.include('<script>alert');
  });

  it('answers a NUL and a cursor of another list as invalid input', async () => {
    await support.open('/console/accounts');
    expect((await support.send('/console/accounts', { q: 'a\0b' })).status).to.be.oneOf([200, 400]);
    const list = await support.open('/console/accounts');
    const next = /href="\?after=([^"]+)"/.exec(list.page)?.[1] ?? 'nonsense';
    for (const after of [decodeURIComponent(next), 'nonsense']) {
      await support.open('/console/accounts');
      const { status, page } = await support.send('/console/accounts', { q: 'somchai', after });
      expect(status, after).to.equal(400);
      expect(page).to.include('class="console-nav"');
    }
    expect((await support.open('/console/accounts?after=nonsense')).status).to.equal(400);
    expect((await support.open('/console/accounts?status=suspended&after=%00')).status).to.equal(400);
  });

  it('does not find who is deleted', async () => {
    const { id, email } = await person(server);
    await server.domain.lifecycle.remove(id);
    for (const q of [email, String(id)]) expect(await find(q), q).to.deep.equal([]);
    const { status, page } = await support.open(`/console/accounts/${id}`);
    expect(status).to.equal(409);
    expect(page).to.include('The account has been deleted.');
  });

  it('is in the audit log for each account that it shows, with the operator and the request', async () => {
    const { id, email } = await person(server);
    for (const q of [email, String(id)]) await find(q);
    const { data } = await server.domain.auditSearch.page(
      { accountId: id, event: 'account.read' },
      { limit: 9 },
    );
    expect(data).to.have.length(2);
    for (const { actor, requestId } of data) {
      expect(actor).to.equal(`operator:${support.id}`);
      expect(requestId).to.match(/^[0-9a-f]{32}$/);
    }
    expect(JSON.stringify(data)).to.not.include(email);
  });

  it('puts nothing personal into an address', async () => {
    const { email } = await person(server);
    await support.open('/console/accounts');
    const { page } = await support.send('/console/accounts', { q: email });
    const addresses = [...page.matchAll(/(?:href|action)="([^"]+)"/g)].map(([, address]) => address);
    expect(addresses.length).to.be.above(10);
    for (const address of addresses) expect(decodeURIComponent(address ?? '')).to.not.include(email);
    // a search in the URL is ignored
    const { page: all } = await support.open(`/console/accounts?q=${encodeURIComponent(email)}`);
    expect(/name="q"[^>]*/.exec(all)?.[0]).to.include('value=""');
  });

  it('lists all by status, newest first', async () => {
    const { id } = await person(server);
    await server.domain.lifecycle.suspend(id);
    const { page } = await support.open('/console/accounts?status=suspended');
    expect(page).to.include(`/console/accounts/${id}"`);
    expect((await support.open('/console/accounts?status=pending')).page).to.not.include(`/accounts/${id}"`);
    expect((await support.open('/console/accounts?status=nonsense')).status).to.equal(200);
  });
});
