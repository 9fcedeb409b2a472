import type { Config } from '../../config/config.ts';
import type { ClientMetadata, SecretKind } from '../../domain/clients/client.ts';
import type { Clients } from '../../domain/clients/clients.ts';
import { NEW_SECRET, newSecrets } from '../../domain/clients/new-secrets.ts';
import { KNOWN_SCOPES, scopesOf } from '../scopes/scopes.ts';
import { RegistrationError } from './registration-error.ts';
import { completeRegistration } from './registration-rules.ts';

interface Deps {
  /** The library's provider, of whose `Client` nothing is typed that is needed here. */
  provider: { Client: unknown };
  clients: Pick<Clients, 'create'>;
  resources: Config['resources'];
}

/** The library's schema, which its types leave out: the constructor throws for metadata that it refuses. */
type ClientClass = new (metadata: object) => { metadata(): Record<string, unknown> };

/** The library says only that one of the scopes is wrong. */
function checkScope(scope: unknown): void {
  if (typeof scope !== 'string') return;
  const unknown = scopesOf(scope).filter((one) => !KNOWN_SCOPES.has(one));
  if (unknown.length === 0) return;
  throw new RegistrationError(
    'invalid',
    `The client's metadata is not valid: unknown scope ${unknown.join(', ')}. Known scopes: ${[...KNOWN_SCOPES].join(', ')}.`,
  );
}

/** The members that the library knows of a registration. Throws `RegistrationError` with its message. */
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

/** Throws `RegistrationError` for metadata, its secret included, that the library would refuse or ignore. */
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
 * Registers a client for an operator, and answers its registration and its secrets, which are shown once. Throws
 * `RegistrationError` for metadata that are refused, and `CLIENT_TAKEN` for an ID that exists.
 */
export async function registerClient(
  { provider, clients, resources }: Deps,
  given: Partial<ClientMetadata>,
): Promise<{ metadata: ClientMetadata; secrets: Partial<Record<SecretKind, string>> }> {
  const metadata = completeRegistration(given, resources);
  const secrets = newSecrets(metadata);
  // with a secret in any case: an unknown method is then refused by its name, not for the secret it lacks
  validateRegistration(provider, { ...metadata, client_secret: secrets.secret ?? NEW_SECRET.secret() });
  await clients.create(metadata, secrets);
  return { metadata, secrets };
}
