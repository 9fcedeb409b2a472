import type { ClientMetadata } from '../../../src/domain/clients/client.ts';
import { createClient, type TestClient } from '../../support/clients.ts';
import { basic, tokenOf } from '../../support/code-flow.ts';
import { checkAnswer } from '../../support/openapi.ts';
import type { TestServer } from '../../support/server.ts';

export const CIBA = 'urn:openid:params:grant-type:ciba';
export const SETTINGS = {
  enabled: true,
  lifetime: 300,
  longest: 900,
  interval: 5,
  clientPerMinute: 1000,
  personPerHour: 1000,
};

/** A client that may request approvals. It polls by default. */
export const cibaClient = (server: TestServer, metadata: Partial<ClientMetadata> = {}): Promise<TestClient> =>
  createClient(server, {
    client_name: 'Till 4',
    grant_types: [CIBA, 'refresh_token'],
    response_types: [],
    backchannel_token_delivery_mode: 'poll',
    ...metadata,
  });

export interface Asked {
  status: number;
  body: {
    auth_req_id: string;
    expires_in: number;
    interval: number;
    error?: string;
    error_description?: string;
  };
  headers: Headers;
}

export async function ask(
  { url }: TestServer,
  client: TestClient,
  fields: Record<string, string>,
): Promise<Asked> {
  const answer = await fetch(`${url}/oauth/backchannel`, {
    method: 'POST',
    headers: { authorization: basic(client) },
    body: new URLSearchParams({ scope: 'openid', ...fields }),
  });
  const text = await answer.text();
  checkAnswer('POST /oauth/backchannel', answer.status, answer.headers, text);
  return { status: answer.status, body: JSON.parse(text), headers: answer.headers };
}

export const poll = (server: TestServer, client: TestClient, { body }: Pick<Asked, 'body'>) =>
  tokenOf(server, client, { grant_type: CIBA, auth_req_id: body.auth_req_id });

/** The ids of the requests on a page. */
export const requestsOn = (page: string): string[] => [
  ...new Set([...page.matchAll(/name="request" value="([\da-f]{32})"/g)].map(([, id = '']) => id)),
];
