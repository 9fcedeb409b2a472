import type { TestServer } from '../support/server.ts';
import { tokenRequest } from '../support/sign-in.ts';

const CLIENT = 'living-room-tv';
const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:device_code';

/** Requests the codes of a device (RFC 8628 §3.1). Registers the device's client at the first request. */
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

/** Sends the token request of a device that polls (RFC 8628 §3.4). */
export const poll = ({ url }: TestServer, deviceCode: string) =>
  tokenRequest(url, { grant_type: GRANT_TYPE, client_id: CLIENT, device_code: deviceCode });
