import { expect } from 'chai';
import type { Database } from '../../../src/db/database.ts';
import { DEMONSTRATION_CLIENTS } from '../../../src/domain/demonstration/demonstration.ts';
import { twoProcesses } from '../../concurrency/processes.ts';
import { newCode, redeem, refresh } from '../../concurrency/requests.ts';
import { BrowserAgent } from '../../support/browser-agent.ts';
import { startProcess } from '../../support/process.ts';
import { SOMCHAI, tokensByPassword } from '../../support/sign-in.ts';

const NATIONAL_ID = '1101700230708';

/** Every row of every table as text. Bytes are decoded, as they might be text. */
async function dump({ knex }: Database): Promise<string> {
  const { rows } = await knex.raw('select tablename from pg_tables where schemaname = current_schema()');
  const tables = (rows as { tablename: string }[]).map(({ tablename }) => tablename);
  const found: unknown[] = [];
  for (const table of tables) found.push(...(await knex(table).select()));
  return JSON.stringify(found, (_name, value: unknown) => {
    const { type, data } = (value ?? {}) as { type?: string; data?: number[] };
    return type === 'Buffer' && data ? Buffer.from(data).toString('latin1') : value;
  });
}

describe('secrets', () => {
  it('are in no row and no line of the log', async function () {
    this.timeout(60_000);
    const both = await twoProcesses();
    const talkative = await startProcess({ env: { LOG_LEVEL: 'trace' } });
    try {
      const agent = new BrowserAgent();
      const code = await newCode(talkative.url, agent, {
        scope: 'openid email offline_access',
        prompt: 'consent',
      });
      const { body } = await redeem(talkative.url, code);
      const rotated = await refresh(talkative.url, body.refresh_token ?? '');
      const direct = await tokensByPassword(talkative.url, { scope: 'openid global' });
      await redeem(talkative.url, code);
      const secrets = [
        SOMCHAI.password,
        NATIONAL_ID,
        code.code,
        code.verifier,
        body.access_token,
        body.refresh_token,
        body.id_token,
        rotated.accessToken,
        rotated.refreshToken,
        direct.access_token,
        direct.refresh_token,
        ...[...agent.cookies]
          .filter(([name]) => /^(sid|device|csrf)$/.test(name))
          .map(([, { value }]) => value),
        // 'secret' occurs in the names of many columns
        ...DEMONSTRATION_CLIENTS.flatMap((client) => Object.values(client.secrets)).filter(
          (one) => one !== 'secret',
        ),
      ];
      // the hints at a start in development contain the demonstration's password; they are not log lines
      const log = talkative
        .output()
        .split('\n')
        .filter((line) => line.startsWith('{'));
      const places = { tables: await dump(both.server.database), log: log.join('\n') };
      expect(places.tables).to.contain('somchai@example.com');
      expect(places.log).to.contain('/oauth/token');
      for (const [place, text] of Object.entries(places)) {
        for (const secret of secrets) {
          expect(secret, place).to.have.length.above(10);
          expect(text.includes(secret ?? ''), `${secret} in ${place}`).to.equal(false);
        }
      }
    } finally {
      await talkative.end();
      await both.end();
    }
  });
});
