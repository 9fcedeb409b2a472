import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import pg from 'pg';
import { stringify } from 'yaml';
import type { Check } from '../../src/bin/doctor/check.ts';
import { type Session, sessionCheck, settings } from '../../src/bin/doctor/sessions.ts';
import { connectionOf } from '../../src/db/connection.ts';
import { signingKeys } from '../../src/domain/signing-keys/signing-keys.ts';
import { keyring } from '../../src/lib/keyring.ts';
import { command } from '../support/command.ts';
import { testConfig } from '../support/config.ts';
import { newPlace, openPlace, testDatabase, testPlace } from '../support/database.ts';
import { freePort } from '../support/free-port.ts';
import {
  postgresThatRefuses,
  postgresWith,
  redisThatSays,
  untrustedServer,
} from '../support/refusing-servers.ts';
import { smtpServer } from '../support/smtp-server.ts';
import { fakeGoogle } from '../support/upstream/kinds.ts';

/** The doctor's findings by name. */
async function examined(env: Record<string, string>): Promise<Map<string, Check>> {
  const { stdout, stderr } = await command(['doctor', '--json'], {
    env: { PORT: String(await freePort()), ...env },
  });
  expect(stderr).to.equal('');
  expect(stdout).not.to.match(/ at .*\.ts:\d|insert into|select /);
  const { checks } = JSON.parse(stdout) as { checks: Check[] };
  return new Map(checks.map((check) => [check.name, check]));
}

