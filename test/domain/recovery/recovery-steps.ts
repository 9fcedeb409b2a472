import { randomInt } from 'node:crypto';
import type { NewContact } from '../../../src/domain/contacts/contacts.ts';
import { randomHex } from '../../../src/lib/ids.ts';
import type { EmptyDomain } from '../empty-domain.ts';

export const PASSWORD = 'correct-horse-battery';

export const newEmail = (): string => `somebody-${randomHex(64)}@example.com`;

/** A caller in a network of its own. */
export const caller = () => ({
  address: `2001:db8:${randomInt(65_536).toString(16)}:${randomInt(65_536).toString(16)}::1`,
});

export const emailContact = (value: string, verified: boolean): NewContact => ({
  kind: 'email',
  value,
  verified,
});

export const mobileContact = (verified: boolean): NewContact => ({
  kind: 'mobile',
  value: `+6689${String(randomInt(10_000_000)).padStart(7, '0')}`,
  verified,
});

/** The texts that were mailed to an address, newest first. */
export const mailsTo = async ({ outbox }: Pick<EmptyDomain, 'outbox'>, to: string): Promise<string[]> =>
  (await outbox.list({ to, limit: 100 })).map(({ text }) => text);

/** `identifier`, `secret`, `key` or `code` of the link in a mail. */
export function valueIn(text: string | undefined, name: string): string {
  const [link] = /^https?:\/\/\S+$/m.exec(text ?? '') ?? [];
  if (!link) return '';
  const { pathname, searchParams } = new URL(link);
  return name === 'code' ? (/\/([A-Z0-9]{10})$/.exec(pathname)?.[1] ?? '') : (searchParams.get(name) ?? '');
}

/** The newest value of that name in the mails to an address; empty when no mail has one. */
export const mailed = async (
  domain: Pick<EmptyDomain, 'outbox'>,
  to: string,
  name: string,
): Promise<string> => (await mailsTo(domain, to)).map((text) => valueIn(text, name)).find(Boolean) ?? '';

/** The statements that `work` runs, without their values. */
export async function statementsOf(
  { database: { knex, records } }: Pick<EmptyDomain, 'database'>,
  work: () => Promise<unknown>,
): Promise<string[]> {
  const statements: string[] = [];
  const note = ({ sql }: { sql: string }): void => void statements.push(sql.replaceAll(/trx\d+/g, 'trx'));
  const query = records.query.bind(records);
  knex.on('query', note);
  Object.assign(records, {
    query: (statement: { text: string }) => {
      statements.push(statement.text);
      return query(statement);
    },
  });
  try {
    await work();
  } finally {
    knex.removeListener('query', note);
    Object.assign(records, { query });
  }
  return statements;
}
