import { expect } from 'chai';
import { signingKeys } from '../../src/domain/signing-keys/signing-keys.ts';
import { keyring } from '../../src/lib/keyring.ts';
import { command } from '../support/command.ts';
import { testConfig } from '../support/config.ts';
import { testDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { type ServerProcess, startProcess } from '../support/process.ts';
import { postgresThatRefuses, postgresWith, redisThatSays } from '../support/refusing-servers.ts';
import { smtpServer } from '../support/smtp-server.ts';

/** The first lines of output in development. */
const GREETING = /^\n {2}Pratu is starting at .*\n.*\n/;

/** The output of a server that does not start. */
async function refused(env: Record<string, string>): Promise<string> {
  const failure = await startProcess({ env }).then(
    () => '',
    (error: Error) => error.message.replace('the server did not start:\n', '').replace(GREETING, ''),
  );
  expect(failure).to.match(/^[^\n]+\n$/);
  expect(failure).not.to.include('hidden');
  return failure;
}

describe('a server that cannot use what its settings name', function () {
  // each starts a process
  this.timeout(60_000);

  it('ends with one sentence when PostgreSQL refuses it', async () => {
    const port = await postgresThatRefuses('28P01', 'password authentication failed');
    const DATABASE_URL = `postgres://me:hidden@127.0.0.1:${port}/x`;
    expect(await refused({ DATABASE_URL })).to.equal(
      'The database rejects the user or the password (28P01). Correct the credentials in DATABASE_URL.\n',
    );
  });

  it('ends with one sentence when the certificate of PostgreSQL is not trusted', async () => {
    const port = await postgresWith({ tls: true });
    const DATABASE_URL = `postgres://me:hidden@localhost:${port}/x?sslmode=verify-full`;
    expect(await refused({ DATABASE_URL })).to.match(
      /^The database has an untrusted certificate \(\w+\)\. Add sslrootcert=/,
    );
  });

  it('ends with one sentence when SECRET_KEY is another one', async () => {
    const { knex } = await testDatabase();
    await signingKeys({ db: knex, keyring: keyring((await testConfig()).secrets.keys) }).ensure();
    const SECRET_KEY = Buffer.alloc(32, 9).toString('base64');
    const before = await knex('client_secrets').select('id', 'sealed');
    const sentence =
      'signing_keys.jwk_sealed: encrypted with a key that SECRET_KEY lacks. Append that key to SECRET_KEY, after the new one.\n';
    expect(await refused({ SECRET_KEY })).to.equal(sentence);
    const args = ['client', 'create', '--id', 'too-early', '--grant-type', 'client_credentials'];
    expect((await command(args, { env: { SECRET_KEY } })).stderr).to.equal(`pratu: ${sentence}`);
    // no secret is sealed under that key
    expect(await knex('client_secrets').select('id', 'sealed')).to.deep.equal(before);
  });

  it('starts without Redis and mail, and says once what is wrong with each', async () => {
    const mail = await smtpServer();
    mail.refusals.set('EHLO', '250-test\r\n250 AUTH PLAIN');
    mail.refusals.set('AUTH', '535 5.7.8 wrong');
    const port = await redisThatSays('-WRONGPASS invalid username-password pair or user is disabled.');
    let server: ServerProcess | undefined;
    try {
      const running = await startProcess({
        env: {
          REDIS_URL: `redis://:hidden@127.0.0.1:${port}`,
          SMTP_URL: mail.url.replace('//', '//me:hidden@'),
        },
      });
      server = running;
      const said = (what: string) =>
        running
          .output()
          .split('\n')
          .filter((line) => line.includes(what));
      await eventually(async () => {
        expect(said('Redis rejects the user or the password')).to.have.lengthOf(1);
        expect(said('The mail server rejects the user or the password')).to.have.lengthOf(1);
      });
      expect(JSON.parse(said('Redis rejects')[0] ?? '')).to.include({
        level: 'error',
        msg: 'Redis rejects the user or the password (WRONGPASS). Correct the credentials in REDIS_URL.',
      });
      // Redis is retried repeatedly
      await new Promise((resume) => setTimeout(resume, 500));
      expect(said('Redis rejects')).to.have.lengthOf(1);
      expect(running.output()).not.to.include('hidden');
    } finally {
      await server?.end();
      await mail.close();
    }
  });
});
