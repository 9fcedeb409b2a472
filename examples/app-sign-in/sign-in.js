#!/usr/bin/env node
// Signs in with a code by SMS, without a browser, and with tokens that are bound to a key (DPoP, RFC 9449). No dependencies.
import { createHash, randomBytes, randomUUID, webcrypto } from 'node:crypto';
import { stdin, stdout } from 'node:process';
import { createInterface } from 'node:readline/promises';

const { ISSUER = 'http://localhost:3000', CLIENT_ID = 'my-app' } = process.env;
const terminal = createInterface({ input: stdin, output: stdout });
const typed = terminal[Symbol.asyncIterator]();

/** What the person types after a question. */
async function ask(question) {
  stdout.write(`${question}: `);
  const { value = '', done } = await typed.next();
  if (done) throw new Error('nobody answers');
  return value.trim();
}

const base64url = (data) => Buffer.from(data).toString('base64url');
const digest = (text) => createHash('sha256').update(text).digest('base64url');

// A key of this app: keep it where the operating system keeps keys, and never let it leave the device.
const KEY = { name: 'ECDSA', namedCurve: 'P-256' };
const { privateKey, publicKey } = await webcrypto.subtle.generateKey(KEY, false, ['sign']);
const { kty, crv, x, y } = await webcrypto.subtle.exportKey('jwk', publicKey);

/** A proof that this request has the key (RFC 9449 §4.2). */
async function proof(htm, htu, accessToken) {
  const header = { typ: 'dpop+jwt', alg: 'ES256', jwk: { kty, crv, x, y } };
  const claims = { jti: randomUUID(), iat: Math.floor(Date.now() / 1000), htm, htu };
  if (accessToken) claims.ath = digest(accessToken);
  const signed = [header, claims].map((part) => base64url(JSON.stringify(part))).join('.');
  const signature = await webcrypto.subtle.sign({ ...KEY, hash: 'SHA-256' }, privateKey, Buffer.from(signed));
  return `${signed}.${base64url(signature)}`;
}

async function post(url, fields) {
  const body = new URLSearchParams({ client_id: CLIENT_ID, ...fields });
  const answer = await fetch(url, { method: 'POST', body, headers: { DPoP: await proof('POST', url) } });
  return answer.json();
}

const metadata = await fetch(`${ISSUER}/.well-known/oauth-authorization-server`);
const { authorization_challenge_endpoint, token_endpoint, userinfo_endpoint } = await metadata.json();

/** One step. Wrong values are asked for again by the caller; anything else that goes wrong ends the sign-in. */
async function challenge(fields) {
  const answer = await post(authorization_challenge_endpoint, fields);
  if (answer.authorization_code || answer.error === 'insufficient_authorization') return answer;
  if (answer.error === 'redirect_to_web') throw new Error('Open the sign-in page in a browser.');
  throw new Error(`${answer.error}: ${answer.error_description}`);
}

/** Takes a step with what the person types, again after a wrong value. */
async function step(last, name, question) {
  const answer = await challenge({ auth_session: last.auth_session, [name]: await ask(question) });
  if (!answer.reason) return answer;
  console.log(answer.error_description);
  return step(answer, name, question);
}

async function signIn() {
  const verifier = base64url(randomBytes(32));
  let answer = await challenge({
    scope: 'openid profile offline_access',
    code_challenge: digest(verifier),
    login_hint: await ask('Mobile number'),
  });
  answer = await challenge({ auth_session: answer.auth_session, otp_channel: 'sms' });
  answer = await step(answer, 'otp', `Code from the SMS with the reference ${answer.otp.reference}`);
  while (!answer.authorization_code) {
    if (!answer.next.includes('code')) throw new Error('Open the sign-in page in a browser.');
    answer = await step(answer, 'code', 'Code of your authenticator app, or a recovery code');
  }
  return post(token_endpoint, {
    grant_type: 'authorization_code',
    code: answer.authorization_code,
    code_verifier: verifier,
  });
}

try {
  const { access_token, token_type, scope, error_description } = await signIn();
  if (!access_token) throw new Error(error_description);
  console.log(`Signed in: a ${token_type} access token for ${scope}`);
  const headers = {
    Authorization: `DPoP ${access_token}`,
    DPoP: await proof('GET', userinfo_endpoint, access_token),
  };
  console.log(JSON.stringify(await (await fetch(userinfo_endpoint, { headers })).json()));
} catch ({ message }) {
  console.error(message);
  process.exitCode = 1;
} finally {
  terminal.close();
}
