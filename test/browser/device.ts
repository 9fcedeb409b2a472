import type { TestServer } from '../support/server.ts';
import { tokenRequest } from '../support/sign-in.ts';

const CLIENT = 'living-room-tv';
const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:device_code';

/** A device asks for its codes (RFC 8628 §3.1); it is registered when it does so for the first time. */
export async function deviceCodes({
  url,
  domain,
}: TestServer): Promise<{ device_code: string; user_code: string; verification_uri_complete: string }> {
  if (!(await domain.clients.find(CLIENT)))
    await domain.clients.create({
      client_id: CLIENT,
      client_name: 'Living-room TV',
      grant_types: [GRANT_TYPE],
      response_types: [],
      redirect_uris: [],
      token_endpoint_auth_method: 'none',
      scope: 'openid profile',
    });
  const body = new URLSearchParams({ client_id: CLIENT, scope: 'openid profile' });
  const answer = await fetch(`${url}/oauth/device`, { method: 'POST', body });
  return answer.json();
}

/** The device asks whether it may go on (RFC 8628 §3.4). */
export const poll = ({ url }: TestServer, deviceCode: string) =>
  tokenRequest(url, { grant_type: GRANT_TYPE, client_id: CLIENT, device_code: deviceCode });
