import type { Context } from 'koa';
import { errors, type Provider } from 'oidc-provider';
import type { Consent, Consents } from '../../domain/consents/consents.ts';
import { AppError } from '../../errors/app-error.ts';
import { type Clock, epochSeconds } from '../../lib/clock.ts';
import { actAs } from '../../lib/request-context.ts';
import type { Beginnings } from '../edge/beginnings.ts';
import { type ShownClient, shownClient } from '../edge/pages.ts';
import { extendGrant } from '../scopes/existing-grant.ts';
import { ACCOUNT_PROMPT, OTHER_ACCOUNT } from './account-prompts.ts';
import { CONTACTS_PROMPT } from './interaction-policy.ts';
import { AUTHENTICATIONS, acrValues, type SignInWay } from './methods.ts';
import { signInWays } from './offered-methods.ts';
import { restartOf } from './original-url.ts';

export type SignInStep = 'account' | 'login' | 'contacts' | 'consent';

/** What a page needs to know of the sign-in that it is part of. */
export interface InteractionView {
  uid: string;
  /** The same for all steps of one request. */
  cid: string;
  step: SignInStep;
  client: ShownClient;
  clientId: string;
  loginHint: string;
  uiLocales: string | undefined;
  /** The person is signed in and must prove it again; not, when somebody else should sign in. */
  reauthenticate: boolean;
  /** How the person may sign in, what the client likes best first. */
  ways: readonly SignInWay[];
  /** Where the same request begins again; undefined when it cannot be made again from here. */
  restart: string | undefined;
  accountId: number | undefined;
  /** What the person is asked to allow. */
  missing: Consent;
}

/** The steps of a sign-in, for the pages. Each ends in the address to go to next; all throw `INTERACTION_EXPIRED`. */
export interface Interactions {
  find(ctx: Context, uid: string): Promise<InteractionView>;
  signedIn(ctx: Context, uid: string, accountId: number, way: SignInWay): Promise<string>;
  /** Goes on with a sign-in that asked about contacts, whatever the person said. */
  contactsAnswered(ctx: Context, uid: string): Promise<string>;
  /** Goes on with the account that is signed in. */
  accountChosen(ctx: Context, uid: string): Promise<string>;
  /** Leads to a sign-in with another account, from whatever step. */
  otherAccount(ctx: Context, uid: string): Promise<string>;
  consented(ctx: Context, uid: string): Promise<string>;
  cancelled(ctx: Context, uid: string): Promise<string>;
}

interface Deps {
  provider: () => Provider;
  consents: Consents;
  clock: Clock;
  /** How people can sign in here. */
  ways: readonly SignInWay[];
  beginnings: Pick<Beginnings, 'refund'>;
}

type Details = Awaited<ReturnType<Provider['interactionDetails']>>;

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** What the person is asked to allow: what is new, or everything when the client wants a consent repeated. */
function missingOf({ prompt: { details } }: Details): Consent {
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
  return name === 'consent' || name === CONTACTS_PROMPT ? name : 'login';
}

/** Why a sign-in is not that of whoever is signed in: the person, or the client, means another account. */
const FOR_ANOTHER = [OTHER_ACCOUNT, 'id_token_hint', 'claims_id_token_sub_value'];

/** The client's hint is of no use any more. */
const saysOther = ({ prompt: { reasons } }: Details): boolean => reasons.includes(OTHER_ACCOUNT);

const mustProveAgain = ({ session, prompt: { reasons } }: Details): boolean =>
  session?.accountId !== undefined && !reasons.some((reason) => FOR_ANOTHER.includes(reason));

/** An essential `acr` that no sign-in here gives: asking again would never end (OpenID Connect Core §5.5.1.1). */
function isOutOfReach({ prompt: { details } }: Details, ways: readonly SignInWay[]): boolean {
  const { acr } = details as { acr?: { value?: string; values?: string[] } };
  const given = acrValues(ways);
  return (
    acr !== undefined && ![acr.value, ...(acr.values ?? [])].some((value) => given.includes(value ?? ''))
  );
}

