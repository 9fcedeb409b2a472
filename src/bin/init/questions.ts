import { FRAMEWORKS } from '../frameworks/frameworks.ts';
import type { Variables } from '../kit/command-context.ts';
import { usage } from '../kit/failure.ts';
import type { Terminal } from '../kit/terminal.ts';
import { type Deployment, PROXIES, type ProxyKind } from './deployment.ts';
import { isPlainHost } from './plain-values.ts';

/** The options of `init`, as parsed by commander. */
export interface InitOptions {
  issuer?: string;
  port: number;
  databaseUrl?: string;
  smtpUrl?: string;
  smsUrl?: string;
  mailFrom?: string;
  proxy?: ProxyKind;
  tlsCertificate?: string;
  tlsKey?: string;
  image: string;
  for?: string;
  url?: string;
  redirectUri?: string[];
  resource?: string[];
  name?: string;
  yes?: boolean;
}

/** The first client of the deployment. */
export type FirstClient = Pick<InitOptions, 'url' | 'name'> & {
  for: string;
  redirectUri: string[] | undefined;
  resource: string[] | undefined;
};

/** Returns a variable of the environment. An empty variable counts as unset. */
const variable = (env: Variables, name: string): string | undefined => env[name] || undefined;

function issuerOf(text: string): URL {
  const url = URL.parse(text.replace(/\/$/, ''));
  const isBare = url?.pathname === '/' && !url.search && !url.hash && !url.username && !url.password;
  if (url?.protocol !== 'https:' || !isBare || !isPlainHost(url.hostname))
    throw usage(`'${text}' is not an https URL without a path, such as https://id.example.com.`);
  return url;
}

function proxyOf(text: string): ProxyKind {
  const proxy = PROXIES.find((one) => one === text);
  if (!proxy) throw usage(`'${text}' is not one of ${PROXIES.join(', ')}.`);
  return proxy;
}

/** Prompts for values that no option gives. Without a terminal or with `--yes`, uses the default. */
function asker({ terminal, yes }: { terminal: Terminal; yes: boolean | undefined }) {
  return async (question: string, given: string | undefined, usual = ''): Promise<string> => {
    if (given !== undefined) return given.trim();
    if (yes || !terminal.interactive) return usual;
    const answer = await terminal.ask(`${question}${usual ? ` [${usual}]` : ''}: `);
    return answer.trim() || usual;
  };
}

async function firstClient(
  ask: ReturnType<typeof asker>,
  options: InitOptions,
): Promise<FirstClient | undefined> {
  const names = Object.keys(FRAMEWORKS);
  const name = await ask(`First client (${names.join(', ')}; empty: none)`, options.for);
  if (name === '') return undefined;
  const framework = FRAMEWORKS[name];
  if (!framework) throw usage(`'${name}' is not one of ${names.join(', ')}.`);
  const url =
    framework.url === undefined
      ? options.url
      : await ask('Address of that application', options.url, framework.url);
  const needed = async (option: 'redirectUri' | 'resource', what: string): Promise<string[] | undefined> => {
    if (framework.needs !== option || options[option] !== undefined) return options[option];
    const answer = await ask(`${what}, such as ${framework.example}`, undefined);
    return answer ? [answer] : undefined;
  };
  return {
    for: name,
    ...(url === undefined ? {} : { url }),
    redirectUri: await needed('redirectUri', 'Redirect URI of that application'),
    resource: await needed('resource', 'Identifier of that API'),
    ...(options.name === undefined ? {} : { name: options.name }),
  };
}

/**
 * Builds the deployment from options, environment variables of the same meaning, and answers to prompts. Throws a usage
 * error for a missing or invalid value.
 */
export async function askForDeployment(
  options: InitOptions,
  { terminal, env }: { terminal: Terminal; env: Variables },
): Promise<{ deployment: Deployment; client: FirstClient | undefined }> {
  const ask = asker({ terminal, yes: options.yes });
  const issuerText = await ask(
    'Public https address of the server',
    options.issuer ?? variable(env, 'ISSUER'),
  );
  if (issuerText === '') throw usage('--issuer is needed, such as https://id.example.com.');
  const issuer = issuerOf(issuerText);
  const smtpUrl = await ask(
    'Mail server, such as smtps://USER:PASSWORD@mail.example.com (empty: none)',
    options.smtpUrl ?? variable(env, 'SMTP_URL'),
  );
  const smsUrl = await ask('URL of an SMS gateway (empty: none)', options.smsUrl ?? variable(env, 'SMS_URL'));
  if (smtpUrl === '' && smsUrl === '') throw usage('--smtp-url or --sms-url is needed.');
  const mailFrom = options.mailFrom ?? variable(env, 'MAIL_FROM') ?? `Pratu <no-reply@${issuer.hostname}>`;
  const databaseUrl = await ask(
    'URL of PostgreSQL (empty: the PostgreSQL of compose.yaml)',
    options.databaseUrl ?? variable(env, 'DATABASE_URL'),
  );
  const proxy = proxyOf(await ask(`Proxy (${PROXIES.join(', ')})`, options.proxy, 'nginx'));
  const client = await firstClient(ask, options);
  return {
    client,
    deployment: {
      issuer,
      port: options.port,
      databaseUrl: databaseUrl || undefined,
      smtpUrl: smtpUrl || undefined,
      smsUrl: smsUrl || undefined,
      mailFrom,
      proxy,
      certificate: options.tlsCertificate ?? `/etc/ssl/${issuer.hostname}.pem`,
      certificateKey: options.tlsKey ?? `/etc/ssl/${issuer.hostname}.key`,
      image: options.image,
    },
  };
}
