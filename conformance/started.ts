import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startPostgres } from '../bench/services/postgres.ts';
import { startPratu } from '../bench/services/pratu.ts';
import { startGateway } from '../faults/stage/gateway.ts';
import { atEnd } from '../test/support/at-end.ts';
import { LOCALHOST, trustLocalhost } from '../test/support/certificate.ts';
import { newPlace } from '../test/support/database.ts';
import { freePort } from '../test/support/free-port.ts';
import { FEATURES, KNOWN_OF_FEATURES, mutualTls } from './features.ts';
import { startFront } from './https-front.ts';
import { startParty } from './party.ts';
import { type Access, ADMIN_SCOPES, ROLES_SCOPE } from './target.ts';

const PRATU = fileURLToPath(new URL('../src/bin/pratu.ts', import.meta.url));
const run = promisify(execFile);

const API = 'https://api.example';

/** The settings that differ from production: the host of clients is on this machine, and there is an API to call. */
const settingsFor = (mutualHost: string): string =>
  JSON.stringify({
    ...FEATURES,
    outbound: { allow: ['localhost'] },
    resources: [{ identifier: API, scopes: ['api:read'], tokens: 'opaque' }],
    mutualTls: mutualTls(mutualHost),
  });

/** Creates an empty database, on the server of `DATABASE_URL` or on a PostgreSQL started for the run. */
async function newDatabase(): Promise<string> {
  const { url } = await newPlace();
  if (url) return url;
  const postgres = await startPostgres();
  atEnd(() => postgres.stop());
  return postgres.create('conformance');
}

/**
 * Starts a server as in production, with a new database, behind https on the loopback interface. Returns the access
 * that an operator gives to a tester. `atEnd` of the test support stops everything.
 */
export async function startDeployment(): Promise<Access> {
  trustLocalhost();
  const folder = await mkdtemp(join(tmpdir(), 'pratu-conformance-'));
  atEnd(() => rm(folder, { recursive: true, force: true }));
  const [settings, certificate] = [join(folder, 'settings.yaml'), join(folder, 'localhost.pem')];
  await writeFile(certificate, LOCALHOST.cert);
  const gateway = await startGateway();
  atEnd(() => gateway.stop());
  const [front, mutualFront, port] = [await freePort(), await freePort(), await freePort()];
  const issuer = `https://localhost:${front}`;
  const changed = settingsFor(`localhost:${mutualFront}`);
  await writeFile(settings, changed);
  const databaseUrl = await newDatabase();
  const env = {
    NODE_ENV: 'production',
    NODE_EXTRA_CA_CERTS: certificate,
    SECRET_KEY: randomBytes(32).toString('base64'),
    SMS_URL: gateway.url,
    TRUST_PROXY: '1',
  };
  const command = async (...words: string[]) => {
    const { stdout } = await run(process.execPath, [PRATU, ...words, '--json'], {
      env: {
        ...{ PATH: process.env.PATH, ...env, ISSUER: issuer, DATABASE_URL: databaseUrl },
        ...{ CONFIG_FILE: settings, DATA_DIR: folder },
      },
    });
    return JSON.parse(stdout);
  };

  await command('migrate');
  const server = await startPratu({ databaseUrl, issuer, env, settings: changed, port, output: 2 });
  atEnd(() => server.stop());
  const stopFront = await startFront(front, port);
  atEnd(async () => stopFront());
  const stopMutualFront = await startFront(mutualFront, port, { asksForCertificate: true });
  atEnd(async () => stopMutualFront());
  const scope = `${ADMIN_SCOPES} ${ROLES_SCOPE}`;
  const { client_id: id, client_secret: secret } = await command(
    ...['client', 'create', '--grant-type', 'client_credentials', '--client-credentials-scope', scope],
  );
  const { initial_access_token: token } = await command('token', 'initial-access', '--expires', '1h');
  return {
    issuer,
    admin: { id, secret },
    initialAccessToken: async () => token,
    party: await startParty(),
    resource: API,
    ...KNOWN_OF_FEATURES,
    wait: (seconds) => pause(seconds * 1000),
  };
}
