import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { expect } from 'chai';
import { circuitBreaker } from '../../src/db/circuit-breaker.ts';
import { openDatabase } from '../../src/db/database.ts';
import { runQuery } from '../../src/db/run-query.ts';
import { AppError } from '../../src/errors/app-error.ts';
import { testConfig } from '../support/config.ts';
import { testDatabase } from '../support/database.ts';

const codeOf = async (work: () => Promise<unknown>): Promise<string | undefined> => {
  const error = await work().catch((caught: unknown) => caught);
  return error instanceof AppError ? error.code : undefined;
};

describe('a database that does not respond', () => {
  it('counts as gone for half a second', () => {
    let now = 1000;
    const { note, refuse } = circuitBreaker({ now: () => now });
    note(new Error('Query read timeout'));
    expect(refuse).to.throw(AppError).with.property('code', 'UNAVAILABLE');
    now = 1499;
    expect(refuse).to.throw(AppError);
    now = 1500;
    refuse();
  });

  it('does not include one that refuses, or whose pool is full', () => {
    const { note, refuse } = circuitBreaker({ now: () => 0 });
    for (const message of [
      'connect ECONNREFUSED 127.0.0.1:5432',
      'Connection terminated unexpectedly',
      'canceling statement due to statement timeout',
      'timeout exceeded when trying to connect',
    ])
      note(new Error(message));
    note(undefined);
    refuse();
  });

  it('is not waited for again on the same connection', async () => {
    const { knex } = await testDatabase();
    const connection = await knex.client.acquireConnection();
    try {
      const query = () => codeOf(async () => knex.raw('select 1').connection(connection));
      expect(await query()).to.equal(undefined);
      for (const mark of [new Error('Query read timeout'), 'Connection ended unexpectedly']) {
        connection.__knex__disposed = mark;
        expect(await query()).to.equal('UNAVAILABLE');
      }
    } finally {
      await knex.client.releaseConnection(connection);
    }
  });

  it('makes one request wait, and not each statement of every request', async () => {
    let connections = 0;
    const sockets: Socket[] = [];
    const mute = createServer((socket) => {
      connections += 1;
      sockets.push(socket);
    });
    await once(mute.listen(0, '127.0.0.1'), 'listening');
    const { port } = mute.address() as AddressInfo;
    const url = `postgres://nobody@127.0.0.1:${port}/nothing`;
    const { database: settings } = await testConfig();
    const database = await openDatabase(
      { ...settings, url, acquireTimeoutMs: 300 },
      // the time is constant, however busy the machine is
      circuitBreaker({ now: () => 0 }),
    );
    const query = runQuery(database);
    try {
      expect(await codeOf(() => query('one', 'select 1', []))).to.equal('UNAVAILABLE');
      const tried = connections;
      for (let time = 0; time < 5; time += 1) {
        expect(await codeOf(() => query('one', 'select 1', []))).to.equal('UNAVAILABLE');
        expect(await codeOf(async () => database.knex.raw('select 1'))).to.equal('UNAVAILABLE');
      }
      expect([tried, connections]).to.deep.equal([1, 1]);
    } finally {
      for (const socket of sockets) socket.destroy();
      mute.close();
      await database.close();
    }
  });
});