describe('the remedies of pratu doctor', () => {
  it('name the provider whose discovery fails', async () => {
    const google = await fakeGoogle();
    const file = join(await mkdtemp(join(tmpdir(), 'pratu-doctor-')), 'own.yaml');
    const down = { ...google.settings, id: 'down', issuer: 'http://127.0.0.1:9' };
    await writeFile(file, stringify({ upstream: [google.settings, down] }));
    const found = await examined({ CONFIG_FILE: file, NODE_ENV: 'test' });
    expect(found.get('upstream google')).to.include({ status: 'ok' });
    expect(found.get('upstream google')?.message).to.match(/\/upstream\/google\/callback$/);
    expect(found.get('upstream down')).to.include({ status: 'fail' });
    expect(found.get('upstream down')?.message).to.equal('discovery failed (network)');
    expect(found.get('upstream down')?.mend).to.include('issuer of down');
  });

  it('name SECRET_KEY when it opens nothing of what is stored, kind by kind', async () => {
    const { knex } = await testDatabase();
    await signingKeys({ db: knex, keyring: keyring((await testConfig()).secrets.keys) }).ensure();
    expect((await examined({})).get('sealed values')).to.include({ status: 'ok' });

    const found = await examined({ SECRET_KEY: Buffer.alloc(32, 9).toString('base64') });
    const check = found.get('sealed values');
    expect(check?.status).to.equal('fail');
    expect(check?.message).to.match(/^no key in SECRET_KEY decrypts .*signing_keys\.jwk_sealed/);
    expect(check?.mend).to.include('Append the key that encrypted them to SECRET_KEY');
  });

  it('name one kind when only that one is sealed under another key', async () => {
    const { knex } = await testDatabase();
    const sealed = keyring([Buffer.alloc(32, 9)]).seal('deployment_values.sealed', 'x');
    await knex('deployment_values').insert({ name: 'zz-foreign', sealed });
    try {
      const check = (await examined({})).get('sealed values');
      expect(check).to.include({ status: 'fail' });
      expect(check?.message).to.equal('no key in SECRET_KEY decrypts deployment_values.sealed');
    } finally {
      await knex('deployment_values').where({ name: 'zz-foreign' }).delete();
    }
  });

  it('report a database that accepts no writes', async () => {
    const place = await testPlace();
    const database = await testDatabase();
    if (!place.url) {
      await database.knex.raw('set default_transaction_read_only = on');
    }
    const env = place.url
      ? { DATABASE_URL: `${place.url}?options=-c%20default_transaction_read_only%3Don` }
      : {};
    const check = (await examined(env as Record<string, string>)).get('database writes');
    if (!place.url) await database.knex.raw('set default_transaction_read_only = off');
    expect(check).to.include({ status: 'fail', message: 'the database is read-only (25006)' });
    expect(check?.mend).to.include('the primary in DATABASE_URL');
    expect((await examined({})).get('database writes')).to.include({ status: 'ok' });
  });

  it('report a role that may not create tables', async () => {
    const place = await newPlace();
    // the embedded database has no roles
    if (!place.url) return;
    const admin = new pg.Client(connectionOf({ ...(await testConfig()).database, ...place }));
    await admin.connect();
    try {
      await admin.query('revoke create on schema public from public');
      await admin.query('create schema elsewhere');
      await admin.query('drop schema public');
    } finally {
      await admin.end();
    }
    const check = (await examined({ DATABASE_URL: place.url })).get('database');
    expect(check?.message).to.equal('it has no schema in search_path that this role may use (3F000)');
    expect(check?.mend).to.include('search_path');
  });

  for (const [state, words, message, mend] of [
    [
      '28P01',
      'password authentication failed for user "me"',
      'rejects the user or the password',
      'DATABASE_URL',
    ],
    ['3D000', 'database "hidden" does not exist', 'has no database of the name in DATABASE_URL', 'createdb'],
    ['42501', 'permission denied for schema public', 'denies this role', 'grant usage, create on schema'],
    ['08P01', 'unsupported startup parameter: options', 'is behind a pooler', 'the server directly'],
    ['53300', 'sorry, too many clients already', 'has no free connection', 'max_connections'],
  ] as const) {
    it(`name the cause when PostgreSQL refuses with ${state}, in the doctor, the command and the server`, async () => {
      const port = await postgresThatRefuses(state, words);
      const env = { DATABASE_URL: `postgres://me:hidden@127.0.0.1:${port}/hidden` };
      const check = (await examined(env)).get('database');
      expect(check?.message).to.include(message).and.include(state).and.not.include('hidden');
      expect(check?.mend).to.include(mend);
      const { stderr } = await command(['migrate'], { env });
      expect(stderr).to.match(new RegExp(`^pratu: The database ${message}.*\\(${state}\\)\\. .*\\n$`));
      expect(stderr).to.include(mend).and.not.include('hidden');
    });
  }

  it('name the certificate of PostgreSQL, and that it offers no TLS', async () => {
    const url = (port: number) => `postgres://me:hidden@localhost:${port}/x?sslmode=verify-full`;
    const untrusted = (await examined({ DATABASE_URL: url(await postgresWith({ tls: true })) })).get(
      'database',
    );
    expect(untrusted?.message).to.match(/^it has an untrusted certificate \([A-Z_]+\)$/);
    expect(untrusted?.mend).to.include('sslrootcert=');
    const plain = (await examined({ DATABASE_URL: url(await postgresWith({ tls: false })) })).get('database');
    expect(plain?.message).to.include('it does not support TLS');
  });

  for (const [reply, message] of [
    ['-WRONGPASS invalid username-password pair or user is disabled.', 'rejects the user or the password'],
    ['-NOAUTH Authentication required.', 'rejects the user or the password'],
    ["-CROSSSLOT Keys in request don't hash to the same slot", 'is a cluster'],
    ["-READONLY You can't write against a read only replica.", 'is a replica'],
  ] as const) {
    it(`name the cause when Redis says ${reply.split(' ', 1)[0]}`, async () => {
      const check = (
        await examined({ REDIS_URL: `redis://:hidden@127.0.0.1:${await redisThatSays(reply)}` })
      ).get('redis');
      expect(check?.status).to.equal('fail');
      expect(check?.message).to.include(`Redis ${message}`).and.not.include('hidden');
      expect(check?.mend).to.include('REDIS_URL');
    });
  }

  it('name the certificate of Redis and of the mail server', async () => {
    const port = await untrustedServer();
    const found = await examined({
      REDIS_URL: `rediss://localhost:${port}`,
      SMTP_URL: `smtps://me:hidden@localhost:${port}`,
    });
    for (const [name, variable] of [
      ['redis', 'REDIS_URL'],
      ['mail', 'SMTP_URL'],
    ] as const) {
      expect(found.get(name)?.message, name).to.include('has an untrusted certificate');
      expect(found.get(name)?.mend, name).to.include('NODE_EXTRA_CA_CERTS').and.include(variable);
    }
  });

  it('report a refused password of the mail server, and a sender that it does not accept', async () => {
    const mail = await smtpServer();
    try {
      mail.refusals.set('EHLO', '250-test\r\n250 AUTH PLAIN');
      mail.refusals.set('AUTH', '535 5.7.8 wrong');
      const found = await examined({ SMTP_URL: mail.url.replace('//', '//me:hidden@') });
      expect(found.get('mail')?.message).to.equal(
        'the mail server rejects the user or the password (EAUTH 535)',
      );
      expect(found.get('sender')).to.include({ status: 'warn' });
      expect(found.get('sender')?.mend).to.include('MAIL_FROM');
      const named = await examined({ SMTP_URL: mail.url, MAIL_FROM: 'Shop <no-reply@shop.example.com>' });
      expect(named.get('sender')).to.include({ status: 'ok' });
    } finally {
      await mail.close();
    }
  });

  it('report a password that would go to the mail server without TLS', async () => {
    const mail = await smtpServer();
    try {
      const url = mail.url.replace('//', '//me:hidden@');
      expect((await examined({ SMTP_URL: url })).get('mail')).to.include({ status: 'warn' });
      // the server offers no TLS
      const required = (await examined({ SMTP_URL: `${url}?requireTLS=true` })).get('mail');
      expect(required).to.include({ status: 'fail' });
      const elsewhere = (await examined({ SMTP_URL: 'smtp://me:hidden@mail.invalid?ignoreTLS=true' })).get(
        'mail',
      );
      expect(elsewhere?.status).to.equal('fail');
      expect(elsewhere?.message).to.equal(
        'the password of SMTP_URL would be sent to mail.invalid without TLS',
      );
      expect(elsewhere?.mend).to.include('smtps://');
    } finally {
      await mail.close();
    }
  });
});

