import type { Config } from '../../config/config.ts';
import type { ClientMetadata, SecretKind } from '../../domain/clients/client.ts';
import type { Clients, Effects } from '../../domain/clients/clients.ts';
import { NEW_SECRET, newSecrets } from '../../domain/clients/new-secrets.ts';
import { DEFAULT_CLIENT_SCOPE, KNOWN_SCOPES, scopesOf } from '../scopes/scopes.ts';
import { RegistrationError } from './registration-error.ts';
import { completeRegistration } from './registration-rules.ts';

interface Deps {
  /** The library's provider. Its types omit the parts of `Client` that are needed here. */
  provider: { Client: unknown };
  clients: Pick<Clients, 'create'>;
  resources: Config['resources'];
}

/** The library's schema, which its types omit: the constructor throws for metadata that it refuses. */
type ClientClass = new (metadata: object) => { metadata(): Record<string, unknown> };

/** Throws `RegistrationError` with the unknown scopes: the library's error does not name them. */
function checkScope(scope: unknown): void {
  if (typeof scope !== 'string') return;
  const unknown = scopesOf(scope).filter((one) => !KNOWN_SCOPES.has(one));
  if (unknown.length === 0) return;
  throw new RegistrationError(
    'invalid',
    `The client's metadata is not valid: unknown scope ${unknown.join(', ')}. Known scopes: ${[...KNOWN_SCOPES].join(', ')}.`,
  );
}

/**
 * Returns the members of a registration that the library supports. Throws `RegistrationError` with the library's
 * message.
 */
function known(provider: Deps['provider'], metadata: Record<string, unknown>): Record<string, unknown> {
  const Client = provider.Client as ClientClass;
  try {
    return new Client(metadata).metadata();
  } catch (error) {
    const { error_description: message } = error as { error_description?: string };
    if (message === undefined) throw error;
    const problem = message.includes('must only contain web uris') ? 'redirect_uri_scheme' : 'invalid';
    throw new RegistrationError(problem, `The client's metadata is not valid: ${message}.`);
  }
}

/** Throws `RegistrationError` for metadata, including the secret, that the library would refuse or ignore. */
export function validateRegistration(provider: Deps['provider'], metadata: Record<string, unknown>): void {
  checkScope(metadata.scope);
  const members = known(provider, metadata);
  const unknown = Object.keys(metadata).filter((member) => !(member in members));
  if (unknown.length > 0)
    throw new RegistrationError(
      'invalid',
      `The client's metadata has unknown members: ${unknown.join(', ')}.`,
    );
}

/**
 * Registers a client for an operator. Returns its registration and its secrets, which are shown once. Throws
 * `RegistrationError` for metadata that are refused, and `CLIENT_TAKEN` for an existing ID.
 */
export async function registerClient(
  { provider, clients, resources }: Deps,
  given: Partial<ClientMetadata>,
): Promise<{ metadata: ClientMetadata; secrets: Partial<Record<SecretKind, string>> }> {
  const metadata = completeRegistration(given, resources);
  const secrets = newSecrets(metadata);
  // always with a secret: an unknown method is then refused by its name, not for a missing secret
  validateRegistration(provider, { ...metadata, client_secret: secrets.secret ?? NEW_SECRET.secret() });
  await clients.create(metadata, secrets);
  return { metadata, secrets };
}

type Patch = Record<string, unknown>;

/** Applies a merge patch (RFC 7396) to a registration: null removes a member. */
const patched = (before: ClientMetadata, patch: Patch): Partial<ClientMetadata> =>
  Object.fromEntries(Object.entries({ ...before, ...patch }).filter(([, value]) => value !== null));

const without = (before: readonly string[], after: readonly string[]): string[] =>
  before.filter((one) => !after.includes(one));

const allScopes = ({ scope, client_credentials_scope: own }: ClientMetadata): string[] => [
  ...scopesOf(scope ?? DEFAULT_CLIENT_SCOPE),
  ...scopesOf(own),
];
const grantsOf = ({ grant_types: grants = ['authorization_code'] }: ClientMetadata): string[] => grants;

interface Edit {
  id: string;
  /** A merge patch (RFC 7396), or a function that derives one from the current registration. */
  patch: Patch | ((before: ClientMetadata) => Patch);
  /** Refuses the edit by throwing, if the current registration is not the version that the caller has seen. */
  check?: (before: ClientMetadata) => void;
  dryRun?: boolean;
}

/**
 * Changes a registration for an operator. Ends only the tokens that the new one no longer allows, and returns their
 * number. A secret that is required for the first time is generated, and shown once. Throws the errors of
 * `registerClient`, and `CLIENT_NOT_FOUND`.
 */
export async function editClient(
  {
    provider,
    clients,
    resources,
  }: Omit<Deps, 'clients'> & { clients: Pick<Clients, 'edit' | 'rotateSecret'> },
  { id, patch, check, dryRun = false }: Edit,
): Promise<{ metadata: ClientMetadata; effects: Effects; secrets: Partial<Record<SecretKind, string>> }> {
  const secrets: Partial<Record<SecretKind, string>> = {};
  const { metadata, effects } = await clients.edit(
    id,
    (before) => {
      check?.(before);
      const given = typeof patch === 'function' ? patch(before) : patch;
      if (given.client_id !== undefined && given.client_id !== id)
        throw new RegistrationError('client_id', 'The ID of a client cannot be changed.');
      // response types are derived from the grant types by default
      const { response_types: responses, ...rest } = patched(before, given);
      const keeps = given.response_types !== undefined || given.grant_types === undefined;
      const after = completeRegistration(
        keeps && responses ? { ...rest, response_types: responses } : rest,
        resources,
      );
      // an empty scope is stored for a client without scopes of its own, but the library does not accept one
      const { scope, ...others } = after;
      const judged = scope === '' ? others : after;
      validateRegistration(provider, { ...judged, client_secret: NEW_SECRET.secret() });
      const needed = newSecrets(after);
      const had = newSecrets(before);
      for (const kind of Object.keys(needed) as SecretKind[])
        if (!(kind in had)) secrets[kind] = needed[kind] as string;
      const ending = {
        scopes: without(allScopes(before), allScopes(after)),
        grants: without(grantsOf(before), grantsOf(after)),
      };
      return { metadata: after, ending };
    },
    { dryRun },
  );
  if (dryRun) return { metadata, effects, secrets: {} };
  for (const [kind, secret] of Object.entries(secrets))
    await clients.rotateSecret(id, 0, { kind: kind as SecretKind, secret });
  return { metadata, effects, secrets };
}
