import type { ClientMetadata } from '../../domain/clients/client.ts';
import { usage } from '../kit/failure.ts';
import { APPS } from './apps.ts';
import type { Framework, Values } from './framework.ts';
import { JAVASCRIPT } from './javascript.ts';
import { MACHINES } from './machines.ts';
import { SERVERS } from './servers.ts';

/**
 * The frameworks by their names in `--for`. `docs/frameworks.md` and the table of `docs/clients.md` are generated from
 * it.
 */
export const FRAMEWORKS: Readonly<Record<string, Framework>> = {
  ...JAVASCRIPT,
  ...SERVERS,
  ...APPS,
  ...MACHINES,
};

const OPTIONS = { redirectUri: '--redirect-uri', resource: '--resource' } as const;
const GIVEN_BY = { redirectUri: 'redirect_uris', resource: 'resources' } as const;

/**
 * Returns the address of an application without a slash at the end. Throws a usage error unless it is an http or https
 * URL without a query, fragment or credentials.
 */
function applicationUrl(text: string): string {
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol) || url.search || url.hash || url.username || url.password)
    throw usage(`'${text}' is not an http or https URL without a query.`);
  return url.href.replace(/\/$/, '');
}

/** Returns the redirect URIs of a framework at an address. */
export const redirectUris = ({ redirect }: Framework, url: string): string[] =>
  redirect.map((one) => (one.startsWith('/') ? `${url}${one}` : one));

/** Characters with which a value in the lines to paste would break out of its quotes in a shell or a program. */
const UNQUOTABLE = /['"`\\$\p{Cc}]/u;

function refuseUnquotable({ client_id, redirect_uris, resources, ...given }: Partial<ClientMetadata>): void {
  const { default_resource, client_credentials_scope } = given;
  const shown = [client_id, default_resource, client_credentials_scope, redirect_uris?.[0], resources?.[0]];
  const wrong = shown.find((value) => value !== undefined && UNQUOTABLE.test(value));
  if (wrong !== undefined)
    throw usage(`With --for, '${wrong}' may contain no quotes, backslashes or dollar signs.`);
}

/**
 * Returns the registration of a client for a framework. Values that the operator gave take precedence over those of the
 * framework. Throws a usage error when an option is missing, when `url` is given for a framework without an address, or
 * when a value would break the lines to paste.
 */
export function registrationFor(
  name: string,
  given: Partial<ClientMetadata>,
  url: string | undefined,
): Partial<ClientMetadata> {
  const framework = FRAMEWORKS[name] as Framework;
  const { needs, example, metadata } = framework;
  if (url !== undefined && framework.url === undefined)
    throw usage(`--url has no meaning for '${name}', whose redirect URIs do not depend on an address.`);
  if (needs && given[GIVEN_BY[needs]] === undefined)
    throw usage(`'${name}' needs ${OPTIONS[needs]}, for example ${OPTIONS[needs]} ${example}.`);
  const at = applicationUrl(url ?? framework.url ?? 'http://localhost');
  const redirects = redirectUris(framework, at);
  const registration = {
    ...metadata,
    ...(redirects.length > 0 ? { redirect_uris: redirects } : {}),
    // libraries return to the address with or without its slash
    ...(framework.url === undefined ? {} : { post_logout_redirect_uris: [`${at}/`, at] }),
    ...given,
  };
  refuseUnquotable(registration);
  return registration;
}

/** Returns the values for the lines to paste after a registration. */
export function valuesOf(
  name: string,
  {
    issuer,
    metadata,
    secrets,
    url,
  }: {
    issuer: string;
    metadata: ClientMetadata;
    secrets: { secret?: string; api_key?: string; mobile_key?: string };
    url: string | undefined;
  },
): Values {
  const { url: usual } = FRAMEWORKS[name] as Framework;
  const address = url ?? usual;
  return {
    issuer,
    id: metadata.client_id,
    secret: secrets.secret ?? '',
    redirectUri: metadata.redirect_uris?.[0] ?? '',
    url: address === undefined ? '' : applicationUrl(address),
    apiKey: secrets.api_key ?? '',
    mobileKey: secrets.mobile_key ?? '',
    resource: metadata.resources?.[0] ?? metadata.default_resource ?? '',
    ownScope: metadata.client_credentials_scope ?? '',
  };
}

/** Formats the lines to paste for the terminal: each file under its name, then the remark. */
export function linesToPaste(name: string, values: Values): string {
  const { snippets, remark } = FRAMEWORKS[name] as Framework;
  const files = snippets(values).map(({ file, text }) => `--- ${file}\n${text}`);
  return [...files, ...(remark === undefined ? [] : [remark.replaceAll('`', '')])].join('\n\n');
}
