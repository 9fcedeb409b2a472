import { expect } from 'chai';
import { BrowserAgent } from '../../test/support/browser-agent.ts';
import type { TestClient } from '../../test/support/clients.ts';
import { authorize, redeem, refresh, requestUrl } from '../../test/support/code-flow.ts';
import { pkce } from '../../test/support/sign-in.ts';
import { group, SPECS } from '../check.ts';
import { publishClient } from '../document-client.ts';
import { CALLBACK, type Target } from '../target.ts';

/** Returns the page or the error response for a request of such a client. */
async function shown(target: Target, client: TestClient, params = {}) {
  const proofKey = { code_challenge: pkce().challenge, code_challenge_method: 'S256' };
  const answer = await new BrowserAgent().follow(requestUrl(target, client, { ...proofKey, ...params }));
  return { status: answer.status, location: answer.headers.get('location'), page: await answer.text() };
}

async function expectRefused(target: Target, client: TestClient): Promise<void> {
  const { status, location } = await shown(target, client);
  expect([status, location], client.id).to.deep.equal([400, null]);
}

export const documents = group('documents', (check) => {
  check('sign-in', `${SPECS.documents} §3`, 'are clients that nobody registered', async (target) => {
    const client = publishClient(target, { grant_types: ['authorization_code', 'refresh_token'] });
    const params = { scope: 'openid offline_access', prompt: 'consent' };
    const authorized = await authorize(target, client, params, new BrowserAgent(), target.person);
    const { status, body } = await redeem(target, client, authorized);
    expect(status, JSON.stringify(body)).to.equal(200);
    expect((await refresh(target, client, body.refresh_token)).status).to.equal(200);
  });

  check('own-address', `${SPECS.documents} §4.1`, 'name their own address', async (target) => {
    await expectRefused(target, publishClient(target, { client_id: 'https://client.example/other.json' }));
  });

  check('no-secret', `${SPECS.documents} §4.1`, 'have no secret', async (target) => {
    await expectRefused(target, publishClient(target, { token_endpoint_auth_method: 'client_secret_post' }));
  });

  check('missing', `${SPECS.documents} §4`, 'have to be there, as JSON objects', async (target) => {
    const client = publishClient(target);
    await expectRefused(target, { ...client, id: `${client.id}/missing` });
    target.party?.documents.set(new URL(client.id).pathname, ['a list']);
    await expectRefused(target, client);
  });

  check('redirect-uri', `${SPECS.documents} §4.2`, 'name their redirect URIs', async (target) => {
    const client = publishClient(target, { redirect_uris: [CALLBACK] });
    await expectRefused(target, { ...client, redirectUri: 'https://evil.example/cb' });
  });

  check('pkce', 'RFC 7636 §4.4.1', 'have to use PKCE', async (target) => {
    const { location } = await shown(target, publishClient(target), { code_challenge: undefined });
    expect(new URL(location ?? '').searchParams.get('error')).to.equal('invalid_request');
  });
});
