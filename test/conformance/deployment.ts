import { FEATURES, KNOWN_OF_FEATURES, mutualTls } from '../../conformance/features.ts';
import { startFront } from '../../conformance/https-front.ts';
import { startParty } from '../../conformance/party.ts';
import { type Access, ADMIN_SCOPES, connect, ROLES_SCOPE, type Target } from '../../conformance/target.ts';
import { atEnd } from '../support/at-end.ts';
import { trustLocalhost } from '../support/certificate.ts';
import { createClient, initialAccessToken } from '../support/clients.ts';
import { moveClock } from '../support/clock.ts';
import { freePort } from '../support/free-port.ts';
import { startServer } from '../support/server.ts';

export interface Deployment extends Target {
  admin: Access['admin'];
  stop(): Promise<void>;
}

/** A server of the test run behind HTTPS, with all features on. A check that waits moves the clock. */
export async function deployment(): Promise<Deployment> {
  const distrust = trustLocalhost();
  const [port, mutualPort] = [await freePort(), await freePort()];
  const issuer = `https://localhost:${port}`;
  const server = await startServer(
    {
      ...(FEATURES as object),
      server: { issuer, trustProxy: 1 },
      emailCode: { signIn: true },
      mutualTls: mutualTls(`localhost:${mutualPort}`),
    },
    { jobs: true, alone: true },
  );
  const stopFront = await startFront(port, server.config.server.port);
  const stopMutualFront = await startFront(mutualPort, server.config.server.port, {
    asksForCertificate: true,
  });
  const stopFronts = (): void => {
    stopFront();
    stopMutualFront();
  };
  atEnd(async () => stopFronts());
  const { id, secret } = await createClient(server, {
    ...{ grant_types: ['client_credentials'], response_types: [], redirect_uris: [], scope: '' },
    client_credentials_scope: `${ADMIN_SCOPES} ${ROLES_SCOPE}`,
  });
  const admin = { id, secret };
  const target = await connect({
    issuer,
    admin,
    initialAccessToken: () => initialAccessToken(server),
    party: await startParty(),
    resource: 'http://localhost:8080/opaque',
    ...KNOWN_OF_FEATURES,
    wait: (seconds) => moveClock(server.database, seconds),
  });
  return {
    ...target,
    admin,
    async stop() {
      stopFronts();
      await server.stop();
      distrust();
    },
  };
}
