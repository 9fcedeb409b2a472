import { expect } from 'chai';
import { parseEmail } from '../../../../src/domain/values/email.ts';
import { codeOf, type EmptyDomain, emptyDomain } from '../../empty-domain.ts';
import { caller, emailContact, newEmail } from '../../recovery/recovery-steps.ts';
import { addressee, ask, newBrowser } from './email-steps.ts';

describe('a code by e-mail', () => {
  let domain: EmptyDomain;
  before(async () => {
    domain = await emptyDomain();
  });
  after(() => domain.leave());

  /** The statements that some work runs, without their values. */
  async function statementsOf(work: () => Promise<unknown>): Promise<string[]> {
    const statements: string[] = [];
    const note = ({ sql }: { sql: string }): void => void statements.push(sql.replaceAll(/trx\d+/g, 'trx'));
    const { knex } = domain.database;
    const query = domain.database.records.query.bind(domain.database.records);
    knex.on('query', note);
    Object.assign(domain.database.records, {
      query: (statement: { text: string }) => {
        statements.push(statement.text);
        return query(statement);
      },
    });
    try {
      await work();
    } finally {
      knex.removeListener('query', note);
      Object.assign(domain.database.records, { query });
    }
    return statements;
  }

  /** An address that gets a code, followed by one of each kind that gets none. */
  async function addresses() {
    const unverified = newEmail();
    await domain.lifecycle.create({ contacts: [emailContact(unverified, false)] });
    const suspended = await addressee(domain);
    await domain.lifecycle.suspend(suspended.id);
    return [(await addressee(domain)).email, newEmail(), unverified, suspended.email];
  }

  it('is the same work to send for every address, and past the pause', async () => {
    const [known = '', ...others] = await addresses();
    for (const pause of [false, true]) {
      const expected = await statementsOf(() => codeOf(ask(domain, known)));
      if (!pause) {
        expect(expected.some((sql) => sql.includes('insert into outbox'))).to.equal(true);
        expect(expected.some((sql) => sql.includes('insert into "one_time_codes"'))).to.equal(true);
      }
      for (const other of others)
        expect(await statementsOf(() => codeOf(ask(domain, other)))).to.deep.equal(expected);
    }
  });

  it('is the same work to guess for every address', async () => {
    const [known = '', ...others] = await addresses();
    const guessed = async (email: string): Promise<string[]> => {
      const [browser, origin] = [newBrowser(), caller()];
      await ask(domain, email, { browser, address: origin.address });
      const key = parseEmail(email)?.key ?? '';
      const attempt = { email: key, code: '123456', browser, origin };
      // the first attempt also inserts the rows that the network does not have yet
      await codeOf(domain.emailCode.verify(attempt));
      return (await statementsOf(() => codeOf(domain.emailCode.verify(attempt)))).toSorted();
    };
    const expected = await guessed(known);
    for (const other of others) expect(await guessed(other)).to.deep.equal(expected);
  });
});
