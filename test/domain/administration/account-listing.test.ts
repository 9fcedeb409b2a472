import { expect } from 'chai';
import { cardNumber } from '../../../src/domain/accounts/account.ts';
import type { Searched } from '../../../src/domain/administration/account-listing.ts';
import { byNameSql, listQuery } from '../../../src/domain/administration/account-listing-store.ts';
import { inRequestContext } from '../../../src/lib/request-context.ts';
import { planNodes } from '../../support/plan.ts';
import { codeOf, type EmptyDomain, emptyDomain } from '../empty-domain.ts';

const NATIONAL_ID = '1101700230708';

describe('operators find accounts', () => {
  let domain: EmptyDomain;

  before(async () => {
    domain = await emptyDomain();
  });

  beforeEach(() => domain.empty());

  after(() => domain.leave());

  const person = async (firstName: string, lastName: string): Promise<number> =>
    (await domain.lifecycle.create({ profile: { firstName, lastName } })).id;

  const search = async (by: Searched, value: string): Promise<number[]> =>
    (await domain.accountListing.search(by, value, { limit: 50 })).data.map(({ id }) => id);

  it('by the beginning of a given or family name, in Thai and whatever the case', async () => {
    const somchai = await person('สมชาย', 'ใจดี');
    const somsri = await person('อรุณ', 'สมศรี');
    const both = await person('สมบัติ', 'สมบูรณ์');
    const anna = await person('Anna', 'Émile');
    expect(await search('name', 'สม')).to.have.members([somchai, somsri, both]);
    expect(await search('name', 'สมช')).to.deep.equal([somchai]);
    expect(await search('name', ' ANN')).to.deep.equal([anna]);
    expect(await search('name', '%a')).to.deep.equal([]);
    expect(await codeOf(search('name', 'ส'))).to.equal('PREFIX_TOO_SHORT');
  });

  it('by any spelling of a unique identifier', async () => {
    const { id, card } = await domain.lifecycle.create({
      nationalId: NATIONAL_ID,
      externalId: 'crm-7',
      contacts: [
        { kind: 'mobile', value: '0812345678', verified: true },
        { kind: 'email', value: 'Nok@example.com', verified: false },
      ],
    });
    const number = card ? cardNumber(card) : '';
    const spellings: [Searched, string][] = [
      ['mobile', '+66 81-234-5678'],
      ['mobile', '๐๘๑๒๓๔๕๖๗๘'],
      ['email', 'nok@EXAMPLE.com'],
      ['card_number', `${number.slice(0, 4)} ${number.slice(4)}`],
      ['thai_id', '1-1017-00230-70-8'],
      ['external_id', 'crm-7'],
    ];
    for (const [by, value] of spellings) expect(await search(by, value), value).to.deep.equal([id]);
    const wrong: [Searched, string, string][] = [
      ['mobile', '123', 'INVALID_MOBILE'],
      ['email', 'nok', 'INVALID_EMAIL'],
      ['card_number', '12', 'INVALID_CARD_NUMBER'],
      ['thai_id', '1101700230709', 'INVALID_NATIONAL_ID'],
      ['external_id', ' ', 'INVALID_EXTERNAL_ID'],
    ];
    for (const [by, value, code] of wrong) expect(await codeOf(search(by, value)), by).to.equal(code);
  });

  it('page by page, each once, while others are added', async () => {
    const ids: number[] = [];
    for (let index = 0; index < 7; index += 1) ids.push(await person('สมชาย', `ก${'ข'.repeat(index + 1)}`));
    for (const read of [
      (after?: string) => domain.accountListing.search('name', 'สมชาย', { limit: 3, after }),
      (after?: string) => domain.accountListing.list({}, { limit: 3, after }),
    ]) {
      const seen: number[] = [];
      let after: string | undefined;
      do {
        const page = await read(after);
        seen.push(...page.data.map(({ id }) => id));
        after = page.next ?? undefined;
        await person('อื่น', 'คน');
      } while (after !== undefined);
      expect(seen.filter((id) => ids.includes(id))).to.have.members(ids);
      expect(new Set(seen).size).to.equal(seen.length);
    }
  });

  it('with cursors of their own list only', async () => {
    for (let index = 0; index < 3; index += 1) await person('สมชาย', 'ใจดี');
    const { next } = await domain.accountListing.list({}, { limit: 1 });
    const after = next as string;
    const { accountListing } = domain;
    expect(await codeOf(accountListing.list({ status: 'active' }, { limit: 1, after }))).to.equal(
      'INVALID_CURSOR',
    );
    expect(await codeOf(accountListing.search('name', 'สม', { limit: 1, after }))).to.equal('INVALID_CURSOR');
    expect(await codeOf(accountListing.list({}, { limit: 1, after: 'nonsense' }))).to.equal('INVALID_CURSOR');
  });

  it('by status and time, newest first', async () => {
    const [one, two] = [await person('ก', 'ก'), await person('ข', 'ข')];
    await domain.lifecycle.suspend(one);
    const list = async (filter: Parameters<typeof domain.accountListing.list>[0]) =>
      (await domain.accountListing.list(filter, { limit: 10 })).data.map(({ id }) => id);
    expect(await list({})).to.deep.equal([two, one]);
    expect(await list({ status: 'suspended' })).to.deep.equal([one]);
    expect(await list({ createdBefore: new Date('2000-01-01') })).to.deep.equal([]);
    expect(await list({ createdAfter: new Date('2000-01-01') })).to.have.length(2);
    await domain.lifecycle.remove(one);
    expect(await list({})).to.deep.equal([two]);
    expect(await list({ status: 'deleted' })).to.deep.equal([one]);
  });

  it('and each one that is found has an event with who searched', async () => {
    const id = await person('สมชาย', 'ใจดี');
    await inRequestContext({ requestId: 'r-7', actor: 'operator:1' }, () => search('name', 'สมชาย'));
    const { data } = await domain.auditSearch.page({ accountId: id, event: 'account.read' }, { limit: 5 });
    expect(data).to.have.length(1);
    expect(data[0]).to.deep.include({ actor: 'operator:1', requestId: 'r-7', details: { by: 'name' } });
  });

  it('from an index, never by reading the table', async () => {
    const { knex } = domain.database;
    const after = ['2026-01-01', 7] as const;
    const statements: [string, object | readonly unknown[]][] = [
      [byNameSql(false), { prefix: 'สม', limit: 51 }],
      [byNameSql(true), { prefix: 'สม', limit: 51, key: 'สมชาย', id: 7 }],
    ];
    for (const filter of [
      {},
      { status: 'suspended' },
      { createdAfter: new Date(), createdBefore: new Date() },
    ])
      for (const position of [undefined, after]) {
        const { sql, bindings } = listQuery(knex, filter as never, 51, position).toSQL();
        statements.push([sql, bindings]);
      }
    statements.push(
      [`select account_id from contacts where kind = ? and key = ? limit 5`, ['mobile', '+66812345678']],
      [`select id from accounts where external_id = ?`, ['crm-7']],
      [`select id from accounts where national_id_digest = any(?)`, [[Buffer.alloc(32)]]],
      [`select account_id from cards where id = ?`, [7]],
    );
    for (const [sql, values] of statements) {
      const types = await planNodes(knex, sql, values);
      expect(types, sql)
        .to.match(/Index/)
        .and.not.match(/Seq Scan/);
      // a sort of all matches would read all of them
      if (!sql.includes('contacts')) expect(types, sql).to.not.match(/(^| )Sort/);
    }
  });
});
