import { isLoopbackName } from '../lib/loopback.ts';
import { authorizationDetailsProblems } from './authorization-details.ts';
import type { Config } from './config.ts';
import { consentProblems } from './consents.ts';
import type { Variables } from './environment.ts';
import { mutualTlsProblems } from './mutual-tls.ts';
import { securityTxtProblems } from './security-txt.ts';
import { upstreamProblems } from './upstream.ts';

function issuerProblems({ environment, server }: Config): string[] {
  const issuer = URL.parse(server.issuer);
  if (!issuer) return [];
  const problems: string[] = [];
  if (issuer.pathname !== '/' || issuer.search || issuer.hash || server.issuer.endsWith('/')) {
    problems.push('ISSUER: must consist of scheme, host and port, without a path or a trailing slash');
  }
  if (environment === 'production' && issuer.protocol !== 'https:') {
    problems.push('ISSUER: production requires an https URL, such as https://id.example.com');
  }
  if (environment !== 'production' && !isLoopbackName(issuer.hostname)) {
    problems.push(
      `ISSUER: ${issuer.hostname} is not this machine. Set NODE_ENV=production to serve other machines: development is not secured`,
    );
  }
  return problems;
}

/** The valid values of `NODE_ENV`. A typing error must not enable the relaxed rules of development. */
const ENVIRONMENTS = ['', 'development', 'test', 'production'];

/**
 * Returns the problems that the schema cannot detect: settings that are wrong in combination or in this environment.
 */
export function problemsOf(config: Config, variables: Variables): string[] {
  const problems = issuerProblems(config);
  if (!ENVIRONMENTS.includes(variables.NODE_ENV ?? '')) {
    problems.push(`NODE_ENV: ${variables.NODE_ENV} is not one of development, test, production`);
  }
  if (config.metrics.port !== undefined && config.metrics.port === config.server.port) {
    problems.push('METRICS_PORT: must differ from PORT');
  }
  if (config.resources?.some?.(({ identifier }) => identifier === `${config.server.issuer}/admin`)) {
    problems.push('resources: <ISSUER>/admin is the Admin API, which the server adds itself');
  }
  const { hostname } = URL.parse(config.server.issuer) ?? {};
  const { rpId } = config.passkeys;
  if (rpId !== undefined && hostname !== rpId && !hostname?.endsWith(`.${rpId}`)) {
    problems.push('passkeys.rpId: must be the host of ISSUER or a domain above it');
  }
  if (!config.facebook.appId !== !config.facebook.appSecret) {
    problems.push('FACEBOOK_APP_ID, FACEBOOK_APP_SECRET: set both or neither');
  }
  problems.push(
    ...authorizationDetailsProblems(
      config.authorizationDetails,
      config.resources?.map?.(({ identifier }) => identifier) ?? [],
    ),
  );
  const { provider, siteKey, secret } = config.bots;
  if (provider === undefined ? siteKey !== undefined : !siteKey || !secret) {
    problems.push('bots: provider, siteKey and secret (BOTS_SECRET) are needed together');
  }
  problems.push(
    ...consentProblems(config),
    ...upstreamProblems(config),
    ...mutualTlsProblems(config),
    ...securityTxtProblems(config),
  );
  if (config.database.readUrl && !config.database.url) {
    problems.push('DATABASE_READ_URL: needs DATABASE_URL, the server that it replicates');
  }
  if (config.database.pooler === 'transaction') {
    for (const [name, url] of [
      ['DATABASE_URL', config.database.url],
      ['DATABASE_READ_URL', config.database.readUrl],
    ]) {
      if (/[?&]options=/.test(url ?? ''))
        problems.push(`${name}: a transaction pooler takes no options. Set them on the role or the database`);
    }
  }
  if (config.environment !== 'production') {
    if (!isLoopbackName(config.server.host) && !config.server.developmentPublic) {
      problems.push(
        `HOST: development listens on this machine only, not on ${config.server.host}. DEVELOPMENT_PUBLIC=1 allows it, for a container whose port is published on this machine only`,
      );
    }
    return problems;
  }
  if (!variables.SECRET_KEY) {
    problems.push('SECRET_KEY: required in production. Generate one with: openssl rand -base64 32');
  }
  if (!config.database.url) {
    problems.push(
      'DATABASE_URL: production requires a PostgreSQL server; the embedded one is for development',
    );
  }
  if (!config.messages.smtpUrl && !config.messages.smsUrl) {
    problems.push('SMTP_URL, SMS_URL: production requires at least one of them');
  }
  if (config.messages.outbox) {
    problems.push('messages.outbox: not allowed in production');
  }
  return problems;
}
