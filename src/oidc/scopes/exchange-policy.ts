import { ADMIN_SCOPES } from '../../domain/operators/role.ts';
import { scopesOf } from './scopes.ts';

export const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';

/** Whether the new token names who acts for the person (RFC 8693 §1.1). */
const MODES = ['impersonation', 'delegation'] as const;
export type Mode = (typeof MODES)[number];

/** One of the exchanges that the operator allows a client, a member of `token_exchange` of its registration. */
export interface ExchangeRule {
  /** Clients whose tokens it may exchange; those of any client without. */
  subject_clients?: string[];
  /** The resource that these tokens are for; any, or none, without. */
  subject_resource?: string;
  /** The resource of the new token. */
  resource: string;
  /** The most that it may be good for, separated by spaces. */
  scope: string;
  mode: Mode;
}

/** What a rule is asked about a token that is presented. */
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

/** The Admin API trusts roles of people who sign in: nobody acts there in their place. */
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
    // tokens of everybody for everything are not for the taking
    (clients !== undefined || from !== undefined) &&
    (clients === undefined || (Array.isArray(clients) && clients.length > 0 && clients.every(isText))) &&
    (from === undefined || isUri(from)) &&
    isUri(rule.resource) &&
    isScope(rule.scope) &&
    MODES.includes(rule.mode as Mode)
  );
}

/** Whether a value may be the member `token_exchange` of a registration. */
export const isExchangePolicy = (value: unknown): boolean =>
  Array.isArray(value) && value.length > 0 && value.length <= MOST_RULES && value.every(isRule);

/** The rules in the member `token_exchange` of a registration; none without it. */
export const rulesOf = (policy: unknown): readonly ExchangeRule[] =>
  isExchangePolicy(policy) ? (policy as ExchangeRule[]) : [];

/** Whether a rule is about a token. */
export const concerns = (
  { subject_clients: clients, subject_resource: from }: ExchangeRule,
  { clientId, audiences }: SubjectOfRule,
): boolean =>
  (clients === undefined || clients.includes(clientId)) && (from === undefined || audiences.includes(from));
