import { expect } from 'chai';
import pg from 'pg';
import { connectionOf } from '../../src/db/connection.ts';
import { BrowserAgent } from '../support/browser-agent.ts';
import { testConfig } from '../support/config.ts';
import { testPlace } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { type FreshServer, freshServer } from './fresh-server.ts';
import { type Code, newCode, redeem, userinfoStatus } from './requests.ts';

const GATE = 7_246_999;

// the embedded database has one session, in which nothing is committed while another statement runs
if (process.env.DATABASE_URL) {
  describe('a commit that PostgreSQL holds back, as while a synchronous standby is gone', () => {
    const agent = new BrowserAgent();
    let server: FreshServer;
    let gate: pg.Client;

    before(async () => {
      server = await freshServer({ database: { statementTimeoutMs: 3000, lockTimeoutMs: 1000 } });
      const { url } = await testPlace();
      gate = new pg.Client(connectionOf({ ...(await testConfig()).database, url }));
      await gate.connect();
      // runs at the commit: its rows are locked, and not yet visible
      await server.database.knex.raw(`create function test_wait() returns trigger language plpgsql as $$
        begin
          while not pg_try_advisory_xact_lock_shared(${GATE}) loop perform pg_sleep(0.02); end loop;
          return null;
        end $$`);
      await server.database.knex.raw(`create constraint trigger test_wait after insert on records
        deferrable initially deferred for each row when (new.kind = 'AccessToken') execute function test_wait()`);
    });

    after(async () => {
      await gate.end();
      await recovered();
      await server.database.knex.raw('drop trigger test_wait on records');
      await server.database.knex.raw('drop function test_wait');
      await server.leave();
    });

    const hold = (): Promise<unknown> => gate.query(`select pg_advisory_lock(${GATE})`);
    const release = (): Promise<unknown> => gate.query(`select pg_advisory_unlock(${GATE})`);

    /** A statement that timed out counts as an outage for half a second. */
    const recovered = (): Promise<void> =>
      eventually(async () => expect((await fetch(`${server.url}/ready`)).status).to.equal(200));

    /** Exchanges the code until the response is not a 503. */
    async function untilDecided(code: Code): ReturnType<typeof redeem> {
      for (;;) {
        const answer = await redeem(server.url, code);
        if (answer.status !== 503) return answer;
      }
    }

    it('is answered 503 in time, and undone when it comes through: the retry gets tokens', async function () {
      this.timeout(60_000);
      const earlier = [await redeem(server.url, await newCode(server.url, agent))];
      const code = await newCode(server.url, agent);
      await hold();
      const began = performance.now();
      const refused = await redeem(server.url, code);
      const took = performance.now() - began;
      expect(refused.status).to.equal(503);
      expect(took).to.be.within(2000, 4000);
      expect(refused.headers.get('retry-after')).to.equal('1');

      const retry = untilDecided(code);
      await new Promise((resume) => setTimeout(resume, 500));
      await release();
      const { status, body } = await retry;
      expect(status).to.equal(200);
      await recovered();
      for (const token of [body, ...earlier.map((one) => one.body)])
        expect(await userinfoStatus(server.url, token.access_token)).to.equal(200);
      // the client received this one, so a further exchange is reuse
      expect((await redeem(server.url, code)).body.error).to.equal('invalid_grant');
      expect(await userinfoStatus(server.url, body.access_token)).to.equal(401);
      expect(await userinfoStatus(server.url, earlier[0]?.body.access_token ?? '')).to.equal(200);
    });

    it('is undone although the first try to do so is cut off, as by a switchover', async function () {
      this.timeout(60_000);
      await recovered();
      const code = await newCode(server.url, agent);
      await hold();
      expect((await redeem(server.url, code)).status).to.equal(503);
      await eventually(async () => {
        const { rows } = await gate.query(`select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock' and query like 'select 1 from records%'`);
        expect(rows).to.have.length(1);
      });
      await release();
      await recovered();
      const { status, body } = await untilDecided(code);
      expect(status).to.equal(200);
      expect(await userinfoStatus(server.url, body.access_token)).to.equal(200);
    });

    it('leaves no token of a response that the client never received', async function () {
      this.timeout(60_000);
      const { knex } = server.database;
      const tokens = async (): Promise<number> =>
        Number((await knex('records').where('kind', 'AccessToken').count())[0]?.count);
      await recovered();
      const code = await newCode(server.url, agent);
      const before = await tokens();
      await hold();
      expect((await redeem(server.url, code)).status).to.equal(503);
      await release();
      // the token becomes visible, and is undone
      await eventually(async () => {
        const { rows } = await knex.raw(
          `select count(*)::int as waiting from pg_stat_activity where datname = current_database()
          and state = 'active' and pid <> pg_backend_pid() and query not like '%pg_stat_activity%'`,
        );
        expect({ ...rows[0], tokens: await tokens() }).to.deep.equal({ waiting: 0, tokens: before });
      });
      await recovered();
      expect((await redeem(server.url, code)).status).to.equal(200);
    });
  });
}
