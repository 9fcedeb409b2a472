import type { Socket } from 'node:net';
import { expect } from 'chai';
import type { PoolClient } from 'pg';
import { testDatabase } from '../support/database.ts';

/** The socket of a connection, which the types do not declare. */
const socketOf = (client: PoolClient): Socket =>
  (client as unknown as { connection: { stream: Socket } }).connection.stream;

describe('a connection that breaks between two statements of a transaction', () => {
  it('fails the next statement, and not the process', async () => {
    const { records } = await testDatabase();
    const client = await records.connect();
    try {
      await client.query('begin');
      // not `once`, which would listen for the error as well
      const ended = new Promise<void>((resume) => client.on('end', resume));
      socketOf(client).destroy();
      await ended;
      const error = await client.query('select 1').catch((caught: unknown) => caught);
      expect(error).to.be.instanceOf(Error);
    } finally {
      client.release(true);
    }
    expect((await records.query('select 1 as one')).rows).to.deep.equal([{ one: 1 }]);
  });
});
