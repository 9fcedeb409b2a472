import type { Context } from 'koa';
import { errors, type InteractionResults, type Provider } from 'oidc-provider';
import { passwordMethod } from '../../domain/authenticators/password/method.ts';
import type { Consents } from '../../domain/consents/consents.ts';
import type { MethodName } from '../../domain/sign-in/methods.ts';
import { missingPage, type Requirement, wantsTwoFactors } from '../../domain/sign-in/requirements.ts';
import {
  authenticationContext,
  completeFactor,
  type SignInState,
} from '../../domain/sign-in/sign-in-state.ts';
import { AppError } from '../../errors/app-error.ts';
import { type Clock, epochSeconds } from '../../lib/clock.ts';
import { actAs } from '../../lib/request-context.ts';
import type { DetailTypes } from '../authorization-details/detail-types.ts';
import type { Beginnings } from '../edge/beginnings.ts';
import { isOfDocument } from '../edge/document-client.ts';
import { BROWSER, isOfBrowser, STATE } from '../edge/held-sign-in.ts';
import { currentUnit } from '../edge/unit.ts';
import { extendGrant } from '../scopes/existing-grant.ts';
import { ACCOUNT_PROMPT, OTHER_ACCOUNT } from './account-prompts.ts';
import { CONTACTS_PROMPT } from './interaction-policy.ts';
import {
  type Details,
  type InteractionView,
  isOutOfReach,
  missingOf,
  stateToStepUp,
  text,
  viewOf,
} from './interaction-view.ts';
import { PASSKEY_PROMPT } from './passkey-prompt.ts';
import { essentialAcrs, requestedAcrs } from './requested-methods.ts';
import type { SameBrowserDeps } from './same-browser.ts';
import { TERMS_PROMPT } from './terms-prompt.ts';

/** A page about a second factor, and its sign-in. */
export interface SecondFactorDue {
  accountId: number;
  /** Below `/interaction/:uid/`. */
  page: string;
  /** The first factor. */
  after: MethodName;
  /** The client requests two factors. */
  isWanted: boolean;
}

/** The facts about the account that a step has read. */
export interface KnownOfAccount {
  /** The account has no authenticator enabled. */
  hasNoAuthenticator?: boolean;
  /**
   * None of its contacts waits for confirmation. Only a recovery changes that, and it ends every sign-in in progress.
   */
  hasConfirmedContacts?: boolean;
}

/** The steps of a sign-in, for the pages. Each returns the URL to go to next; all throw `INTERACTION_EXPIRED`. */
export interface Interactions {
  find(ctx: Context, uid: string): Promise<InteractionView>;
  /**
   * Records a factor: the sign-in is finished, or continues at the page of its next requirement. `known` contains facts
   * that were read with the factor, and need not be read again.
   */
  factorCompleted(
    ctx: Context,
    uid: string,
    accountId: number,
    method: MethodName,
    known?: KnownOfAccount,
  ): Promise<string>;
  /** Returns the page about a second factor that is due now; undefined when none is. */
  secondFactorDue(ctx: Context, uid: string): Promise<SecondFactorDue | undefined>;
  /**
   * Returns the account that may report the second factor as lost at such a page, and its methods completed in this
   * very interaction. Undefined if there are none, as when a session is stepped up.
   */
  firstFactorIn(
    ctx: Context,
    uid: string,
  ): Promise<{ accountId: number; methods: readonly MethodName[] } | undefined>;
  /**
   * Continues when the account no longer has a second factor, to the next requirement or to the end. `generation` is
   * the account's current one, with which this sign-in continues.
   */
  secondFactorRemoved(ctx: Context, uid: string, generation: number): Promise<string>;
  /** Continues a sign-in that asked to accept the terms, when they are accepted or may be deferred. */
  termsAnswered(ctx: Context, uid: string): Promise<string>;
  /** Continues a sign-in that asked about contacts, regardless of the person's answer. */
  contactsAnswered(ctx: Context, uid: string): Promise<string>;
  /** Continues a sign-in that offered a passkey, regardless of the person's answer. */
  passkeyAnswered(ctx: Context, uid: string): Promise<string>;
  /** Continues with the account that is signed in. */
  accountChosen(ctx: Context, uid: string): Promise<string>;
  /** Redirects to a sign-in with another account, from any step. */
  otherAccount(ctx: Context, uid: string): Promise<string>;
  consented(ctx: Context, uid: string): Promise<string>;
  cancelled(ctx: Context, uid: string): Promise<string>;
}

