import { randomInt } from 'node:crypto';
import type { Config } from '../../config/config.ts';
import { type ClientMetadata, onlyRefreshes, withDefaults } from '../../domain/clients/client.ts';
import { signsIn } from '../../domain/upstream/binding-name.ts';
import { randomHex } from '../../lib/ids.ts';
import { completeFapi, fapiProblem } from '../fapi/registration.ts';
import { rulesOf } from '../scopes/exchange-policy.ts';
import { scopesOf } from '../scopes/scopes.ts';
import { RegistrationError } from './registration-error.ts';

/** The members that the server generates. Metadata with one of them were meant for another server. */
const GENERATED = [
  'client_secret',
  'client_secret_expires_at',
  'client_id_issued_at',
  'registration_access_token',
];
const ID = /^[\x21-\x7e]{1,100}$/;
const NUMBERS = { from: 100_000_000, below: 1_000_000_000 };
/** Decimal IDs of a safe size, without leading zeros. */
const DECIMAL = /^[1-9]\d{0,14}$/;

/** Returns the scopes in a list. A file may contain any value here; the library refuses those that are not strings. */
const listed = (scope: unknown): string[] => (typeof scope === 'string' ? scopesOf(scope) : []);

const newNumber = (): number => randomInt(NUMBERS.from, NUMBERS.below);

/**
 * Returns the given ID or a new one: a number for a partner, otherwise hexadecimal, because a leading dash would make
 * it an option of the next command. Throws `RegistrationError` for an invalid ID.
 */
function idOf({ client_id: given, token_profile: profile }: Partial<ClientMetadata>): string {
  const id = given ?? (profile === 'partner' ? String(newNumber()) : randomHex(128));
  if (typeof id !== 'string' || !ID.test(id))
    throw new RegistrationError('client_id', 'The ID must have 1 to 100 visible ASCII characters.');
  if (profile === 'partner' && !DECIMAL.test(id))
    throw new RegistrationError('client_id', 'The ID of a partner must be a decimal number.');
  return id;
}

/** Returns the number that every client has in addition to its ID: the ID itself if that is decimal. */
function numberOf(id: string, given: number | undefined): number {
  if (!DECIMAL.test(id)) return given ?? newNumber();
  if (given !== undefined && given !== Number(id))
    throw new RegistrationError('number', 'A decimal ID is also the number.');
  return Number(id);
}

/** Returns the grants of a registration. Refuses a client that could never obtain a token, or never refresh one. */
function grantsOf({
  grant_types: grants = ['authorization_code'],
  scope,
}: Partial<ClientMetadata>): string[] {
  if (!Array.isArray(grants)) return [];
  if (listed(scope).includes('offline_access') && !grants.includes('refresh_token'))
    throw new RegistrationError('offline_access', 'The scope offline_access needs refresh tokens.');
  if (onlyRefreshes(grants))
    throw new RegistrationError('only_refreshes', 'Refresh tokens need a grant that signs users in.');
  return grants;
}

function checkBindings(bindings: unknown): void {
  const reserved = Array.isArray(bindings) ? bindings.find(signsIn) : undefined;
  if (reserved === undefined) return;
  throw new RegistrationError(
    'bindings',
    `Bindings of ${reserved} are sign-in methods. Only account owners create them, never clients.`,
  );
}

/**
 * Refuses a default that is not a resource of this server, and a scope that no resource offers: every request would
 * fail.
 */
function checkResources(metadata: ClientMetadata, resources: Config['resources']): void {
  const { default_resource: uri, client_credentials_scope: scope } = metadata;
  if (uri !== undefined && !resources.some(({ identifier }) => identifier === uri))
    throw new RegistrationError(
      'default_resource',
      `The resource '${uri}' is not listed in the setting 'resources'.`,
    );
  const known = new Set(resources.flatMap(({ scopes }) => scopes));
  const unknown = listed(scope).filter((one) => !known.has(one));
  if (unknown.length > 0)
    throw new RegistrationError(
      'client_credentials_scope',
      `No resource in the setting 'resources' offers ${unknown.join(', ')}.`,
    );
}

/** Refuses a rule for a resource or a scope that does not exist: every exchange would be refused. */
function checkExchanges({ token_exchange: rules }: ClientMetadata, resources: Config['resources']): void {
  // anything but a list of rules is refused with the rest of the metadata
  for (const { resource, subject_resource: from, scope } of rulesOf(rules)) {
    const unknown = [resource, from].find(
      (uri) => uri !== undefined && !resources.some(({ identifier }) => identifier === uri),
    );
    if (unknown !== undefined)
      throw new RegistrationError(
        'token_exchange',
        `The resource '${unknown}' is not listed in the setting 'resources'.`,
      );
    const { scopes = [] } = resources.find(({ identifier }) => identifier === resource) ?? {};
    const foreign = scopesOf(scope).filter((one) => !scopes.includes(one));
    if (foreign.length > 0)
      throw new RegistrationError('token_exchange', `'${resource}' does not offer ${foreign.join(', ')}.`);
  }
}

/**
 * Checks the FAPI profile before the library fills in its own defaults, which the operator did not request and which
 * are replaced.
 */
function checkFapi(metadata: Record<string, unknown>): void {
  const problem = fapiProblem(metadata);
  if (problem === undefined) return;
  throw new RegistrationError('invalid', `The client's metadata is not valid: ${problem}.`);
}

/**
 * Completes the registration in an operator's metadata: ID and number are generated, response types are derived from
 * the grant types by default, and Pratu's own members have their defaults. Throws `RegistrationError` for a client that
 * could not be used. Does not repeat the checks of the library.
 */
export function completeRegistration(
  given: Partial<ClientMetadata>,
  resources: Config['resources'],
): ClientMetadata {
  const generated = GENERATED.filter((member) => member in given);
  if (generated.length > 0)
    throw new RegistrationError(
      'generated',
      `${generated.join(', ')}: generated by the server and not accepted as input.`,
    );
  const id = idOf(given);
  checkBindings(given.bindings);
  const byCode = grantsOf(given).includes('authorization_code');
  const metadata = withDefaults({
    grant_types: ['authorization_code'],
    response_types: byCode ? ['code'] : [],
    redirect_uris: [],
    ...completeFapi(given),
    client_id: id,
    number: numberOf(id, given.number),
  });
  checkFapi(metadata);
  checkResources(metadata, resources);
  checkExchanges(metadata, resources);
  return metadata;
}