describe("the doctor's report of database sessions", () => {
  const own = async (): Promise<pg.Client> => {
    const { connection } = await testDatabase();
    const client = new pg.Client(connection);
    await client.connect();
    return client;
  };

  /** A transaction pooler: a client outside of a transaction gets a session that is free. */
  function pooler(backends: pg.Client[], { statements }: { statements: boolean }): () => Promise<Session> {
    let busy: pg.Client | undefined;
    return async () => {
      let held: pg.Client | undefined;
      return {
        async query({ name, text }) {
          const backend = held ?? (backends.find((each) => each !== busy) as pg.Client);
          if (name && !statements && backend !== backends[0]) {
            throw Object.assign(new Error('prepared statement does not exist'), {
              code: '26000',
              severity: 'ERROR',
            });
          }
          if (text === 'begin') busy = held = backend;
          if (text === 'rollback') busy = held = undefined;
          return backend.query(text);
        },
        end: async () => {},
      };
    };
  }

  it('is fine without a pooler', async () => {
    if ((await testDatabase()).embedded) return;
    expect(await sessionCheck(own)).to.include({ status: 'ok' });
  });

  it('notices a pooler of transactions, and one that breaks prepared statements', async () => {
    if ((await testDatabase()).embedded) return;
    const backends = [await own(), await own()];
    try {
      const breaks = await sessionCheck(pooler(backends, { statements: false }));
      expect(breaks).to.include({ status: 'fail' });
      expect(breaks.message).to.include('(26000)');
      expect(breaks.mend).to.include('DATABASE_POOLER=transaction');
      const moves = await sessionCheck(pooler(backends, { statements: true }));
      expect(moves).to.include({ status: 'fail' });
      expect(moves.mend).to.include('DATABASE_POOLER=transaction');
      expect(await sessionCheck(pooler(backends, { statements: false }), true)).to.include({ status: 'ok' });
    } finally {
      for (const backend of backends) await backend.end();
    }
  });

  it('notices settings that have not reached the session', async () => {
    const database = await openPlace(await newPlace());
    try {
      expect((await settings(database)).status).not.to.equal('fail');
      const lost = { ...database.connection, options: `${database.connection.options} -c lock_timeout=77` };
      const check = await settings({ knex: database.knex, connection: lost });
      expect(check).to.include({ status: 'fail' });
      expect(check.message).to.match(/lock_timeout is \d+/);
    } finally {
      await database.close();
    }
  });
});
