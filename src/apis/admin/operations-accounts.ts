import type { AccountDetailsReader } from '../../domain/administration/account-details.ts';
import { type AccountEdit, type AccountEdits, versionOf } from '../../domain/administration/account-edits.ts';
import {
  type AccountListing,
  type ListFilter,
  SEARCHED,
  type Searched,
} from '../../domain/administration/account-listing.ts';
import type { AccountReads } from '../../domain/administration/account-reads.ts';
import type { Locks } from '../../domain/administration/locks.ts';
import type { Import } from '../../domain/import/import.ts';
import type { Lifecycle } from '../../domain/lifecycle/lifecycle.ts';
import type { Releases } from '../../domain/lifecycle/releases.ts';
import { exportFile } from '../../domain/settings/export-file.ts';
import type { HeldAuthenticators } from '../../domain/settings/held-authenticators.ts';
import { Violations } from '../../errors/violations.ts';
import {
  accountIdIn,
  type Described,
  noContent,
  ok,
  pageIn,
  precondition,
  type Reply,
  textIn,
  timeIn,
} from './operation.ts';
import { accountBody, accountInList } from './wire.ts';

export interface AccountsDeps {
  accountListing: AccountListing;
  accountDetails: AccountDetailsReader;
  accountReads: AccountReads;
  accountEdits: AccountEdits;
  lifecycle: Lifecycle;
  releases: Releases;
  locks: Locks;
  heldAuthenticators: Pick<HeldAuthenticators, 'remove'>;
  accountImport: Pick<Import, 'create'>;
  issuer: string;
  now: () => Date;
}

/** Returns the only search criterion. Throws if there is none, or if there are several. */
function searchedIn(body: Record<string, unknown>): [Searched, string] {
  const given = SEARCHED.filter((name) => body[name] !== undefined);
  const [by, ...others] = given;
  if (by === undefined) throw new Violations([{ field: 'name', code: 'VALUE_MISSING' }]);
  const [other, ...rest] = others.map((field) => ({ field, code: 'BAD_REQUEST' as const }));
  if (other) throw new Violations([other, ...rest]);
  return [by, String(body[by])];
}

export function accountOperations(deps: AccountsDeps): Described[] {
  const { accountListing, accountDetails, accountReads, accountEdits, lifecycle, releases, locks } = deps;

  async function shown(id: number): Promise<Reply> {
    const details = await accountDetails.of(id);
    return ok(accountBody(details), versionOf(details.account));
  }

  const action = (does: (id: number) => Promise<unknown>): Pick<Described, 'run'> => ({
    async run(parts) {
      const id = accountIdIn(parts);
      await does(id);
      return shown(id);
    },
  });

  return [
    {
      id: 'listAccounts',
      method: 'get',
      path: '/admin/v1/accounts',
      async run(parts) {
        const filter: ListFilter = {
          status: textIn(parts, 'status') as ListFilter['status'],
          createdAfter: timeIn(parts, 'created_after'),
          createdBefore: timeIn(parts, 'created_before'),
        };
        const { data, next } = await accountListing.list(filter, pageIn(parts.query));
        return ok({ data: data.map(accountInList), next });
      },
    },
    {
      id: 'createAccount',
      method: 'post',
      path: '/admin/v1/accounts',
      hasBody: true,
      async run({ body }) {
        const id = await deps.accountImport.create(body);
        const { body: created, etag } = await shown(id);
        const location = `/admin/v1/accounts/${id}`;
        return { status: 201, body: created, location, ...(etag === undefined ? {} : { etag }) };
      },
    },
    {
      id: 'findAccounts',
      method: 'post',
      path: '/admin/v1/accounts/search',
      hasBody: true,
      async run({ body, query }) {
        const [by, value] = searchedIn(body as Record<string, unknown>);
        const { data, next } = await accountListing.search(by, value, pageIn(query));
        return ok({ data: data.map(accountInList), next });
      },
    },
    {
      id: 'readAccount',
      method: 'get',
      path: '/admin/v1/accounts/:id',
      run: (parts) => shown(accountIdIn(parts)),
    },
    {
      id: 'editAccount',
      method: 'patch',
      path: '/admin/v1/accounts/:id',
      hasBody: true,
      async run(parts, ctx) {
        const id = accountIdIn(parts);
        await accountEdits.edit(id, parts.body as AccountEdit, precondition(ctx));
        return shown(id);
      },
    },
    {
      id: 'suspendAccount',
      method: 'post',
      path: '/admin/v1/accounts/:id/suspend',
      ...action(lifecycle.suspend),
    },
    {
      id: 'reactivateAccount',
      method: 'post',
      path: '/admin/v1/accounts/:id/activate',
      ...action(lifecycle.activate),
    },
    {
      id: 'signOutAccount',
      method: 'post',
      path: '/admin/v1/accounts/:id/sign-out',
      ...action(lifecycle.signOutEverywhere),
    },
    {
      id: 'unlockAccount',
      method: 'post',
      path: '/admin/v1/accounts/:id/unlock',
      ...action(locks.unlock),
    },
    {
      id: 'removeAuthenticator',
      method: 'delete',
      path: '/admin/v1/accounts/:id/authenticators/:authenticator',
      async run(parts) {
        await deps.heldAuthenticators.remove(accountIdIn(parts), parts.params.authenticator ?? '');
        return noContent;
      },
    },
    {
      id: 'releaseMobile',
      method: 'post',
      path: '/admin/v1/accounts/:id/release-mobile',
      ...action(releases.mobile),
    },
    {
      id: 'releaseNationalId',
      method: 'post',
      path: '/admin/v1/accounts/:id/release-national-id',
      ...action(releases.nationalId),
    },
    {
      id: 'exportAccountData',
      method: 'get',
      path: '/admin/v1/accounts/:id/export',
      async run(parts) {
        const exported = await accountReads.export(accountIdIn(parts));
        return ok(exportFile(exported, { issuer: deps.issuer, at: deps.now() }));
      },
    },
    {
      id: 'eraseAccount',
      method: 'delete',
      path: '/admin/v1/accounts/:id',
      async run(parts) {
        const { id, receipt } = await lifecycle.remove(accountIdIn(parts), 'operator');
        const location = `/admin/v1/erasure-receipts/${id}`;
        return { ...noContent, location, headers: { 'Erasure-Receipt': receipt } };
      },
    },
  ];
}
