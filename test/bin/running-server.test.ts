import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose';
import { randomHex } from '../../src/lib/ids.ts';
import { atEnd } from '../support/at-end.ts';
import { command, commandJson, runCommand } from '../support/command.ts';
import { testDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { type ServerProcess, startProcess } from '../support/process.ts';
import { type Tokens, tokenRequest } from '../support/sign-in.ts';

const PASSWORD = 'violet-harbour-lantern';

/** Settings with which servers check for changes every `invalidationMs`. Keys are announced for twice as long. */
async function settingsWith(invalidationMs: number): Promise<Record<string, string>> {
  const folder = await mkdtemp(join(tmpdir(), 'pratu-settings-'));
  atEnd(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'settings.yaml');
  await writeFile(file, `jobs: { invalidationMs: ${invalidationMs} }\n`);
  return { CONFIG_FILE: file };
}

describe('pratu beside a running server', () => {
  let server: ServerProcess;
  let env: Record<string, string>;

  before(async function () {
    // this starts a database and a server
    this.timeout(60_000);
    const settings = await settingsWith(250);
    server = await startProcess({ env: settings });
    env = { ...settings, ISSUER: server.url };
  });

  after(async () => {
    await server?.end();
  });

  const byCredentials = async (id: string, secret: string): Promise<number> => {
    const { status } = await tokenRequest(
      server.url,
      { grant_type: 'client_credentials' },
      { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
    );
    return status;
  };

  it('makes clients that work at once, and changes and ends their secrets', async () => {
    const id = `cli-${randomHex(64)}`;
    const { code, stdout } = await runCommand(
      ['client', 'create', '--json', '--id', id, '--grant-type', 'client_credentials'],
      { env },
    );
    expect(code).to.equal(0);
    const first = (JSON.parse(stdout) as { client_secret: string }).client_secret;
    expect(await byCredentials(id, first)).to.equal(200);

    const rotate = (keep: string[]) =>
      commandJson<{ client_secret: string }>(['client', 'rotate-secret', id, ...keep], { env });
    const { client_secret: second } = await rotate(['--keep', '24h']);
    await eventually(async () => expect(await byCredentials(id, second)).to.equal(200));
    expect(await byCredentials(id, first)).to.equal(200);

    const { client_secret: third } = await rotate([]);
    await eventually(async () => expect(await byCredentials(id, third)).to.equal(200));
    expect(await byCredentials(id, first)).to.equal(401);
    expect(await byCredentials(id, second)).to.equal(401);

    await commandJson(['client', 'remove', id, '--yes'], { env });
    await eventually(async () => expect(await byCredentials(id, third)).to.equal(401));
  });

  it('kills the tokens of a suspended account at once, and rotates keys without a gap', async () => {
    const email = `cli-${randomHex(64)}@example.com`;
    await commandJson(['account', 'create', '--email', email, '--verified', '--password-stdin'], {
      env,
      stdin: `${PASSWORD}\n`,
    });
    const app = await commandJson<{ client_id: string; client_secret: string }>(
      ['client', 'create', '--first-party', '--grant-type', 'password', '--scope', 'openid global'],
      { env },
    );
    const authorization = `Basic ${Buffer.from(`${app.client_id}:${app.client_secret}`).toString('base64')}`;
    const signIn = async (): Promise<Tokens> => {
      const fields = { grant_type: 'password', username: email, password: PASSWORD, scope: 'openid' };
      const { status, body } = await tokenRequest(server.url, fields, { authorization });
      if (status !== 200) throw new Error(JSON.stringify(body));
      return body;
    };
    const userinfo = async (token: string): Promise<number> => {
      const headers = { authorization: `Bearer ${token}` };
      return (await fetch(`${server.url}/oauth/userinfo`, { headers })).status;
    };
    const published = async (): Promise<JSONWebKeySet> =>
      (await fetch(`${server.url}/oauth/jwks`)).json() as Promise<JSONWebKeySet>;

    const before = await signIn();
    const rotated = await command(['key', 'rotate', '--json'], { env });
    expect(rotated.code, rotated.stderr).to.equal(0);
    // the next key is new, so a second rotation reports that it waits
    const again = await command(['key', 'rotate', '--json'], {
      env: { ...env, ...(await settingsWith(1500)) },
    });
    expect(again).to.include({ code: 0 });
    expect(again.stderr).to.include('Waiting');
    const { current } = JSON.parse(again.stdout) as { current: { kid: string; alg: string }[] };
    const rs256 = current.find(({ alg }) => alg === 'RS256')?.kid;
    await eventually(async () => {
      const { id_token: idToken = '' } = await signIn();
      expect(decodeProtectedHeader(idToken).kid).to.equal(rs256);
    });
    const { keys } = await published();
    const listed = await commandJson<{ kid: string; state: string }[]>(['key', 'list'], { env });
    expect(keys.map(({ kid }) => kid)).to.have.members(
      listed.filter(({ state }) => state !== 'removed').map(({ kid }) => kid),
    );
    await jwtVerify(before.id_token ?? '', createLocalJWKSet({ keys }), { issuer: server.url });

    expect(await userinfo(before.access_token)).to.equal(200);
    await commandJson(['account', 'suspend', email], { env });
    expect(await userinfo(before.access_token)).to.equal(401);
  });

  it('gives out tokens with which clients register themselves', async () => {
    const { initial_access_token: token, expires_in: expiresIn } = await commandJson<{
      initial_access_token: string;
      expires_in: number;
    }>(['token', 'initial-access', '--expires', '15m'], { env });
    expect(expiresIn).to.equal(900);
    const register = (authorization: string): Promise<Response> =>
      fetch(`${server.url}/oauth/register`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization },
        body: JSON.stringify({ redirect_uris: ['https://app.example.com/cb'] }),
      });
    expect((await register('Bearer something-else')).status).to.equal(401);
    const answer = await register(`Bearer ${token}`);
    expect(answer.status).to.equal(201);
    const { client_id: id } = (await answer.json()) as { client_id: string };
    expect(await commandJson(['client', 'show', id], { env })).to.include({ dynamic: true });
    const { knex } = await testDatabase();
    const row = await knex('records')
      .where({ kind: 'InitialAccessToken' })
      .orderBy('created_at', 'desc')
      .first(knex.raw('extract(epoch from expires_at - created_at)::int as lifetime'));
    expect(row.lifetime).to.be.within(900, 1000);
  });

  it('is found healthy by the doctor', async () => {
    const { code, stdout } = await command(['doctor', '--json'], { env });
    const { healthy, checks } = JSON.parse(stdout) as {
      healthy: boolean;
      checks: { name: string; status: string }[];
    };
    expect(code).to.equal(healthy ? 0 : 1);
    const well = checks.filter(({ status }) => status === 'ok').map(({ name }) => name);
    expect(well).to.include.members(['issuer', 'forged host', 'cookies', 'key set', 'migrations', 'clock']);
  });
});
