import { expect } from 'chai';
import pg from 'pg';
import { APP, basic } from '../../bench/clients.ts';
import { PERSON } from '../../bench/person.ts';
import { signInSteps, walk } from '../../bench/sign-in.ts';
import { createClient } from '../support/clients.ts';
import { startServer, type TestServer } from '../support/server.ts';

/** Statements of other servers in this process may come between: the least of so many is that of the request alone. */
const TIMES = 5;

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
      statements.push(typeof asked === 'string' ? asked : asked.text);
      return Reflect.apply(query, this, args);
    } as typeof query;
  });
  after(async () => {
    pg.Client.prototype.query = query;
    await server.stop();
  });

  /** The statements of the try that had the fewest. */
  async function leastOf(request: () => Promise<unknown>): Promise<string[]> {
    // what is cached is read, and where the person signs in from is recorded
    await request();
    let least: string[] | undefined;
    for (let time = 0; time < TIMES; time += 1) {
      statements = [];
      await request();
      if (!least || statements.length < least.length) least = statements;
    }
    return least ?? [];
  }

  it('are at most seven for a password grant', async () => {
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
    expect(least, least.join('\n')).to.have.length.at.most(7);
  });

  it('are at most twenty for a sign-in by page in a new browser', async () => {
    const least = await leastOf(() => walk(server.url, signInSteps(PERSON)));
    expect(least, least.join('\n')).to.have.length.at.most(20);
  });
});
