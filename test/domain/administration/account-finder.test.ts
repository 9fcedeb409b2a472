import { expect } from 'chai';
import { cardNumber } from '../../../src/domain/accounts/account.ts';
import { accountFinder } from '../../../src/domain/administration/account-finder.ts';
import { planNodes } from '../../support/plan.ts';
import { codeOf, type EmptyDomain, emptyDomain } from '../empty-domain.ts';

const MOBILE = '0812345678';

describe('the search for whatever an operator was told', () => {
  let domain: EmptyDomain;

  before(async () => {
    domain = await emptyDomain();
  });

  beforeEach(() => domain.empty());

  after(() => domain.leave());

  const find = async (text: string, limit = 25): Promise<number[]> =>
    (await domain.accountFinder.find(text, { limit })).data.map(({ id }) => id);

  it('lists an account once, whatever matches it, and exact matches before names', async () => {
    const { id } = await domain.lifecycle.create({
      externalId: MOBILE,
      profile: { firstName: 'Nok', lastName: 'Dee' },
      contacts: [{ kind: 'mobile', value: MOBILE, verified: true }],
    });
    const named = await domain.lifecycle.create({ profile: { firstName: MOBILE, lastName: 'Dee' } });
    expect(await find(MOBILE)).to.deep.equal([id, named.id]);
    expect(await find(` ${MOBILE} `)).to.deep.equal([id, named.id]);
  });

  it('takes a number for an account ID, a card and a mobile at once', async () => {
    const one = await domain.lifecycle.create({ profile: { firstName: 'A', lastName: 'B' } });
    const account = await domain.accounts.find(one.id);
    const card = account?.card ? cardNumber(account.card) : '';
    expect(await find(card)).to.deep.equal([one.id]);
    expect(await find(String(one.id))).to.deep.equal([one.id]);
    const other = await domain.lifecycle.create({ externalId: String(one.id) });
    expect(await find(String(one.id))).to.deep.equal([one.id, other.id]);
  });

  it('pages through names only', async () => {
    for (let index = 0; index < 5; index += 1)
      await domain.lifecycle.create({ profile: { firstName: 'สมชาย', lastName: `ก${index}` } });
    const first = await domain.accountFinder.find('สมชาย', { limit: 3 });
    const rest = await domain.accountFinder.find('สมชาย', { limit: 3, after: first.next ?? '' });
    expect([first.data.length, rest.data.length, rest.next]).to.deep.equal([3, 2, null]);
    expect(await codeOf(domain.accountFinder.find('สมชาย', { limit: 3, after: 'nonsense' }))).to.equal(
      'INVALID_CURSOR',
    );
    expect(await codeOf(domain.accountFinder.find('other', { limit: 3, after: first.next ?? '' }))).to.equal(
      'INVALID_CURSOR',
    );
  });

  it('reads no table from end to end, whatever is typed', async () => {
    const { knex } = domain.database;
    const statements = new Map<string, readonly unknown[]>();
    const note = ({ sql, bindings }: { sql: string; bindings: readonly unknown[] }): void => {
      if (/^\s*(select|\()/i.test(sql)) statements.set(sql.replaceAll(/\$\d+/g, '?'), bindings);
    };
    const { id } = await domain.lifecycle.create({
      contacts: [{ kind: 'mobile', value: MOBILE, verified: true }],
    });
    knex.on('query', note);
    for (const typed of ['สมชาย', MOBILE, 'nok@example.com', '1101700230708', 'crm-7', String(id)])
      await find(typed);
    knex.off('query', note);
    expect(statements.size).to.be.at.least(4);
    for (const [sql, values] of statements) {
      const nodes = await planNodes(knex, sql, values);
      expect(nodes, sql).to.not.match(/Seq Scan/);
    }
  });

  it('fails once when the database fails, and leaves no unhandled rejection', async () => {
    const unhandled: unknown[] = [];
    const note = (error: unknown): void => void unhandled.push(error);
    process.on('unhandledRejection', note);
    const broken = accountFinder({
      listing: {
        search: async (by) => {
          // the search by name is the last one to fail
          await new Promise((resolve) => setTimeout(resolve, by === 'name' ? 20 : 1));
          throw new Error(`no database for ${by}`);
        },
      },
      reads: { find: () => Promise.reject(new Error('no database')) },
    });
    expect(await codeOf(broken.find('สมชาย', { limit: 5 }))).to.match(/no database/);
    await new Promise((resolve) => setTimeout(resolve, 40));
    process.off('unhandledRejection', note);
    expect(unhandled).to.deep.equal([]);
  });
});
