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

/** The data that a page needs about its sign-in. */
export interface InteractionView {
  uid: string;
  /** The same for all steps of one request. */
  cid: string;
  step: SignInStep;
  client: ShownClient;
  clientId: string;
  loginHint: string;
  /** The provider that the client prefers for the sign-in. */
  identityProvider: string | undefined;
  uiLocales: string | undefined;
  /** The person is signed in and must authenticate again; false when another person should sign in. */
  reauthenticate: boolean;
  /** The methods by which the person may sign in, the client's preference first. */
  methods: readonly MethodName[];
  /** A first factor is complete, and one of these methods is the second. */
  isLastStep: boolean;
  /** The URL that restarts the same request; undefined when it cannot be repeated from here. */
  originalUrl: string | undefined;
  accountId: number | undefined;
  /** The scopes, claims and resources that the person is asked to allow. */
  missing: Consent;
  /** The details that the client requests (RFC 9396), always in full. */
  details: readonly DetailText[];
}

/** An interaction as the library stores it. */
export type Details = Awaited<ReturnType<Provider['interactionDetails']>>;

export const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** Returns the consent to ask for: new parts only, or everything when the client requests the consent again. */
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

/** Returns whether the person chose another account: the client's hint no longer applies. */
const wantsOtherAccount = ({ prompt: { reasons } }: Details): boolean => reasons.includes(OTHER_ACCOUNT);

const mustReauthenticate = ({ session, prompt: { reasons } }: Details): boolean =>
  session?.accountId !== undefined && !reasons.some((reason) => FOR_ANOTHER.includes(reason));

/**
 * Returns whether no method here can satisfy an essential `acr`: asking again would never end (OpenID Connect Core
 * §5.5.1.1).
 */
export function isOutOfReach(found: Details, methods: readonly MethodName[]): boolean {
  const essential = essentialAcrs(found.params);
  const given = acrValues(methods);
  return essential !== undefined && !essential.some((acr) => given.includes(acr));
}

/** The reasons to ask a signed-in person for another factor, and for nothing else. */
const FOR_ANOTHER_FACTOR: readonly string[] = [ESSENTIAL_ACR, STEP_UP];

/** Returns the completed factor of a session that lacks only a second one; undefined for any other sign-in. */
export function stateToStepUp({ session, params, prompt: { reasons } }: Details): SignInState | undefined {
  const method = methodWithAcr(session?.acr);
  if (session?.accountId === undefined || method === undefined || !leadsToMfa(method)) return undefined;
  if (!requestedAcrs(params).includes(MFA.acr)) return undefined;
  if (!reasons.every((reason) => FOR_ANOTHER_FACTOR.includes(reason))) return undefined;
  // the second factor is later, and its time counts
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
