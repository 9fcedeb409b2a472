import { isDeepStrictEqual } from 'node:util';
import type { Db } from '../../db/database.ts';
import { transaction } from '../../db/transaction.ts';
import { AppError } from '../../errors/app-error.ts';
import type { Keyring } from '../../lib/keyring.ts';
import { sha256 } from '../../lib/sha256.ts';
import { audit } from '../audit/audit.ts';
import { bindings } from '../bindings/bindings.ts';
import { bindingName } from './binding-name.ts';
import type { UpstreamKind, UpstreamSettings } from './connector.ts';
import {
  apart,
  type GivenProvider,
  identityOfProvider,
  judged,
  patched,
  type Rules,
  SECRET_MEMBERS,
  together,
} from './operated-rules.ts';
import {
  insertOperated,
  listOperated,
  lockOperated,
  nextPosition,
  type PublicSettings,
  raiseUpstreamVersion,
  removeOperated,
  type StoredProvider,
  updateOperated,
} from './operated-store.ts';
import { type ChangeableProviders, callbackPathOf } from './providers.ts';

/** A provider as operators see it, without its secret. */
export interface OperatedProvider {
  settings: PublicSettings;
  /** `file` for a provider of the settings, which cannot be changed here. */
  source: 'file' | 'operator';
  /** The position among the providers that operators have added. */
  position: number;
  /** The redirect URI to register at the provider. */
  redirectUri: string;
  /** Null for a provider of the settings. */
  updatedAt: Date | null;
  /** A strong entity tag without its quotes; it differs after every change. */
  version: string;
}

/** Throws for a version other than the expected one. */
export type CheckVersion = (version: string) => void;

/** The providers added by operators, in addition to those of the settings. */
export interface OperatedProviders {
  /** Lists the providers of the settings first, then the others, each in the order of their buttons. */
  list(): Promise<OperatedProvider[]>;
  /** Throws `UPSTREAM_NOT_FOUND`. */
  find(id: string): Promise<OperatedProvider>;
  /**
   * Adds a provider. Throws `Violations`, `UPSTREAM_TAKEN`, `UPSTREAM_FACEBOOK_TAKEN`, and `UPSTREAM_LINKED` if
   * accounts have links under this id with another issuer.
   */
  add(given: GivenProvider): Promise<OperatedProvider>;
  /**
   * Changes a provider by a merge patch. The secret is kept if none is given, except for a new issuer, which would
   * otherwise receive it. Throws what `add` and `check` throw, `NOT_CHANGEABLE`, `UPSTREAM_NOT_FOUND` and
   * `UPSTREAM_IN_FILE`.
   */
  change(id: string, patch: GivenProvider, check?: CheckVersion): Promise<OperatedProvider>;
  /**
   * Removes a provider and its secret; the links of accounts are kept. Throws what `check` throws, `UPSTREAM_NOT_FOUND`
   * and `UPSTREAM_IN_FILE`.
   */
  remove(id: string, check?: CheckVersion): Promise<void>;
  /**
   * The settings that a provider would have after a patch, for a test; stores nothing. The secret is kept even for a
   * new issuer, because a test sends none to one. Otherwise throws what `change` throws.
   */
  preview(id: string, patch: GivenProvider): Promise<UpstreamSettings>;
  /** The settings that a new provider would have, for a test. Throws `Violations`. */
  previewNew(given: GivenProvider): UpstreamSettings;
  /** Loads the stored providers into this process. */
  load(): Promise<void>;
}

interface Deps {
  db: Db;
  keyring: Keyring;
  issuer: string;
  /** The providers of the settings. */
  fixed: readonly UpstreamSettings[];
  providers: Pick<ChangeableProviders, 'replace'>;
  rules: Rules;
  /** Called after a change is committed and loaded in this process; other processes see the new version. */
  changed: () => Promise<void>;
}

const FACEBOOK: UpstreamKind = 'facebook';

const shownFixed = (settings: UpstreamSettings, issuer: string, position: number): OperatedProvider => {
  const { settings: shown } = apart(settings);
  return {
    ...{ settings: shown, source: 'file', position, updatedAt: null },
    redirectUri: issuer + callbackPathOf(shown.id),
    version: sha256(JSON.stringify(shown)).toString('base64url').slice(0, 22),
  };
};

/** The names of the changed members. Values are not recorded, as one may be a secret. */
function changedFields(before: UpstreamSettings, after: UpstreamSettings, moved: boolean): string {
  const [one, other] = [before, after] as unknown as [GivenProvider, GivenProvider];
  const members = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  const fields = members.filter((member) => !isDeepStrictEqual(one[member], other[member]));
  return [...fields, ...(moved ? ['position'] : [])].join(' ');
}