export function interactions({ provider, consents, clock, ways, beginnings }: Deps): Interactions {
  async function details(ctx: Context, uid: string): Promise<Details> {
    try {
      const found = await provider().interactionDetails(ctx.req, ctx.res);
      if (found.uid === uid) return found;
    } catch (error) {
      // the cookie is missing, of another browser, or its interaction is over
      if (!(error instanceof errors.SessionNotFound)) throw error;
    }
    throw new AppError('INTERACTION_EXPIRED');
  }

  async function clientOf(found: Details) {
    const client = await provider().Client.find(text(found.params.client_id) ?? '');
    if (!client) throw new AppError('INTERACTION_EXPIRED');
    return client;
  }

  return {
    async find(ctx, uid) {
      const found = await details(ctx, uid);
      const client = await clientOf(found);
      return {
        uid,
        cid: found.cid,
        step: stepOf(found),
        client: shownClient(client),
        clientId: client.clientId,
        loginHint: saysOther(found) ? '' : (text(found.params.login_hint) ?? ''),
        uiLocales: text(found.params.ui_locales),
        reauthenticate: mustProveAgain(found),
        ways: signInWays(ways, found.params),
        restart: restartOf(found.params, client),
        accountId: found.session?.accountId === undefined ? undefined : Number(found.session.accountId),
        missing: missingOf(found),
      };
    },
    async signedIn(ctx, uid, accountId, way) {
      if (isOutOfReach(await details(ctx, uid), ways)) {
        const refusal = {
          error: 'unmet_authentication_requirements',
          error_description: 'none of the requested ACRs could be obtained',
        };
        return provider().interactionResult(ctx.req, ctx.res, refusal, { mergeWithLastSubmission: false });
      }
      const login = {
        accountId: String(accountId),
        ...AUTHENTICATIONS[way],
        ts: epochSeconds(clock.now()),
        remember: true,
      };
      const next = await provider().interactionResult(
        ctx.req,
        ctx.res,
        { login },
        { mergeWithLastSubmission: false },
      );
      await beginnings.refund(ctx);
      return next;
    },
    async contactsAnswered(ctx, uid) {
      await details(ctx, uid);
      const result = { [CONTACTS_PROMPT]: {} };
      return provider().interactionResult(ctx.req, ctx.res, result, { mergeWithLastSubmission: true });
    },
    async accountChosen(ctx, uid) {
      await details(ctx, uid);
      const result = { [ACCOUNT_PROMPT]: {} };
      return provider().interactionResult(ctx.req, ctx.res, result, { mergeWithLastSubmission: false });
    },
    async otherAccount(ctx, uid) {
      await details(ctx, uid);
      const result = { [OTHER_ACCOUNT]: {} };
      return provider().interactionResult(ctx.req, ctx.res, result, { mergeWithLastSubmission: false });
    },
    async consented(ctx, uid) {
      const found = await details(ctx, uid);
      const client = await clientOf(found);
      const { Grant } = provider();
      const accountId = found.session?.accountId;
      if (accountId === undefined) throw new AppError('INTERACTION_EXPIRED');
      const existing = found.grantId ? await Grant.find(found.grantId) : undefined;
      const grant = existing ?? new Grant({ accountId, clientId: client.clientId });
      const allowed = missingOf(found);
      extendGrant(grant, allowed);
      const grantId = await grant.save();
      actAs(`account:${Number(accountId)}`);
      await consents.grant(Number(accountId), client.clientId, allowed);
      return provider().interactionResult(
        ctx.req,
        ctx.res,
        { consent: { grantId } },
        { mergeWithLastSubmission: true },
      );
    },
    async cancelled(ctx, uid) {
      await details(ctx, uid);
      const refusal = { error: 'access_denied', error_description: 'End-User aborted interaction' };
      return provider().interactionResult(ctx.req, ctx.res, refusal, { mergeWithLastSubmission: false });
    },
  };
}
