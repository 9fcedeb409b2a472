import { expect } from 'chai';
import pg from 'pg';
import { APP, basic } from '../../bench/clients.ts';
import { PERSON } from '../../bench/person.ts';
import { signInSteps, walk } from '../../bench/sign-in.ts';
import { requestContext } from '../../src/lib/request-context.ts';
import { createClient } from '../support/clients.ts';
import { startServer, type TestServer } from '../support/server.ts';

/**
 * The number of repetitions. Values that are cached at the first one are not read again, so the lowest count is
 * used.
 */
const TIMES = 5;
/** Statements that several requests share run in the context of none of them. */
const SHARED = /= any\(\$1::(uuid|bigint)\[\]\)|json_to_recordset\(\$1::json\)/;

describe('statements for a request', () => {
  let server: TestServer;
  let authorization = '';
  let statements: string[] = [];
  const { query } = pg.Client.prototype;

  before(async () => {
    server = await startServer();
    const { id, secret } = await createClient(server, APP as Parameters<typeof createClient>[1]);
    authorization = basic({ client_id: id, client_secret: secret });
    pg.Client.prototype.query = function noted(this: pg.Client, ...args: unknown[]) {
      const [asked] = args as [string | { text: string }];
      const text = typeof asked === 'string' ? asked : asked.text;
      // jobs of servers in this process run statements as well
      if (requestContext().requestId !== undefined || SHARED.test(text)) statements.push(text);
      return Reflect.apply(query, this, args);
    } as typeof query;
  });
  after(async () => {
    pg.Client.prototype.query = query;
    await server.stop();
  });

  /** The statements of the repetition that had the fewest. */
  async function leastOf(request: () => Promise<unknown>): Promise<string[]> {
    // the first request reads what is cached, and records the place of the sign-in
    await request();
    let least: string[] | undefined;
    for (let time = 0; time < TIMES; time += 1) {
      statements = [];
      await request();
      if (!least || statements.length < least.length) least = statements;
    }
    return least ?? [];
  }

  it('are at most four for a password grant', async () => {
    const body = new URLSearchParams({
      grant_type: 'password',
      username: PERSON.login,
      password: PERSON.password,
      scope: 'openid',
    });
    const least = await leastOf(async () => {
      const answer = await fetch(`${server.url}/oauth/token`, {
        method: 'POST',
        headers: { authorization },
        body,
      });
      expect(answer.status).to.equal(200);
    });
    expect(least, least.join('\n')).to.have.length.within(3, 4);
  });

  it('are at most eleven for a sign-in by page in a new browser', async () => {
    const least = await leastOf(() => walk(server.url, signInSteps(PERSON)));
    expect(least, least.join('\n')).to.have.length.within(9, 11);
  });
});