export function operatedProviders(deps: Deps): OperatedProviders {
  const { db, keyring, issuer, fixed, providers, rules } = deps;

  const shown = ({ settings, position, updatedAt, version }: StoredProvider): OperatedProvider => ({
    ...{ settings, source: 'operator', position, updatedAt, version },
    redirectUri: issuer + callbackPathOf(settings.id),
  });

  async function load(): Promise<void> {
    const stored = await listOperated(db, keyring);
    providers.replace(
      stored.flatMap(({ settings, secret }) => (secret === undefined ? [] : [together(settings, secret)])),
    );
  }

  /** Runs a change, which increments the version in its own transaction, so that no process can miss it. */
  async function changing<T>(work: (tx: Db) => Promise<T>): Promise<T> {
    const result = await transaction(db, async (tx) => {
      const done = await work(tx);
      await raiseUpstreamVersion(tx);
      return done;
    });
    await load();
    await deps.changed();
    return result;
  }

  async function list(): Promise<OperatedProvider[]> {
    const inFile = fixed.map((one, index) => shownFixed(one, issuer, index));
    const stored = await listOperated(db, keyring);
    // the settings take precedence if both have the same id
    const others = stored.filter(({ settings }) => !fixed.some(({ id }) => id === settings.id));
    return [...inFile, ...others.map(shown)];
  }

  async function find(id: string): Promise<OperatedProvider> {
    const found = (await list()).find(({ settings }) => settings.id === id);
    if (!found) throw new AppError('UPSTREAM_NOT_FOUND');
    return found;
  }

  async function existing(tx: Db, id: string): Promise<StoredProvider> {
    if (fixed.some((one) => one.id === id)) throw new AppError('UPSTREAM_IN_FILE');
    const stored = await lockOperated(tx, keyring, id);
    if (!stored || stored.isRemoved) throw new AppError('UPSTREAM_NOT_FOUND');
    return stored;
  }

  /** Links identify a person only at the issuer with which they were created. */
  async function refuseLinked(tx: Db, after: UpstreamSettings, before: PublicSettings | undefined) {
    if (before && identityOfProvider(before) === identityOfProvider(after)) return;
    const isFacebook = after.kind === FACEBOOK;
    // the Keys API also creates links with Facebook, by the app that the rules compare with
    if (isFacebook && before === undefined) return;
    if (await bindings({ db: tx }).areAny(bindingName(after)))
      throw new AppError('UPSTREAM_LINKED', { field: isFacebook ? 'clientId' : 'id' });
  }

  /** The stored provider, and its members after the patch. Throws `NOT_CHANGEABLE` for another `id` or `kind`. */
  function merged({ settings, secret = '' }: StoredProvider, patch: GivenProvider) {
    const before = together(settings, secret);
    for (const member of ['id', 'kind'] as const)
      if (patch[member] !== undefined && patch[member] !== before[member])
        throw new AppError('NOT_CHANGEABLE', { field: member });
    return { before, given: patched({ ...before }, patch) };
  }

  return {
    list,
    find,
    load,
    async add(given) {
      const { settings, position } = judged(given, rules);
      const { id, kind } = settings;
      if (fixed.some((one) => one.id === id)) throw new AppError('UPSTREAM_TAKEN', { field: 'id' });
      if (kind === FACEBOOK && fixed.some((one) => one.kind === kind))
        throw new AppError('UPSTREAM_FACEBOOK_TAKEN', { field: 'kind' });
      await changing(async (tx) => {
        const before = await lockOperated(tx, keyring, id);
        if (before?.isRemoved !== false) await refuseLinked(tx, settings, before?.settings);
        const written = { ...apart(settings), position: position ?? (await nextPosition(tx)) };
        if (!(await insertOperated(tx, keyring, written)))
          throw new AppError('UPSTREAM_TAKEN', { field: 'id' });
        await audit({ db: tx }).record({ event: 'upstream.created', details: { provider: id, kind } });
      });
      return find(id);
    },
    async change(id, patch, check) {
      await changing(async (tx) => {
        const stored = await existing(tx, id);
        check?.(stored.version);
        const { before, given } = merged(stored, patch);
        const isSecretGiven = SECRET_MEMBERS.some((member) => typeof patch[member] === 'string');
        if (given.issuer !== before.issuer && !isSecretGiven)
          for (const member of SECRET_MEMBERS) delete given[member];
        const { settings: after, position = stored.position } = judged(given, rules);
        await refuseLinked(tx, after, stored.settings);
        await updateOperated(tx, keyring, { ...apart(after), position });
        const fields = changedFields(before, after, position !== stored.position);
        await audit({ db: tx }).record({ event: 'upstream.changed', details: { provider: id, fields } });
      });
      return find(id);
    },
    async remove(id, check) {
      await changing(async (tx) => {
        check?.((await existing(tx, id)).version);
        await removeOperated(tx, id);
        await audit({ db: tx }).record({ event: 'upstream.removed', details: { provider: id } });
      });
    },
    async preview(id, patch) {
      const inFile = fixed.find((one) => one.id === id);
      if (inFile) {
        if (Object.keys(patch).length > 0) throw new AppError('UPSTREAM_IN_FILE');
        return inFile;
      }
      const { given } = merged(await transaction(db, (tx) => existing(tx, id)), patch);
      return judged(given, rules).settings;
    },
    previewNew: (given) => judged(given, rules).settings,
  };
}
