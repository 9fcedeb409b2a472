import { randomBytes } from 'node:crypto';
import { randomHex, randomToken } from '../../lib/ids.ts';
import { usage } from '../kit/failure.ts';
import { type Deployment, type NewFile, SECRET_MODE } from './deployment.ts';

/** Returns the variables of a new deployment, with newly generated secrets. */
export function variablesOf(deployment: Deployment): Record<string, string> {
  const { issuer, port, databaseUrl, smtpUrl, smsUrl, mailFrom, proxy } = deployment;
  const password = randomHex(128);
  return {
    NODE_ENV: 'production',
    ISSUER: issuer.origin,
    PORT: String(port),
    TRUST_PROXY: proxy === 'none' ? '0' : '1',
    SECRET_KEY: randomBytes(32).toString('base64'),
    ...(databaseUrl === undefined
      ? {
          POSTGRES_PASSWORD: password,
          DATABASE_URL: `postgres://pratu:${password}@postgres:5432/pratu`,
        }
      : { DATABASE_URL: databaseUrl }),
    ...(smtpUrl === undefined ? {} : { SMTP_URL: smtpUrl, MAIL_FROM: mailFrom }),
    ...(smsUrl === undefined ? {} : { SMS_URL: smsUrl }),
    METRICS_TOKEN: randomToken(256),
  };
}

/**
 * Puts a value in single quotes, which Compose, systemd and `node --env-file` all read literally. Throws a usage error
 * for a value that cannot be quoted.
 */
function quoted([name, value]: [string, string]): string {
  // Compose treats a backslash before the last quote as an escape
  if (/['\\\r\n]/.test(value))
    throw usage(
      `${name} contains a quote, a backslash or a line break. In a URL, write a quote as %27 and a backslash as %5C.`,
    );
  return `${name}='${value}'`;
}

export const envFile = (variables: Record<string, string>): NewFile => ({
  name: '.env',
  mode: SECRET_MODE,
  text: `# Settings of this deployment of Pratu; config/README.md explains each and lists the others. Keep this file secret.
# Back up SECRET_KEY apart from the database: without it, encrypted values cannot be read.
${Object.entries(variables).map(quoted).join('\n')}
`,
});
