import { ADMIN_SCOPES } from '../../domain/operators/role.ts';
import { scopesOf } from './scopes.ts';

export const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';

/** The modes of an exchange: whether the new token identifies the party that acts for the person (RFC 8693 §1.1). */
const MODES = ['impersonation', 'delegation'] as const;
export type Mode = (typeof MODES)[number];

/** An exchange that the operator allows a client, an element of `token_exchange` in its registration. */
export interface ExchangeRule {
  /** The clients whose tokens may be exchanged. Defaults to any client. */
  subject_clients?: string[];
  /** The resource of these tokens. By default they may be for any resource, or for none. */
  subject_resource?: string;
  /** The resource of the new token. */
  resource: string;
  /** The maximum scope of the new token, separated by spaces. */
  scope: string;
  mode: Mode;
}

/** The properties of a presented token that a rule is matched against. */
export interface SubjectOfRule {
  clientId: string;
  audiences: readonly string[];
}

const MEMBERS = new Set(['subject_clients', 'subject_resource', 'resource', 'scope', 'mode']);
const MOST_RULES = 50;
const LONGEST_SCOPE = 2000;
const ADMIN: ReadonlySet<string> = new Set(ADMIN_SCOPES);

const isUri = (value: unknown): boolean => typeof value === 'string' && URL.canParse(value);
const isText = (value: unknown): boolean => typeof value === 'string' && value.length > 0;

/**
 * Returns whether a value is a valid scope of a rule. Scopes of the Admin API are excluded: it relies on the roles of
 * people who sign in, and no party may act there in their place.
 */
const isScope = (value: unknown): boolean =>
  typeof value === 'string' &&
  value.length <= LONGEST_SCOPE &&
  scopesOf(value).length > 0 &&
  !scopesOf(value).some((scope) => ADMIN.has(scope));

function isRule(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const rule = value as Record<string, unknown>;
  const { subject_clients: clients, subject_resource: from } = rule;
  return (
    Object.keys(rule).every((member) => MEMBERS.has(member)) &&
    // a rule must not cover the tokens of every client for every resource
    (clients !== undefined || from !== undefined) &&
    (clients === undefined || (Array.isArray(clients) && clients.length > 0 && clients.every(isText))) &&
    (from === undefined || isUri(from)) &&
    isUri(rule.resource) &&
    isScope(rule.scope) &&
    MODES.includes(rule.mode as Mode)
  );
}

/** Returns whether a value is valid for the registration member `token_exchange`. */
export const isExchangePolicy = (value: unknown): boolean =>
  Array.isArray(value) && value.length > 0 && value.length <= MOST_RULES && value.every(isRule);

/** Returns the rules in the registration member `token_exchange`, or an empty list without it. */
export const rulesOf = (policy: unknown): readonly ExchangeRule[] =>
  isExchangePolicy(policy) ? (policy as ExchangeRule[]) : [];

/** Returns whether a rule applies to a token. */
export const concerns = (
  { subject_clients: clients, subject_resource: from }: ExchangeRule,
  { clientId, audiences }: SubjectOfRule,
): boolean =>
  (clients === undefined || clients.includes(clientId)) && (from === undefined || audiences.includes(from));
