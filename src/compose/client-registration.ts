import type { Config } from '../config/config.ts';
import type { ClientRegistration } from '../domain/clients/client-registration.ts';
import type { Clients } from '../domain/clients/clients.ts';
import { AppError } from '../errors/app-error.ts';
import { editClient, registerClient } from '../oidc/library/client-registration.ts';
import { RegistrationError, type RegistrationProblem } from '../oidc/library/registration-error.ts';
import { resourceServers } from '../oidc/scopes/resource-servers.ts';

/** The metadata member that each problem concerns. oidc-provider names it in its message. */
const MEMBERS: Partial<Record<RegistrationProblem, string>> = {
  client_id: 'client_id',
  number: 'number',
  bindings: 'bindings',
  offline_access: 'grant_types',
  only_refreshes: 'grant_types',
  default_resource: 'default_resource',
  client_credentials_scope: 'client_credentials_scope',
  token_exchange: 'token_exchange',
  redirect_uri_scheme: 'redirect_uris',
};
const NAMED = /(?:not valid|members): (?:unknown )?(\w+)/;

function invalidMetadata(error: unknown): unknown {
  if (!(error instanceof RegistrationError)) return error;
  const field = MEMBERS[error.problem] ?? NAMED.exec(error.message)?.[1] ?? 'client_id';
  const refused = new AppError('INVALID_CLIENT_METADATA', { field });
  refused.message = error.message;
  return refused;
}

interface Deps {
  config: Config;
  clients: Clients;
  provider: () => Parameters<typeof registerClient>[0]['provider'];
}

/** Registrations by operators, validated by oidc-provider. */
export function clientRegistration({ config, clients, provider }: Deps): ClientRegistration {
  const parts = () => ({ provider: provider(), clients, resources: resourceServers(config) });
  const refusing = <T>(work: Promise<T>): Promise<T> =>
    work.catch((error: unknown) => {
      throw invalidMetadata(error);
    });
  return {
    create: (given) => refusing(registerClient(parts(), given)),
    edit: (edit) => refusing(editClient(parts(), edit)),
  };
}
