// A program that gets tokens with a key of its own (docs/service-accounts.md).
import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';

const ISSUER = process.env.ISSUER ?? 'http://localhost:3000';
const CLIENT_ID = process.env.CLIENT_ID ?? 'reports';
const KEY = 'service-account-key.json';
const REGISTRATION = 'service-account-registration.json';

/** Makes a key. The public half is the registration's; the private one stays with this program. */
function newKey() {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const kid = randomUUID();
  writeFileSync(KEY, JSON.stringify({ ...privateKey.export({ format: 'jwk' }), kid }), { mode: 0o600 });
  const jwks = { keys: [{ ...publicKey.export({ format: 'jwk' }), kid, use: 'sig' }] };
  writeFileSync(REGISTRATION, JSON.stringify({ jwks }));
  console.log(`${KEY} and ${REGISTRATION} are written.`);
}

const encoded = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** An assertion for one request: it is refused the second time. */
function assertion() {
  const key = JSON.parse(readFileSync(KEY, 'utf8'));
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: CLIENT_ID, sub: CLIENT_ID, aud: ISSUER, iat: now, exp: now + 60, jti: randomUUID() };
  const text = `${encoded({ alg: 'ES256', kid: key.kid })}.${encoded(claims)}`;
  const options = { key, format: 'jwk', dsaEncoding: 'ieee-p1363' };
  return `${text}.${sign('sha256', Buffer.from(text), options).toString('base64url')}`;
}

async function token([scope, resource]) {
  const answer = await fetch(`${ISSUER}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion: assertion(),
      ...(scope ? { scope } : {}),
      ...(resource ? { resource } : {}),
    }),
  });
  console.log(JSON.stringify(await answer.json()));
  if (!answer.ok) process.exitCode = 1;
}

const [command, ...rest] = process.argv.slice(2);
if (command === 'new-key') newKey();
else await token(rest);
