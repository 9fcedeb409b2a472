import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import {
  answerOnPage,
  askBackchannel,
  backchannelClient,
  newMessage,
  pollBackchannel,
} from '../backchannel.ts';
import { notApplicable } from '../check.ts';
import type { Target } from '../target.ts';
import { each, type Uses } from './use.ts';

const VERIFIES = ['RS256', 'PS256', 'ES256', 'Ed25519', 'EdDSA'] as const;

/** Obtains tokens by polling. */
export async function byPolling(target: Target): Promise<void> {
  const client = await backchannelClient(target);
  const message = newMessage();
  const { body } = await askBackchannel(target, client, { binding_message: message });
  await answerOnPage(target, message, 'approve');
  const { status, body: tokens } = await pollBackchannel(target, client, body.auth_req_id);
  expect(status, JSON.stringify(tokens)).to.equal(200);
  expect(tokens.id_token).to.be.a('string');
}

/** Expects a notification of the client after the person's decision (CIBA Core §10.2). */
export async function byPing(target: Target): Promise<void> {
  const { party } = target;
  if (!party) return notApplicable('the server cannot reach the host of clients');
  const path = `/ping/${randomUUID()}`;
  party.documents.set(path, {});
  const client = await backchannelClient(target, {
    backchannel_token_delivery_mode: 'ping',
    backchannel_client_notification_endpoint: party.url + path,
  });
  const [message, token] = [newMessage(), randomUUID()];
  const { body } = await askBackchannel(target, client, {
    ...{ binding_message: message, client_notification_token: token },
  });
  await answerOnPage(target, message, 'approve');
  const ping = await party.received(path);
  expect(ping.headers.authorization).to.equal(`Bearer ${token}`);
  expect(JSON.parse(ping.body)).to.deep.equal({ auth_req_id: body.auth_req_id });
  expect((await pollBackchannel(target, client, body.auth_req_id)).status).to.equal(200);
}

/** Sends a request as a JWT (§7.1.1). */
async function signedRequest(target: Target, alg: string): Promise<void> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  const client = await backchannelClient(target, {
    jwks: { keys: [{ ...(await exportJWK(publicKey)), alg, kid: 'one' }] },
    backchannel_authentication_request_signing_alg: alg,
  });
  const request = await new SignJWT({ scope: 'openid', login_hint: target.person.login, jti: randomUUID() })
    .setProtectedHeader({ alg, kid: 'one' })
    .setIssuer(client.id)
    .setAudience(target.url)
    .setIssuedAt()
    .setNotBefore('0s')
    .setExpirationTime('1m')
    .sign(privateKey);
  const { status, body } = await askBackchannel(target, client, { request });
  expect(status, JSON.stringify(body)).to.equal(200);
}

/** The announced members of backchannel authentication (CIBA Core §4). */
export const backchannelUses: Uses = {
  backchannel_authentication_endpoint: async (target) => {
    const { status, body } = await askBackchannel(target, await backchannelClient(target));
    expect(status, JSON.stringify(body)).to.equal(200);
    expect(body).to.include.keys('auth_req_id', 'expires_in', 'interval');
  },
  backchannel_token_delivery_modes_supported: { poll: byPolling, ping: byPing },
  backchannel_user_code_parameter_supported: {
    async false(target) {
      const { body } = await askBackchannel(target, await backchannelClient(target), { user_code: '1234' });
      expect(body.error).to.equal('invalid_request');
    },
  },
  backchannel_authentication_request_signing_alg_values_supported: each(VERIFIES, signedRequest),
};
