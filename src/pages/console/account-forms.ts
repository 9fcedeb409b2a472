import type { Context } from 'koa';
import type { ContactKind } from '../../domain/accounts/account.ts';
import type { AccountReads } from '../../domain/administration/account-reads.ts';
import type { ContactChanges } from '../../domain/administration/contact-changes.ts';
import type { Locks } from '../../domain/administration/locks.ts';
import type { PasswordResets } from '../../domain/administration/password-resets.ts';
import type { Consents } from '../../domain/consents/consents.ts';
import type { Origin } from '../../domain/known-origins/known-origins.ts';
import type { Lifecycle } from '../../domain/lifecycle/lifecycle.ts';
import type { Releases } from '../../domain/lifecycle/releases.ts';
import type { Sessions } from '../../domain/sessions/sessions.ts';
import { exportFile } from '../../domain/settings/export-file.ts';
import { FormRefused, type Sent } from '../kit/form-errors.ts';
import { accountIn } from './account-id.ts';
import { ACCOUNTS_PATH } from './accounts.ts';
import { type ConsoleForm, type Visit, withOutcome } from './console-page.ts';

export interface AccountActionsDeps {
  accountReads: AccountReads;
  contactChanges: ContactChanges;
  locks: Locks;
  lifecycle: Lifecycle;
  releases: Releases;
  passwordResets: PasswordResets;
  sessions: Pick<Sessions, 'end'>;
  consents: Pick<Consents, 'withdraw'>;
  originOf: (ctx: Context) => Origin;
  issuer: string;
  now: () => Date;
}

/** What the page may say was done. */
export const OUTCOMES = [
  'unlocked',
  'suspended',
  'activated',
  'signed_out_everywhere',
  'mobile_released',
  'national_id_released',
  'reset_sent',
  'contact_added',
  'contact_removed',
  'session_ended',
  'application_ended',
] as const;

const pathOf = (id: number): string => `${ACCOUNTS_PATH}/${id}`;
const kindIn = ({ kind }: Sent): ContactKind => (kind === 'email' ? 'email' : 'mobile');

/** What an operator types to erase an account: its ID, which is on the page. */
const isConfirmed = ({ confirmation = '' }: Sent, id: number): boolean => confirmation.trim() === String(id);

/** The forms on the page of an account. Each writes its audit event with the operator and the reason. */
export function accountForms(deps: AccountActionsDeps): ConsoleForm[] {
  const { contactChanges, locks, lifecycle, releases } = deps;

  const action = (
    name: string,
    outcome: (typeof OUTCOMES)[number],
    does: (id: number, sent: Sent, visit: Visit) => Promise<unknown>,
    { destructive = false } = {},
  ): ConsoleForm => ({
    action: `${ACCOUNTS_PATH}/:id/${name}`,
    scope: 'admin:accounts:write',
    destructive,
    async submit(sent, visit) {
      const id = accountIn(visit.params);
      await does(id, sent, visit);
      return withOutcome(pathOf(id), outcome);
    },
  });
  const destructive = { destructive: true };

  return [
    action('unlock', 'unlocked', locks.unlock),
    action('suspend', 'suspended', lifecycle.suspend, destructive),
    action('activate', 'activated', lifecycle.activate),
    action('sign-out', 'signed_out_everywhere', lifecycle.signOutEverywhere),
    action('release-mobile', 'mobile_released', releases.mobile, destructive),
    action('release-national-id', 'national_id_released', releases.nationalId, destructive),
    action('password-reset', 'reset_sent', (id, { channel }, { ctx }) =>
      deps.passwordResets.send(id, channel === 'sms' ? 'sms' : 'email', deps.originOf(ctx)),
    ),
    action(
      'add-contact',
      'contact_added',
      (id, sent) =>
        contactChanges.add(id, {
          kind: kindIn(sent),
          value: sent.value ?? '',
          verified: sent.verified === 'true',
        }),
      destructive,
    ),
    action(
      'remove-contact',
      'contact_removed',
      (id, sent) => contactChanges.remove(id, { kind: kindIn(sent), value: sent.value ?? '' }),
      destructive,
    ),
    action('end-session', 'session_ended', (id, { session = '' }) => deps.sessions.end(id, session)),
    action('end-application', 'application_ended', (id, { client = '' }) =>
      deps.consents.withdraw(id, client),
    ),
    {
      action: `${ACCOUNTS_PATH}/:id/export`,
      scope: 'admin:accounts:read',
      async submit(_sent, { params, ctx }) {
        const id = accountIn(params);
        const exported = await deps.accountReads.export(id);
        ctx.attachment(`account-${id}.json`);
        ctx.type = 'json';
        ctx.status = 200;
        ctx.body = JSON.stringify(exportFile(exported, { issuer: deps.issuer, at: deps.now() }), null, 2);
        return undefined;
      },
    },
    {
      action: `${ACCOUNTS_PATH}/:id/erase`,
      scope: 'admin:accounts:erase',
      destructive: true,
      async submit(sent, { params }) {
        const id = accountIn(params);
        if (!isConfirmed(sent, id))
          throw new FormRefused([{ field: 'confirmation', code: 'CONFIRMATION_WRONG' }]);
        await lifecycle.remove(id);
        return withOutcome(ACCOUNTS_PATH, 'erased');
      },
    },
  ];
}
