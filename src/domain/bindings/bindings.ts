import type { Db } from '../../db/database.ts';
import { transaction } from '../../db/transaction.ts';
import { AppError } from '../../errors/app-error.ts';
import { type AuditEvent, audit } from '../audit/audit.ts';
import {
  type Binding,
  deleteBinding,
  hasBindings,
  insertBinding,
  type NewBinding,
  readBindings,
  readHolder,
  upsertBinding,
} from './binding-store.ts';

export type { Binding, NewBinding } from './binding-store.ts';

/** The caller that changes a binding, for the audit trail. */
export type BindingChanger = Pick<AuditEvent, 'clientId' | 'requestId'>;

/** Links of accounts to IDs at other providers. An external ID belongs to at most one account. */
export interface Bindings {
  /** Returns the account that has an external ID at a provider. */
  holder(provider: string, externalId: string): Promise<number | undefined>;
  /** Returns whether any account has a link at a provider. */
  areAny(provider: string): Promise<boolean>;
  /** Returns the account's links, sorted by provider. */
  list(accountId: number): Promise<Binding[]>;
  /**
   * Sets the account's link at a provider. Throws `BINDING_TAKEN` if another account has the external ID,
   * `ACCOUNT_NOT_FOUND` if the account has been deleted.
   */
  set(accountId: number, binding: NewBinding, by?: BindingChanger): Promise<void>;
  /**
   * Adds a link. Returns false, and changes nothing, if the account already has one at the provider or has been
   * deleted. Throws `BINDING_TAKEN` if another account has the external ID.
   */
  add(accountId: number, binding: NewBinding, by?: BindingChanger): Promise<boolean>;
  /** Removes the account's link at a provider, if there is one. */
  remove(accountId: number, provider: string, by?: BindingChanger): Promise<void>;
}

export const bindings = ({ db }: { db: Db }): Bindings => ({
  holder: (provider, externalId) => readHolder(db, provider, externalId),
  areAny: (provider) => hasBindings(db, provider),
  list: (accountId) => readBindings(db, accountId),
  set: (accountId, binding, by = {}) =>
    transaction(db, async (tx) => {
      if (!(await upsertBinding(tx, accountId, binding))) throw new AppError('ACCOUNT_NOT_FOUND');
      const details = { provider: binding.provider };
      await audit({ db: tx }).record({ event: 'binding.set', accountId, ...by, details });
    }),
  add: (accountId, binding, by = {}) =>
    transaction(db, async (tx) => {
      if (!(await insertBinding(tx, accountId, binding))) return false;
      const details = { provider: binding.provider };
      await audit({ db: tx }).record({ event: 'binding.set', accountId, ...by, details });
      return true;
    }),
  remove: (accountId, provider, by = {}) =>
    transaction(db, async (tx) => {
      if (!(await deleteBinding(tx, accountId, provider))) return;
      const details = { provider };
      await audit({ db: tx }).record({ event: 'binding.removed', accountId, ...by, details });
    }),
});
