import type { Db } from '../../db/database.ts';
import type { Keyring } from '../../lib/keyring.ts';
import { sealNationalId } from '../accounts/national-ids.ts';
import { type AuditEvent, audit } from '../audit/audit.ts';
import type { Lifecycle } from '../lifecycle/lifecycle.ts';
import { beyondAuthority } from '../operators/authority.ts';
import { contactsOf, uniqueValues } from './import-row.ts';
import {
  type AccountColumns,
  insertAccounts,
  takeIds,
  updateAccounts,
  writeBindings,
  writeContacts,
  writePasswords,
} from './import-store.ts';
import { changedMembers, type KeyedRow, type Plan, type Present, planOf } from './plan.ts';
import { lockAccounts, readBindings, readContacts, readNationalIds } from './present-store.ts';

export interface RowOutcome {
  status: 'created' | 'updated' | 'unchanged' | 'failed';
  id: number | null;
  errors: Plan['errors'];
}

export interface BatchDeps {
  keyring: Keyring;
  /** Lifecycle operations in the transaction of the batch. */
  lifecycleIn: (db: Db) => Pick<Lifecycle, 'suspend' | 'activate' | 'signOutEverywhere'>;
}

/** A plan with the ID of its account, which exists or is created by it. */
interface Write extends Plan {
  id: number;
}

async function presentFor(db: Db, rows: readonly KeyedRow[]): Promise<Present> {
  const accounts = await lockAccounts(
    db,
    rows.flatMap(({ row }) => row.externalId ?? []),
    rows.flatMap(({ importDigest }) => importDigest ?? []),
  );
  const byExternalId = new Map(accounts.map((account) => [account.externalId, account]));
  const byDigest = new Map(accounts.map((account) => [account.importDigest?.toString('hex'), account]));
  const ids = accounts.map(({ id }) => id);
  return {
    accountOf: ({ row, importDigest }) =>
      importDigest ? byDigest.get(importDigest.toString('hex')) : byExternalId.get(row.externalId ?? null),
    contacts: await readContacts(
      db,
      ids,
      rows.flatMap(({ row }) => contactsOf(row)),
    ),
    bindings: await readBindings(
      db,
      ids,
      rows.flatMap(({ row }) => row.bindings ?? []),
    ),
    nationalIds: await readNationalIds(
      db,
      rows.flatMap(({ nationalIdDigests }) => nationalIdDigests),
    ),
  };
}

function columnsOf({ id, keyed, account, changes }: Write, keyring: Keyring): AccountColumns {
  const { nationalId } = changes;
  return {
    id,
    first_name: changes.firstName,
    last_name: changes.lastName,
    middle_name: changes.middleName,
    nickname: changes.nickname,
    preferred_username: changes.preferredUsername,
    profile_uri: changes.profileUri,
    website_uri: changes.websiteUri,
    birth_date: changes.birthDate,
    locale: changes.locale,
    title_id: changes.titleId,
    sealed: nationalId && sealNationalId(keyring, id, nationalId).toString('hex'),
    digest: nationalId && keyed.nationalIdDigests[0]?.toString('hex'),
    ...(account
      ? {}
      : {
          status: changes.status,
          external_id: keyed.row.externalId,
          import_digest: keyed.importDigest?.toString('hex'),
          created_at: keyed.row.createdAt,
        }),
  };
}

/** Ends the sessions of an existing account, and everything that was issued to it, where a change requires this. */
async function endWhatWasGivenOut(
  { id, account, changes }: Write,
  lifecycle: ReturnType<BatchDeps['lifecycleIn']>,
) {
  if (!account) return;
  if (changes.status === 'suspended') await lifecycle.suspend(id);
  if (changes.status === 'active') await lifecycle.activate(id);
  if (changes.passwordHash && account.hasPassword) await lifecycle.signOutEverywhere(id);
}

const eventOf = ({ id, account, changes }: Write): AuditEvent => ({
  event: account ? 'account.import_updated' : 'account.created',
  accountId: id,
  details: account ? { fields: changedMembers(changes).join(' ') } : { imported: true },
});

async function write(tx: Db, writes: readonly Write[], { keyring, lifecycleIn }: BatchDeps): Promise<void> {
  const added = writes.filter(({ account }) => !account);
  const changed = writes.filter(({ account }) => account);
  if (added.length > 0)
    await insertAccounts(
      tx,
      added.map((one) => columnsOf(one, keyring)),
    );
  if (changed.length > 0)
    await updateAccounts(
      tx,
      changed.map((one) => columnsOf(one, keyring)),
    );
  await writeContacts(
    tx,
    writes.flatMap(({ id, changes }) => changes.contacts.map((contact) => ({ ...contact, accountId: id }))),
  );
  await writePasswords(
    tx,
    writes.flatMap(({ id, keyed, changes }) =>
      changes.passwordHash && keyed.passwordDigest
        ? [{ accountId: id, hash: changes.passwordHash, digest: keyed.passwordDigest.toString('hex') }]
        : [],
    ),
  );
  await writeBindings(
    tx,
    writes.flatMap(({ id, changes }) => changes.bindings.map((binding) => ({ ...binding, accountId: id }))),
  );
  const lifecycle = lifecycleIn(tx);
  for (const one of changed) await endWhatWasGivenOut(one, lifecycle);
  await audit({ db: tx }).recordAll(writes.map(eventOf));
}

/** Adds an error to each plan that would change the account of an operator with a higher role than the caller's. */
async function withAuthority(tx: Db, plans: readonly Plan[]): Promise<Plan[]> {
  const changed = plans.flatMap(({ account, changes }) =>
    account && changedMembers(changes).length > 0 ? [account.id] : [],
  );
  const refused = await beyondAuthority(tx, changed);
  return plans.map((plan) =>
    plan.account && refused.has(plan.account.id)
      ? { ...plan, errors: [...plan.errors, { pointer: '', code: 'OPERATOR_PROTECTED' }] }
      : plan,
  );
}

/** Rows of one batch share no `uniqueValues`, so that none of them has to see the changes of another. */
export const fitsInto = (batch: ReadonlySet<string>, { row }: Pick<KeyedRow, 'row'>): boolean =>
  uniqueValues(row).every((value) => !batch.has(value));

/**
 * Writes a batch in the transaction of the caller, with a few statements for all rows. Returns the outcome of each row,
 * in order. A row with a conflict fails alone. Throws if another transaction takes a unique value concurrently.
 */
export async function writeBatch(tx: Db, rows: readonly KeyedRow[], deps: BatchDeps): Promise<RowOutcome[]> {
  const present = await presentFor(tx, rows);
  const plans = await withAuthority(
    tx,
    rows.map((keyed) => planOf(keyed, present)),
  );
  const isWritten = ({ errors, changes }: Plan): boolean =>
    errors.length === 0 && changedMembers(changes).length > 0;
  const ids = await takeIds(tx, plans.filter((plan) => isWritten(plan) && !plan.account).length);
  const withIds = plans.map((plan) => ({
    ...plan,
    id: plan.account?.id ?? (isWritten(plan) ? ids.shift() : undefined),
  }));
  const writes = withIds.filter((plan): plan is Write => isWritten(plan) && plan.id !== undefined);
  if (writes.length > 0) await write(tx, writes, deps);
  return withIds.map(({ id = null, account, errors, changes }) => {
    if (errors.length > 0) return { status: 'failed', id: null, errors };
    const written = account ? 'updated' : 'created';
    return { status: changedMembers(changes).length > 0 ? written : 'unchanged', id, errors };
  });
}
