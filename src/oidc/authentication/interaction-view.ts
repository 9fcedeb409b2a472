import type { Client, Provider } from 'oidc-provider';
import type { Consent } from '../../domain/consents/consents.ts';
import { acrValues, leadsToMfa, type MethodName, methodWithAcr } from '../../domain/sign-in/methods.ts';
import { MFA } from '../../domain/sign-in/mfa.ts';
import type { SignInState } from '../../domain/sign-in/sign-in-state.ts';
import type { DetailText, DetailTypes } from '../authorization-details/detail-types.ts';
import { type ShownClient, shownClient } from '../edge/pages.ts';
import { ACCOUNT_PROMPT, OTHER_ACCOUNT } from './account-prompts.ts';
import { CONTACTS_PROMPT } from './interaction-policy.ts';
import { originalUrlOf } from './original-url.ts';
import { PASSKEY_PROMPT } from './passkey-prompt.ts';
import { essentialAcrs, requestedAcrs, requestedMethods } from './requested-methods.ts';
import { ESSENTIAL_ACR, STEP_UP } from './step-up.ts';
import { TERMS_PROMPT } from './terms-prompt.ts';

export type SignInStep = 'account' | 'login' | 'terms' | 'contacts' | 'passkey' | 'consent';

/** What a page needs to know of the sign-in that it is part of. */
export interface InteractionView {
  uid: string;
  /** The same for all steps of one request. */
  cid: string;
  step: SignInStep;
  client: ShownClient;
  clientId: string;
  loginHint: string;
  /** The provider that the client wants the person to sign in with. */
  identityProvider: string | undefined;
  uiLocales: string | undefined;
  /** The person is signed in and must authenticate again; false when another person should sign in. */
  reauthenticate: boolean;
  /** How the person may sign in, the client's preference first. */
  methods: readonly MethodName[];
  /** A first factor is complete, and one of these methods is the second. */
  isLastStep: boolean;
  /** The URL at which the same request begins again; undefined when it cannot be repeated from here. */
  originalUrl: string | undefined;
  accountId: number | undefined;
  /** What the person is asked to allow. */
  missing: Consent;
  /** The details that the client asks for (RFC 9396), always in full. */
  details: readonly DetailText[];
}

/** An interaction as the library stores it. */
export type Details = Awaited<ReturnType<Provider['interactionDetails']>>;

export const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** What the person is asked to allow: what is new, or everything when the client wants a consent repeated. */
export function missingOf({ prompt: { details } }: Details): Consent {
  const {
    missingOIDCScope: scopes = [],
    missingOIDCClaims: claims = [],
    missingResourceScopes: resources = {},
    asked = { scopes, claims, resources },
  } = details as {
    missingOIDCScope?: string[];
    missingOIDCClaims?: string[];
    missingResourceScopes?: Record<string, string[]>;
    asked?: Consent;
  };
  const isNew = scopes.length + claims.length + Object.keys(resources).length > 0;
  return isNew ? { scopes, claims, resources } : asked;
}

function stepOf({ prompt: { name } }: Details): SignInStep {
  if (name === ACCOUNT_PROMPT) return 'account';
  if (name === TERMS_PROMPT) return 'terms';
  return name === 'consent' || name === CONTACTS_PROMPT || name === PASSKEY_PROMPT ? name : 'login';
}

/** Reasons for a sign-in with another account than the current one: the person's choice, or the client's. */
const FOR_ANOTHER = [OTHER_ACCOUNT, 'id_token_hint', 'claims_id_token_sub_value'];

/** The client's hint no longer applies. */
const wantsOtherAccount = ({ prompt: { reasons } }: Details): boolean => reasons.includes(OTHER_ACCOUNT);

const mustReauthenticate = ({ session, prompt: { reasons } }: Details): boolean =>
  session?.accountId !== undefined && !reasons.some((reason) => FOR_ANOTHER.includes(reason));

/**
 * Whether an essential `acr` is one that no method here gives: asking again would never end (OpenID Connect Core
 * §5.5.1.1).
 */
export function isOutOfReach(found: Details, methods: readonly MethodName[]): boolean {
  const essential = essentialAcrs(found.params);
  const given = acrValues(methods);
  return essential !== undefined && !essential.some((acr) => given.includes(acr));
}

/** Reasons to ask someone who is signed in for a factor more, and for nothing else. */
const FOR_ANOTHER_FACTOR: readonly string[] = [ESSENTIAL_ACR, STEP_UP];

/** What a session has completed when only a second factor is missing; undefined for any other sign-in. */
export function stateToStepUp({ session, params, prompt: { reasons } }: Details): SignInState | undefined {
  const method = methodWithAcr(session?.acr);
  if (session?.accountId === undefined || method === undefined || !leadsToMfa(method)) return undefined;
  if (!requestedAcrs(params).includes(MFA.acr)) return undefined;
  if (!reasons.every((reason) => FOR_ANOTHER_FACTOR.includes(reason))) return undefined;
  // the second factor is the later one, whose time counts
  return { accountId: Number(session.accountId), completed: [{ method, at: 0 }] };
}

interface ViewDeps {
  methods: readonly MethodName[];
  detailTypes: Pick<DetailTypes, 'textsOf'>;
}

export const viewOf = (
  found: Details,
  client: Client,
  { methods, detailTypes }: ViewDeps,
): InteractionView => ({
  uid: found.uid,
  cid: found.cid,
  step: stepOf(found),
  client: shownClient(client),
  clientId: client.clientId,
  loginHint: wantsOtherAccount(found) ? '' : (text(found.params.login_hint) ?? ''),
  identityProvider: text(found.params.identity_provider),
  uiLocales: text(found.params.ui_locales),
  reauthenticate: mustReauthenticate(found),
  methods: requestedMethods(methods, found.params),
  isLastStep: false,
  originalUrl: originalUrlOf(found.params, client),
  accountId: found.session?.accountId === undefined ? undefined : Number(found.session.accountId),
  missing: missingOf(found),
  details: detailTypes.textsOf(found.params.authorization_details),
});
