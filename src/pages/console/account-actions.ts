import type { Context, Middleware } from 'koa';
import type { NationalIds } from '../../domain/accounts/national-ids.ts';
import type { AccountReads } from '../../domain/administration/account-reads.ts';
import type { PasswordResets } from '../../domain/administration/password-resets.ts';
import type { Origin } from '../../domain/known-origins/known-origins.ts';
import type { Lifecycle } from '../../domain/lifecycle/lifecycle.ts';
import type { Releases } from '../../domain/lifecycle/releases.ts';
import { exportFile } from '../../domain/settings/export-file.ts';
import type { HeldAuthenticators } from '../../domain/settings/held-authenticators.ts';
import { FormRefused, type Sent } from '../kit/form-errors.ts';
import { accountIn } from './account-id.ts';
import { accountForm, accountPage, accountPath } from './account-page.ts';
import { ACCOUNTS_PATH } from './accounts.ts';
import { type ConsoleArea, type ConsoleForm, withOutcome } from './console-page.ts';

export interface AccountActionsDeps {
  accountReads: AccountReads;
  nationalIds: Pick<NationalIds, 'read'>;
  lifecycle: Lifecycle;
  releases: Releases;
  passwordResets: PasswordResets;
  heldAuthenticators: HeldAuthenticators;
  originOf: (ctx: Context) => Origin;
  issuer: string;
  now: () => Date;
}

/** The outcomes of actions, which the first page of the account shows. */
export const ACTION_OUTCOMES = [
  'suspended',
  'activated',
  'signed_out_everywhere',
  'mobile_released',
  'national_id_released',
  'reset_sent',
  'authenticator_removed',
] as const;

/** Whether the operator typed the account's ID, which is shown on the page, to confirm the erasure. */
const isConfirmed = ({ confirmation = '' }: Sent, id: number): boolean => confirmation.trim() === String(id);

/** Exports all stored data of the account as a file. */
const exportForm = ({ accountReads, issuer, now }: AccountActionsDeps): ConsoleForm => ({
  action: `${accountPath(':id')}/export`,
  scope: 'admin:accounts:read',
  async submit(_sent, { params, ctx }) {
    const id = accountIn(params);
    const exported = await accountReads.export(id);
    ctx.attachment(`account-${id}.json`);
    ctx.type = 'json';
    ctx.status = 200;
    ctx.body = JSON.stringify(exportFile(exported, { issuer, at: now() }), null, 2);
    return undefined;
  },
});

const eraseForm = ({ lifecycle }: AccountActionsDeps): ConsoleForm => ({
  action: `${accountPath(':id')}/erase`,
  scope: 'admin:accounts:erase',
  destructive: true,
  async submit(sent, { params }) {
    const id = accountIn(params);
    if (!isConfirmed(sent, id))
      throw new FormRefused([{ field: 'confirmation', code: 'CONFIRMATION_WRONG' }]);
    await lifecycle.remove(id);
    return withOutcome(ACCOUNTS_PATH, 'erased');
  },
});

/** `/console/accounts/:id/actions`: the actions that operators can take on an account. */
export function accountActionsPage(area: ConsoleArea, deps: AccountActionsDeps): Middleware {
  const { accountReads, nationalIds, lifecycle, releases, passwordResets, heldAuthenticators, originOf } =
    deps;
  const destructive = { destructive: true };
  return accountPage(area, accountReads, {
    name: 'console/account-actions',
    part: 'actions',
    async load({ id, contacts }) {
      const [nationalId, authenticators] = await Promise.all([
        nationalIds.read(id),
        heldAuthenticators.list(id),
      ]);
      return {
        kinds: [...new Set(contacts.map(({ kind }) => kind))],
        hasNationalId: nationalId !== undefined,
        authenticators: authenticators.map(({ id: authenticator, method, name }) => ({
          ...{ id: authenticator, method, name },
        })),
      };
    },
    forms: [
      accountForm('suspend', 'suspended', lifecycle.suspend, destructive),
      accountForm('activate', 'activated', lifecycle.activate),
      accountForm('sign-out', 'signed_out_everywhere', lifecycle.signOutEverywhere),
      accountForm('release-mobile', 'mobile_released', releases.mobile, destructive),
      accountForm('release-national-id', 'national_id_released', releases.nationalId, destructive),
      accountForm(
        'remove-authenticator',
        'authenticator_removed',
        (id, { authenticator = '' }) => heldAuthenticators.remove(id, authenticator),
        destructive,
      ),
      accountForm('password-reset', 'reset_sent', (id, { channel }, { ctx }) =>
        passwordResets.send(id, channel === 'sms' ? 'sms' : 'email', originOf(ctx)),
      ),
      exportForm(deps),
      eraseForm(deps),
    ],
  });
}
