import pg from 'pg';
import type { Access } from '../../src/db/embedded-access.ts';

/** Runs a statement on a new connection to the embedded database and returns its rows as arrays. */
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
