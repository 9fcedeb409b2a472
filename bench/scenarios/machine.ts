import { basic, RESOURCE } from '../clients.ts';
import type { Scenario } from '../scenario.ts';
import type { Target } from '../target.ts';

const clientCredentials = (fields: Record<string, string>) => async (target: Target, seconds: number) => {
  const request = {
    path: '/oauth/token',
    method: 'POST' as const,
    headers: {
      authorization: basic(target.clients.machine),
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: new URLSearchParams({ grant_type: 'client_credentials', ...fields }).toString(),
  };
  return { steps: [{ request: () => request }], until: { seconds } };
};

export const clientCredentialsOpaque: Scenario = {
  name: 'client credentials, opaque',
  atLeast: 0.85,
  prepare: clientCredentials({}),
};

export const clientCredentialsJwt: Scenario = {
  name: 'client credentials, JWT',
  atLeast: 0.85,
  prepare: clientCredentials({ resource: RESOURCE, scope: 'api:read' }),
};
