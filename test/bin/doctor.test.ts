import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Check } from '../../src/bin/doctor/check.ts';
import type { Database } from '../../src/db/database.ts';
import { signingKeys } from '../../src/domain/signing-keys/signing-keys.ts';
import { keyring } from '../../src/lib/keyring.ts';
import { atEnd } from '../support/at-end.ts';
import { setClock } from '../support/clock.ts';
import { command } from '../support/command.ts';
import { testConfig } from '../support/config.ts';
import { testDatabase } from '../support/database.ts';
import { freePort } from '../support/free-port.ts';
import { localServer } from '../support/local-server.ts';
import { smtpServer } from '../support/smtp-server.ts';

/** The doctor's findings by name, and its exit code. */
async function examined(
  env: Record<string, string>,
): Promise<{ code: number | null; found: Map<string, Check> }> {
  const port = String(await freePort());
  const { code, stdout } = await command(['doctor', '--json'], { env: { PORT: port, ...env } });
  const { checks } = JSON.parse(stdout) as { checks: Check[] };
  return { code, found: new Map(checks.map((check) => [check.name, check])) };
}

/** Sets the clock of the database, and not that of this process. */
async function setAhead(database: Database, seconds: number): Promise<void> {
  const { now } = Date;
  await setClock(database, seconds);
  Date.now = now;
}

describe('pratu doctor', () => {
  before(async () => {
    const { knex } = await testDatabase();
    await signingKeys({ db: knex, keyring: keyring((await testConfig()).secrets.keys) }).ensure();
  });

  it('lists every problem of the settings with its cure', async () => {
    const { code, stdout } = await command(['doctor'], {
      env: { NODE_ENV: 'production', ISSUER: 'http://a.example' },
    });
    expect(code).to.equal(1);
    expect(stdout).to.match(/^fail {2}configuration: ISSUER.*\n {6}→ /m);
  });

  it('adds up the connections of all workers, on a server', async () => {
    const { found } = await examined({ WORKERS: '200' });
    // the embedded database has one session for any number of connections
    const expected = process.env.DATABASE_URL ? 'warn' : undefined;
    expect(found.get('database connections')?.status).to.equal(expected);
    const one = (await examined({})).found.get('database connections')?.status;
    expect(one).to.equal(process.env.DATABASE_URL ? 'ok' : undefined);
  });

  it('warns in development when no server runs, and is content with the rest', async () => {
    const { found } = await examined({});
    expect(found.get('issuer')).to.include({ status: 'warn' });
    const well = [
      'configuration',
      'database version',
      'migrations',
      'clock',
      'signing keys',
      'key age',
      'mail',
      'sms',
    ];
    for (const name of [...well, 'demonstration secrets', 'secret key']) {
      expect(found.get(name), name).to.include({ status: 'ok' });
    }
  });

  it('tells that another program has the port', async () => {
    const { url } = await localServer(() => ({ hello: 'there' }));
    const { code, found } = await examined({ PORT: new URL(url).port });
    expect(code).to.equal(1);
    expect(found.get('issuer')?.message).to.include('does not come from this server');
  });

  it('measures the clock against the database', async () => {
    const database = await testDatabase();
    await setAhead(database, 10);
    expect((await examined({})).found.get('clock')).to.include({ status: 'warn' });
    await setAhead(database, 60);
    const { code, found } = await examined({});
    expect(code).to.equal(1);
    expect(found.get('clock')).to.include({ status: 'fail' });
  });

  it('tries the mail server and looks the SMS gateway up', async () => {
    const mail = await smtpServer();
    const good = await examined({ SMTP_URL: mail.url, SMS_URL: 'http://localhost:1/send' });
    await mail.close();
    expect(good.found.get('mail')).to.include({ status: 'ok' });
    expect(good.found.get('sms')).to.include({ status: 'ok' });

    const bad = await examined({
      SMTP_URL: `smtp://user:hidden@127.0.0.1:${await freePort()}`,
      SMS_URL: 'https://gateway.invalid/send',
    });
    expect(bad.code).to.equal(1);
    expect(bad.found.get('mail')).to.include({ status: 'fail' });
    expect(bad.found.get('mail')?.message).to.include('ESOCKET').and.not.include('hidden');
    expect(bad.found.get('sms')?.message).to.include('cannot resolve gateway.invalid');
  });

  it('refuses an SMS gateway and a Graph API where the sender would', async () => {
    const refused = await examined({
      SMS_URL: 'http://10.20.30.40:8080/sms',
      FACEBOOK_APP_ID: '1',
      FACEBOOK_APP_SECRET: 'hidden',
      FACEBOOK_GRAPH_URL: 'https://10.20.30.41/graph',
    });
    expect(refused.code).to.equal(1);
    expect(refused.found.get('sms')).to.include({ status: 'fail' });
    expect(refused.found.get('sms')?.message).to.include('10.20.30.40 is a private address');
    expect(refused.found.get('sms')?.mend).to.include("outbound: { allow: ['10.20.30.40'] }");
    expect(refused.found.get('facebook')?.mend).to.include("outbound: { allow: ['10.20.30.41'] }");

    const folder = await mkdtemp(join(tmpdir(), 'pratu-allow-'));
    atEnd(() => rm(folder, { recursive: true, force: true }));
    const file = join(folder, 'own.yaml');
    await writeFile(file, "outbound: { allow: ['10.20.30.40'] }");
    const allowed = await examined({ SMS_URL: 'http://10.20.30.40:8080/sms', CONFIG_FILE: file });
    expect(allowed.found.get('sms')).to.include({ status: 'ok' });
  });

  it('wants https of an SMS gateway that is not on a network of ours', async () => {
    const { found } = await examined({ SMS_URL: 'http://8.8.8.8/sms' });
    expect(found.get('sms')?.message).to.include('SMS_URL is plain http');
  });

  it('notices a database and a Redis that do not answer', async () => {
    const { code, found } = await examined({
      DATABASE_URL: `postgres://127.0.0.1:${await freePort()}/none`,
      REDIS_URL: `redis://127.0.0.1:${await freePort()}`,
    });
    expect(code).to.equal(1);
    expect(found.get('database')).to.include({
      status: 'fail',
      message: 'it does not respond (ECONNREFUSED)',
    });
    expect(found.get('redis')).to.include({ status: 'fail' });
  });

  it('reports a data folder that others may read, and a key far from its data', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'pratu-open-'));
    atEnd(() => rm(folder, { recursive: true, force: true }));
    await chmod(folder, 0o755);
    const { found } = await examined({
      SECRET_KEY: '',
      DATA_DIR: folder,
      DATABASE_URL: `postgres://127.0.0.1:${await freePort()}/none`,
    });
    expect(found.get('data folder')).to.include({ status: 'fail' });
    expect(found.get('secret key')).to.include({ status: 'warn' });
  });
});
