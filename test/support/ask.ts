import pg from 'pg';
import type { Access } from '../../src/db/embedded-access.ts';

/** The rows of a statement, as arrays, on a connection to the embedded database that is closed afterwards. */
export async function ask(access: Access, statement: string): Promise<unknown[]> {
  const client = new pg.Client(access);
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query({ text: statement, rowMode: 'array' })).rows;
  } finally {
    await client.end();
  }
}
