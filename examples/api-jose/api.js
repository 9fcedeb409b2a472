import { createServer } from 'node:http';
import { createRemoteJWKSet, errors, jwtVerify } from 'jose';

const {
  ISSUER = 'http://localhost:3000',
  AUDIENCE = 'http://localhost:8080/api',
  PORT = '8080',
} = process.env;

// Fetched when needed and cached; a token with an unknown key makes it fetch them again.
const keys = createRemoteJWKSet(new URL(`${ISSUER}/oauth/jwks`));

/** The claims of a valid access token (RFC 9068 §4). The type keeps ID tokens out. */
async function verified(authorization = '') {
  const [, token] = /^Bearer (.+)$/i.exec(authorization) ?? [];
  if (!token) throw new errors.JWTInvalid('no bearer token');
  const { payload } = await jwtVerify(token, keys, {
    issuer: ISSUER,
    audience: AUDIENCE,
    typ: 'at+jwt',
    algorithms: ['ES256'],
  });
  // Bound to a key or a certificate: whoever accepts it must check the proof as well (RFC 9449, RFC 8705).
  if (payload.cnf) throw new errors.JWTInvalid('a bound token');
  return payload;
}

function respond(response, status, body, challenge) {
  if (challenge) response.setHeader('WWW-Authenticate', challenge);
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}

/** Whether the token is at fault, and not the way to the keys. */
const isRefusal = (error) =>
  error instanceof errors.JOSEError && !['ERR_JWKS_TIMEOUT', 'ERR_JOSE_GENERIC'].includes(error.code);

createServer(async ({ headers }, response) => {
  try {
    const { sub, client_id, scope = '' } = await verified(headers.authorization);
    // Each route names the scope that it needs.
    if (!scope.split(' ').includes('api:read')) {
      const challenge = 'Bearer error="insufficient_scope", scope="api:read"';
      return respond(response, 403, { error: 'insufficient_scope' }, challenge);
    }
    // `sub` is the account; for a program without a user it is the client itself.
    respond(response, 200, { sub, client_id, scope });
  } catch (error) {
    if (!isRefusal(error)) {
      console.error(error);
      return respond(response, 503, { error: 'temporarily_unavailable' });
    }
    // RFC 6750 §3.1: no error code for a request without a token.
    const challenge = headers.authorization ? 'Bearer error="invalid_token"' : 'Bearer';
    respond(response, 401, { error: 'invalid_token' }, challenge);
  }
}).listen(Number(PORT), () => console.log(`Listening on http://localhost:${PORT}`));
