import type { Context, Middleware } from 'koa';
import { APPROVALS_PATH } from '../../domain/approvals/approvals.ts';
import type { Consent } from '../../domain/consents/consents.ts';
import { type Clock, epochSeconds } from '../../lib/clock.ts';
import { shownName } from '../kit/client-card.ts';
import type { ShownApproval } from '../page-data/approvals-data.ts';
import type { ClientCard } from '../page-data/form.ts';
import { momentWriter } from '../page-data/moment.ts';
import type { AccountContext } from './account-context.ts';
import { type AccountArea, type AccountForm, accountPage, withOutcome } from './account-page.ts';

/** A request as the protocol stores it. */
interface Approval extends Consent {
  id: string;
  client: ClientCard;
  bindingMessage: string | undefined;
  details: ShownApproval['details'];
  requestedAt: Date;
  expiresAt: Date;
  acrValues: readonly string[];
  /** Seconds. */
  maxAge: number | undefined;
}

interface Deps {
  approvals: {
    list(accountId: number): Promise<readonly Approval[]>;
    answer(
      id: string,
      approved: boolean,
      session: Pick<AccountContext, 'acr' | 'amr' | 'signedInAt'> & { accountId: number; requestId?: string },
    ): Promise<boolean>;
  };
  clock: Clock;
  timeZone: string;
}

/**
 * The authentication contexts that the client prefers, requested once per request. A sign-in after the request has
 * already asked for them.
 */
function missingContexts(
  { acrValues, requestedAt }: Approval,
  { acr, signedInAt }: AccountContext,
): readonly string[] {
  const isSince = signedInAt * 1000 >= requestedAt.getTime();
  return isSince || acrValues.includes(acr ?? '') ? [] : acrValues;
}

/** Whether the sign-in is older than the client allows. */
const isTooOld = ({ maxAge, requestedAt }: Approval, { signedInAt }: AccountContext, now: number): boolean =>
  maxAge !== undefined && signedInAt * 1000 < requestedAt.getTime() && now - signedInAt > maxAge;

/** `/account/approvals`: the requests that clients make without the browser (CIBA), and the answer to each. */
export function approvalsPage(area: AccountArea, { approvals, clock, timeZone }: Deps): Middleware {
  const written = momentWriter(timeZone);

  /** Starts a sign-in and returns true if one is required. The person answers again afterwards. */
  function asksToSignIn(ctx: Context, visitor: AccountContext, approval: Approval): boolean {
    const acrValues = missingContexts(approval, visitor);
    const isRecent =
      visitor.isRecentlyAuthenticated && !isTooOld(approval, visitor, epochSeconds(clock.now()));
    if (isRecent && acrValues.length === 0) return false;
    area.accountContexts.signIn(ctx, APPROVALS_PATH, { again: true, acrValues: approval.acrValues });
    return true;
  }

  const answering =
    (approved: boolean, outcome: string): AccountForm['submit'] =>
    async ({ request = '' }, visitor, ctx) => {
      const { account, acr, amr, signedInAt } = visitor;
      const approval = (await approvals.list(account.id)).find(({ id }) => id === request);
      // a denial requires no proof
      if (approved && approval && asksToSignIn(ctx, visitor, approval)) return undefined;
      const session = { accountId: account.id, acr, amr, signedInAt, requestId: ctx.state.requestId };
      const isAnswered = approval !== undefined && (await approvals.answer(request, approved, session));
      return withOutcome(APPROVALS_PATH, isAnswered ? outcome : 'approval_gone');
    };

  return accountPage(area, {
    name: 'account/approvals',
    path: APPROVALS_PATH,
    outcomes: ['approval_given', 'approval_denied', 'approval_gone'],
    async load({ account, isRecentlyAuthenticated }) {
      const waiting = await approvals.list(account.id);
      return {
        needsRecentSignIn: !isRecentlyAuthenticated,
        approvals: waiting.map(({ client, resources, requestedAt, expiresAt, ...asked }) => ({
          id: asked.id,
          bindingMessage: asked.bindingMessage,
          details: asked.details,
          scopes: asked.scopes,
          claims: asked.claims,
          client: { ...client, name: shownName(client.name) },
          resources: Object.entries(resources).map(([identifier, scopes]) => ({ identifier, scopes })),
          requestedAt: written(requestedAt),
          expiresAt: written(expiresAt, requestedAt),
        })),
      };
    },
    forms: [
      { action: `${APPROVALS_PATH}/approve`, submit: answering(true, 'approval_given') },
      { action: `${APPROVALS_PATH}/deny`, submit: answering(false, 'approval_denied') },
    ],
  });
}
