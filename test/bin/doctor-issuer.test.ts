import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect } from 'chai';
import type { Check } from '../../src/bin/doctor/check.ts';
import { issuerChecks } from '../../src/bin/doctor/issuer.ts';
import { type IssuerProbe, issuerProbe, type ProbeAnswer } from '../../src/bin/doctor/issuer-probe.ts';
import { keyChecks } from '../../src/bin/doctor/keys.ts';
import type { Config } from '../../src/config/config.ts';
import type { StoredClient } from '../../src/domain/clients/client.ts';
import type { SigningKey } from '../../src/domain/signing-keys/signing-key.ts';
import { testConfig } from '../support/config.ts';
import { freePort } from '../support/free-port.ts';

const ISSUER = 'https://id.example.com';
const { jsonOf } = issuerProbe(ISSUER);

type Answer = (path: string, headers: Record<string, string>) => Partial<ProbeAnswer>;

/** An issuer with the given responses. */
const standIn = (answer: Answer): IssuerProbe => ({
  jsonOf,
  get: async (path, headers = {}) => ({ status: 200, headers: {}, body: '', ...answer(path, headers) }),
});

const discovery = (issuer: string, endpoints = issuer): string =>
  JSON.stringify({ issuer, token_endpoint: `${endpoints}/oauth/token`, jwks_uri: `${endpoints}/oauth/jwks` });

const CLIENT: StoredClient = {
  metadata: { client_id: 'app', redirect_uris: ['https://app.example.com/cb'], response_types: ['code'] },
  dynamic: false,
  secrets: [],
  createdAt: new Date(0),
};

async function seen(answer: Answer | IssuerProbe, changes: Partial<Config['server']> = {}): Promise<Check[]> {
  const config = await testConfig();
  const probe = typeof answer === 'function' ? standIn(answer) : answer;
  const server = { ...config.server, issuer: ISSUER, ...changes };
  return (await issuerChecks({ ...config, environment: 'production', server }, probe, [CLIENT])).checks;
}

const statuses = (checks: Check[]): Record<string, string> =>
  Object.fromEntries(checks.map(({ name, status }) => [name, status]));

const LOGIN = '/interaction/x';

describe("the doctor's check from outside", () => {
  const good: Answer = (path) =>
    path.startsWith('/oauth/authorize')
      ? {
          status: 303,
          headers: { location: LOGIN, 'set-cookie': ['__Secure-interaction=x; path=/; Secure; HttpOnly'] },
        }
      : { body: discovery(ISSUER) };

  it('accepts an issuer that matches its configuration', async () => {
    expect(statuses(await seen(good))).to.deep.equal({ issuer: 'ok', 'forged host': 'ok', cookies: 'ok' });
  });

  it('notices another issuer, and endpoints that a proxy has moved', async () => {
    expect(statuses(await seen(() => ({ body: discovery('http://id.example.com') })))).to.deep.equal({
      issuer: 'fail',
    });
    expect(statuses(await seen(() => ({ body: discovery(ISSUER, 'http://10.0.0.7:3000') })))).to.deep.equal({
      issuer: 'fail',
    });
    expect(statuses(await seen(() => ({ status: 502, body: '<html>Bad gateway' })))).to.deep.equal({
      issuer: 'fail',
    });
  });

  it('detects that a forged host is trusted', async () => {
    for (const header of ['host', 'x-forwarded-host']) {
      const gullible: Answer = (path, headers) =>
        headers[header] ? { body: discovery(`https://${headers[header]}`) } : good(path, headers);
      expect(statuses(await seen(gullible))['forged host'], header).to.equal('fail');
    }
  });

  it('notices cookies that a proxy has weakened or removed', async () => {
    const withCookies =
      (cookies: string[] | undefined): Answer =>
      (path, headers) =>
        path.startsWith('/oauth/authorize')
          ? { headers: { location: LOGIN, 'set-cookie': cookies } }
          : good(path, headers);
    expect(statuses(await seen(withCookies(['__Secure-interaction=x; path=/; HttpOnly']))).cookies).to.equal(
      'fail',
    );
    expect(statuses(await seen(withCookies(['interaction=x; path=/; Secure']))).cookies).to.equal('fail');
    expect(statuses(await seen(withCookies(undefined))).cookies).to.equal('warn');
  });

  it('says nothing of cookies when no sign-in begins', async () => {
    const refusing: Answer = (path, headers) =>
      path.startsWith('/oauth/authorize') ? { status: 400, body: '' } : good(path, headers);
    expect(statuses(await seen(refusing))).to.not.have.property('cookies');
  });

  it('distinguishes a port that another program uses from a free one', async () => {
    const silent: IssuerProbe = { jsonOf, get: () => Promise.reject(new Error('no answer')) };
    const other = createServer((socket) => socket.destroy());
    await once(other.listen(0, '127.0.0.1'), 'listening');
    const { port } = other.address() as { port: number };
    expect(statuses(await seen(silent, { port }))).to.deep.equal({ port: 'fail' });
    other.close();
    await once(other, 'close');
    expect(statuses(await seen(silent, { port: await freePort() }))).to.deep.equal({ issuer: 'fail' });
  });

  describe('at the keys', () => {
    const NOW = new Date('2030-01-10T00:00:00Z');
    const keyOf = (kid: string, alg: SigningKey['alg'], state: SigningKey['state']): SigningKey => ({
      kid,
      alg,
      state,
      createdAt: NOW,
      changedAt: new Date('2030-01-01T00:00:00Z'),
    });
    const keys = [
      keyOf('a', 'RS256', 'current'),
      keyOf('b', 'RS256', 'next'),
      keyOf('c', 'ES256', 'current'),
      keyOf('d', 'ES256', 'next'),
      keyOf('p', 'PS256', 'current'),
      keyOf('q', 'PS256', 'next'),
      keyOf('e', 'ES256', 'removed'),
    ];
    const live = ['a', 'b', 'c', 'd', 'p', 'q'];
    const settings = { rotateDays: 30, announceSeconds: 900, retainSeconds: 172_800 };
    const publishing = (...kids: string[]): IssuerProbe =>
      standIn(() => ({ body: JSON.stringify({ keys: kids.map((kid) => ({ kid })) }) }));

    it('compares what is published with the database', async () => {
      const same = await keyChecks(keys, settings, NOW, publishing(...live));
      expect(statuses(same)).to.deep.equal({ 'signing keys': 'ok', 'key age': 'ok', 'key set': 'ok' });
      for (const others of [publishing(...live.slice(1)), publishing(...live, 'e')]) {
        expect(statuses(await keyChecks(keys, settings, NOW, others))['key set']).to.equal('fail');
      }
    });

    it('reports a missing key and one that is never rotated', async () => {
      const lacking = await keyChecks(
        keys.filter(({ kid }) => kid !== 'd'),
        settings,
        NOW,
        undefined,
      );
      expect(lacking[0]).to.include({ status: 'fail', message: 'missing: ES256 next' });
      const late = await keyChecks(keys, { ...settings, rotateDays: 7 }, NOW, undefined);
      expect(statuses(late)['key age']).to.equal('warn');
    });
  });
});
