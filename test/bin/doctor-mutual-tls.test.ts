import { expect } from 'chai';
import type { Check } from '../../src/bin/doctor/check.ts';
import { issuerProbe } from '../../src/bin/doctor/issuer-probe.ts';
import { mutualTlsCheck } from '../../src/bin/doctor/mutual-tls.ts';
import type { Config } from '../../src/config/config.ts';
import type { ClientMetadata, StoredClient } from '../../src/domain/clients/client.ts';
import { testConfig } from '../support/config.ts';
import { freePort } from '../support/free-port.ts';
import { localServer } from '../support/local-server.ts';
import { startServer } from '../support/server.ts';

const clientsOf = (...registrations: Partial<ClientMetadata>[]): StoredClient[] =>
  registrations.map((metadata, index) => ({
    metadata: { redirect_uris: [], ...metadata, client_id: `client-${index}` },
    dynamic: false,
    secrets: [],
    createdAt: new Date(0),
  }));

const BY_AUTHORITY = { token_endpoint_auth_method: 'tls_client_auth' };
const BOUND = { tls_client_certificate_bound_access_tokens: true };
const NGINX = { header: 'nginx' as const, proxies: ['10.0.0.5/32'] };

describe("the doctor's check of client certificates", () => {
  let config: Config;

  before(async () => {
    config = await testConfig();
  });

  const examine = (
    mutualTls: Partial<Config['mutualTls']>,
    clients: StoredClient[] = [],
    serves = true,
  ): Promise<Check | undefined> =>
    mutualTlsCheck({ ...config, mutualTls: { ...config.mutualTls, ...mutualTls } }, clients, {
      serves,
      probeOf: issuerProbe,
    });

  it('reports nothing where no client uses them, and names clients that cannot', async () => {
    expect(await examine({}, clientsOf({}))).to.equal(undefined);
    const found = await examine({}, clientsOf({}, BY_AUTHORITY, BOUND));
    expect(found).to.include({ status: 'fail' });
    expect(found?.message).to.match(/: client-1, client-2$/);
  });

  it('accepts a proxy, and refuses to trust every address', async () => {
    expect(await examine(NGINX, clientsOf(BOUND))).to.include({ status: 'ok' });
    for (const proxies of [['0.0.0.0/0'], ['10.0.0.5/32', '::/0']])
      expect(await examine({ ...NGINX, proxies })).to.include({ status: 'fail' });
  });

  it('warns of an Envoy that verifies nothing, where a client needs that', async () => {
    const envoy = { ...NGINX, header: 'envoy' as const };
    expect(await examine(envoy, clientsOf(BOUND))).to.include({ status: 'ok' });
    expect(await examine(envoy, clientsOf(BY_AUTHORITY))).to.include({ status: 'warn' });
    expect(await examine({ ...envoy, envoyVerifies: true }, clientsOf(BY_AUTHORITY))).to.include({
      status: 'ok',
    });
  });

  it('checks that their host leads here, if the server runs', async () => {
    const server = await startServer();
    const at = (url: string): string => new URL(url).host;
    expect(await examine({ ...NGINX, host: at(server.url) })).to.include({ status: 'ok' });
    await server.stop();
    const nobody = `localhost:${await freePort()}`;
    expect((await examine({ ...NGINX, host: nobody }))?.message).to.include('ECONNREFUSED');
    expect(await examine({ ...NGINX, host: nobody }, [], false)).to.include({ status: 'ok' });
    const { url } = await localServer(() => ({ hello: 'there' }));
    expect((await examine({ ...NGINX, host: at(url) }))?.message).to.include('does not lead to this server');
  });
});
