import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { parse } from 'yaml';
import { configSchema } from '../../src/config/config.ts';
import { command } from '../support/command.ts';
import { emptyTables, testDatabase } from '../support/database.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { commandsOf, shellBlocks, wordsOf } from './shell-blocks.ts';

const read = (page: string): Promise<string> =>
  readFile(new URL(`../../docs/${page}`, import.meta.url), 'utf8');

/** The minimum output of each command. `doctor` fails where no server runs for the issuer, as in this test. */
const PAGES: Record<string, Record<string, RegExp>> = {
  'connect.md': {
    'client create --id my-app': /client_secret|secret/,
    'client show my-app': /http:\/\/localhost:8080\/callback/,
  },
  'troubleshooting.md': {
    doctor: /database/,
    trace: /wrong_password/,
    'audit --limit': /sign_in\.failed/,
    'account history 0812345678': /password/i,
    'account show 0812345678': /somchai@example\.com/,
    'account unlock 0812345678': /\S/,
    'client show my-app': /my-app/,
    'client update my-app': /\S/,
  },
  'upgrading.md': {
    'migrate --plan': /\S/,
    migrate: /\S/,
    doctor: /migrations/,
  },
};

describe('the commands of the pages for operators', () => {
  let server: TestServer;
  let requestId = '';
  before(async function () {
    this.timeout(120_000);
    await emptyTables(await testDatabase());
    server = await startServer();
    const refused = await fetch(`${server.url}/oauth/token`, {
      method: 'POST',
      headers: { Authorization: `Basic ${Buffer.from('client:secret').toString('base64')}` },
      body: new URLSearchParams({ grant_type: 'password', username: '0812345678', password: 'wrong' }),
    });
    expect(refused.status).to.equal(400);
    requestId = refused.headers.get('x-request-id') ?? '';
    // the log line is written after the response
    await pause(50);
    await server.domain.refusedRequests.flush();
  });
  after(() => server?.stop());

  for (const [page, expected] of Object.entries(PAGES))
    it(`docs/${page} work as they stand there`, async () => {
      const blocks = shellBlocks(await read(page));
      const lines = (await Promise.all(blocks.map(commandsOf))).flat();
      const seen = new Set<string>();
      for (const line of lines) {
        const words = wordsOf(line.replace('REQUEST_ID', requestId));
        expect(words.slice(0, 5).join(' ')).to.equal('npm run -s pratu --');
        const args = words.slice(5);
        const { code, stdout, stderr } = await command(args);
        if (args[0] !== 'doctor') expect(code, `${line}: ${stderr}`).to.equal(0);
        const name = Object.keys(expected)
          .filter((begin) => args.join(' ').startsWith(begin))
          .sort((a, b) => b.length - a.length)[0];
        expect(name, line).to.be.a('string');
        expect(stdout + stderr, line).to.match(expected[name ?? ''] ?? /$^/);
        seen.add(name ?? '');
      }
      expect([...seen]).to.have.members(Object.keys(expected));
    }).timeout(120_000);

  it('and their settings are settings', async () => {
    for (const page of ['branding.md', 'security.md']) {
      const [, yaml = ''] = /```yaml\n(.*?)```/s.exec(await read(page)) ?? [];
      const own = parse(yaml) as Record<string, unknown>;
      expect(Object.keys(own)).to.have.length(1);
      const [[slice = '', settings] = []] = Object.entries(own);
      const schema = configSchema.shape[slice as 'pages' | 'securityTxt'];
      expect(schema.safeParse(settings).error?.issues, page).to.equal(undefined);
    }
  });
});