interface Deps extends SameBrowserDeps {
  provider: () => Provider;
  detailTypes: Pick<DetailTypes, 'textsOf'>;
  consents: Consents;
  clock: Clock;
  /** The methods that this deployment currently offers; read each time, because operators add providers. */
  methods: readonly MethodName[];
  /** The requirements of every sign-in, in the order in which they are requested. */
  requirements: readonly Requirement[];
  /** Returns whether the account needs no second factor in this browser. */
  isRemembered: (ctx: Context, accountId: number) => Promise<boolean>;
  beginnings: Pick<Beginnings, 'refund'>;
  /** Called when an account has completed its sign-in. Links the identities that the person wanted to link. */
  linkPending: (ctx: Context, uid: string, accountId: number) => Promise<void>;
}

/** The prefix of the pages about a second factor. */
const SECOND_FACTOR = 'second-factor';

const UNREACHABLE_ACR = {
  error: 'unmet_authentication_requirements',
  error_description: 'none of the requested ACRs could be obtained',
};

const CANCELLED = { error: 'access_denied', error_description: 'End-User aborted interaction' };

export function interactions(deps: Deps): Interactions {
  const { provider, consents, clock, requirements, beginnings } = deps;

  async function details(ctx: Context, uid: string): Promise<Details> {
    try {
      const found = await provider().interactionDetails(ctx.req, ctx.res);
      if (found.uid === uid && isOfBrowser(found.result, deps.browserOf(ctx))) return found;
    } catch (error) {
      // the cookie is missing or of another sign-in, or its interaction has ended
      if (!(error instanceof errors.SessionNotFound)) throw error;
    }
    throw new AppError('INTERACTION_EXPIRED');
  }

  async function clientOf(ctx: Context, found: Details) {
    const client = await provider().Client.find(text(found.params.client_id) ?? '');
    if (!client) throw new AppError('INTERACTION_EXPIRED');
    ctx.state.clientId = client.clientId;
    return client;
  }

  /** Ends the step; `mergeWithLastSubmission` keeps the results of earlier steps of the same request. */
  const endWith = (
    ctx: Context,
    result: InteractionResults,
    mergeWithLastSubmission = false,
  ): Promise<string> => provider().interactionResult(ctx.req, ctx.res, result, { mergeWithLastSubmission });

  /** Stores the state, which is not a result yet: resuming the request now does not sign in. */
  async function keepState(ctx: Context, found: Details, state: SignInState): Promise<void> {
    found.result = { [STATE]: state, [BROWSER]: deps.browserOf(ctx) };
    await found.save(found.exp - epochSeconds(clock.now()));
  }

  /** Returns the factors that the account has completed in this very interaction. */
  const completedIn = (found: Details): SignInState | undefined =>
    found.prompt.name === 'login' ? (found.result?.[STATE] as SignInState | undefined) : undefined;

  /** Returns the factors that the account has completed, in this request or in the session that it steps up. */
  const stateOf = (found: Details): SignInState | undefined =>
    (found.result?.[STATE] as SignInState | undefined) ?? stateToStepUp(found);

  const missingIn = async (
    ctx: Context,
    found: Details,
    state: SignInState,
    { hasNoAuthenticator = false }: KnownOfAccount = {},
  ): Promise<string | undefined> =>
    missingPage(requirements, state, {
      hasNoAuthenticator,
      acrs: requestedAcrs(found.params),
      essential: essentialAcrs(found.params),
      isRemembered: await deps.isRemembered(ctx, state.accountId),
    });

  async function finish(
    ctx: Context,
    found: Details,
    state: SignInState,
    { hasConfirmedContacts = false }: KnownOfAccount,
  ): Promise<string> {
    const essential = essentialAcrs(found.params);
    const asked = { acrs: requestedAcrs(found.params), essential };
    const { acr, amr, authTime: ts } = authenticationContext(state, asked);
    // for example, two factors of an account that has only one: asking again would never end
    if (essential?.includes(acr) === false) return endWith(ctx, UNREACHABLE_ACR);
    const login = { accountId: String(state.accountId), acr, amr, ts, remember: true };
    await deps.linkPending(ctx, found.uid, state.accountId);
    const settled = hasConfirmedContacts ? { [CONTACTS_PROMPT]: {} } : {};
    const next = await endWith(ctx, { login, ...settled, [BROWSER]: deps.browserOf(ctx) });
    await beginnings.refund(ctx);
    return next;
  }

  /** Continues at the page of a missing requirement, or finishes. */
  async function goOn(
    ctx: Context,
    found: Details,
    state: SignInState,
    known: KnownOfAccount = {},
  ): Promise<string> {
    const page = await missingIn(ctx, found, state, known);
    if (page === undefined) return finish(ctx, found, state, known);
    await keepState(ctx, found, state);
    return `/interaction/${found.uid}/${page}`;
  }

  return {
    async find(ctx, uid) {
      const found = await details(ctx, uid);
      const view = viewOf(found, await clientOf(ctx, found), deps);
      const state = found.result?.[STATE] as SignInState | undefined;
      const isLast = state !== undefined && (await missingIn(ctx, found, state)) === passwordMethod.page;
      return isLast ? { ...view, methods: [passwordMethod.name], isLastStep: true } : view;
    },
    async factorCompleted(ctx, uid, accountId, method, known) {
      const found = await details(ctx, uid);
      if (isOutOfReach(found, deps.methods)) return endWith(ctx, UNREACHABLE_ACR);
      const state = completeFactor(stateOf(found), accountId, { method, at: epochSeconds(clock.now()) });
      return goOn(ctx, found, state, known);
    },
    async secondFactorDue(ctx, uid) {
      const found = await details(ctx, uid);
      const state = found.prompt.name === 'login' ? stateOf(found) : undefined;
      const page = state && (await missingIn(ctx, found, state));
      const after = state?.completed[0]?.method;
      if (!state || !after || !page?.startsWith(SECOND_FACTOR)) return undefined;
      const isWanted = wantsTwoFactors(state, requestedAcrs(found.params));
      return { accountId: state.accountId, page, after, isWanted };
    },
    async firstFactorIn(ctx, uid) {
      const found = await details(ctx, uid);
      const state = completedIn(found);
      if (!state || (await missingIn(ctx, found, state)) === undefined) return undefined;
      return { accountId: state.accountId, methods: state.completed.map(({ method }) => method) };
    },
    async secondFactorRemoved(ctx, uid, generation) {
      const found = await details(ctx, uid);
      const state = completedIn(found);
      if (!state) throw new AppError('INTERACTION_EXPIRED');
      currentUnit()?.work.generations.set(state.accountId, generation);
      return goOn(ctx, found, state);
    },
    async termsAnswered(ctx, uid) {
      await details(ctx, uid);
      return endWith(ctx, { [TERMS_PROMPT]: {} }, true);
    },
    async contactsAnswered(ctx, uid) {
      await details(ctx, uid);
      return endWith(ctx, { [CONTACTS_PROMPT]: {} }, true);
    },
    async passkeyAnswered(ctx, uid) {
      await details(ctx, uid);
      return endWith(ctx, { [PASSKEY_PROMPT]: {} }, true);
    },
    async accountChosen(ctx, uid) {
      await details(ctx, uid);
      return endWith(ctx, { [ACCOUNT_PROMPT]: {} });
    },
    async otherAccount(ctx, uid) {
      await details(ctx, uid);
      return endWith(ctx, { [OTHER_ACCOUNT]: {} });
    },
    async consented(ctx, uid) {
      const found = await details(ctx, uid);
      const client = await clientOf(ctx, found);
      const { Grant } = provider();
      const accountId = found.session?.accountId;
      if (accountId === undefined) throw new AppError('INTERACTION_EXPIRED');
      const existing = found.grantId ? await Grant.find(found.grantId) : undefined;
      const grant = existing ?? new Grant({ accountId, clientId: client.clientId });
      const allowed = missingOf(found);
      extendGrant(grant, allowed);
      const grantId = await grant.save();
      actAs(`account:${Number(accountId)}`);
      // an unregistered client needs consent in every session
      if (!isOfDocument(client)) await consents.grant(Number(accountId), client.clientId, allowed);
      return endWith(ctx, { consent: { grantId } }, true);
    },
    async cancelled(ctx, uid) {
      await details(ctx, uid);
      return endWith(ctx, CANCELLED);
    },
  };
}
