import type { Config } from '../config/config.ts';
import { DEMONSTRATION_ACCOUNT, DEMONSTRATION_OPERATOR } from '../domain/demonstration/demonstration.ts';
import { isDemonstrated } from '../domain/demonstration/where.ts';

/** RFC 7636, appendix B: a challenge whose verifier is public, for samples only. */
const VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
const CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';

/**
 * Returns a URL that starts a sign-in with the demonstration's public client, or undefined without demonstration data.
 */
export function demonstrationSignIn(config: Config): string | undefined {
  if (!isDemonstrated(config)) return undefined;
  const query = new URLSearchParams({
    client_id: 'spa',
    response_type: 'code',
    redirect_uri: 'http://localhost:8080/cb',
    scope: 'openid profile email',
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
  });
  return `${config.server.issuer}/oauth/authorize?${query}`;
}

/** The message at the start: creating the database and loading the program for the first time may take a while. */
export function startingMessage({ database, server }: Config): string {
  const where = database.url
    ? 'with the database of DATABASE_URL'
    : `with the embedded PostgreSQL in ${database.dataDir}`;
  return `
  Pratu is starting at ${server.issuer}, ${where}.
  The first start may take a minute. Examples to try follow when the server is ready.
`;
}

function demonstrated(issuer: string, signIn: string): string {
  const { mobile, password } = DEMONSTRATION_ACCOUNT;
  const { role, ...operator } = DEMONSTRATION_OPERATOR;
  return `
  Get a first token:
    curl -u client:secret ${issuer}/oauth/token \\
      -d grant_type=password -d username=${mobile} -d password=${password} \\
      -d 'scope=openid profile email'

  Sign in with a browser (${mobile} or somchai@example.com, password ${password}):
    ${signIn}
    then exchange the code from the address bar:
    curl ${issuer}/oauth/token -d grant_type=authorization_code -d client_id=spa -d code=CODE \\
      -d redirect_uri=http://localhost:8080/cb -d code_verifier=${VERIFIER}

  Operator (role ${role}): ${operator.email}, password ${operator.password}
`;
}

const EMPTY = `
  The database is not on this machine, so it contains no demonstration data. Create a client and an account:
    npm run pratu -- client create --public --redirect-uri http://localhost:8080/cb
    npm run pratu -- account create --mobile 0812345678 --verified --password-stdin
`;

/** Returns the next steps for a new user, for the terminal. */
export function welcome(config: Config): string {
  const { issuer } = config.server;
  const signIn = demonstrationSignIn(config);
  return `
  Pratu is ready: ${issuer}    (${config.environment}, password policy ${config.passwords.policy})
${signIn === undefined ? EMPTY : demonstrated(issuer, signIn)}
  Development outbox:           ${issuer}/dev/outbox
  Discovery:                    ${issuer}/.well-known/openid-configuration
  Command line help:            npm run pratu -- --help
`;
}
