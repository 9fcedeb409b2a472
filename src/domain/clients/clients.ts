import type { Db } from '../../db/database.ts';
import { transaction } from '../../db/transaction.ts';
import { AppError } from '../../errors/app-error.ts';
import type { Keyring } from '../../lib/keyring.ts';
import { audit } from '../audit/audit.ts';
import {
  type ClientMetadata,
  changedMembers,
  type SecretKind,
  type StoredClient,
  withDefaults,
} from './client.ts';
import {
  countEnding,
  countOfClient,
  deleteClient,
  type Effects,
  type Ending,
  endTokens,
  expireSecrets,
  insertClient,
  insertSecret,
  isRegisteredUri,
  listClients,
  lockClient,
  raiseClientsVersion,
  readApiKeyOwner,
  readClient,
  readSecrets,
  updateClient,
} from './client-store.ts';
import { NEW_SECRET } from './new-secrets.ts';

export type { Effects, Ending } from './client-store.ts';

export interface Clients {
  find(id: string): Promise<StoredClient | undefined>;
  list(): Promise<StoredClient[]>;
  /** Returns the ID of the client that has this API key. */
  ofApiKey(apiKey: string): Promise<string | undefined>;
  /**
   * Returns whether mails may contain links to this URI: it must be registered exactly, for a first-party client, by an
   * operator.
   */
  isMailUri(member: 'reset_uris' | 'activate_uris', uri: string): Promise<boolean>;
  /** Registers a client with its secrets and the defaults of new clients. Throws `CLIENT_TAKEN`. */
  create(
    metadata: ClientMetadata,
    secrets?: Partial<Record<SecretKind, string>>,
    options?: { dynamic: boolean },
  ): Promise<void>;
  /** Replaces the metadata of a client. Throws `CLIENT_NOT_FOUND`. */
  change(metadata: ClientMetadata): Promise<void>;
  /**
   * Changes a registration and ends the tokens that it no longer allows. Returns the registration and the number of
   * tokens ended; with `dryRun`, changes nothing. Throws `CLIENT_NOT_FOUND`, and what `change` throws.
   */
  edit(
    id: string,
    change: (before: ClientMetadata) => { metadata: ClientMetadata; ending: Ending },
    options?: { dryRun: boolean },
  ): Promise<{ metadata: ClientMetadata; effects: Effects }>;
  /** Returns what removing the client would end. Throws `CLIENT_NOT_FOUND`. */
  effectsOfRemoval(id: string): Promise<Effects>;
  /** Returns a client's valid secrets of a kind, newest first; two during a rotation. */
  validSecrets(id: string, kind: SecretKind): Promise<string[]>;
  /** Returns a new secret. The previous one of its kind remains valid for `keepSeconds`. Throws `CLIENT_NOT_FOUND`. */
  rotateSecret(
    id: string,
    keepSeconds: number,
    options?: { kind?: SecretKind; secret?: string },
  ): Promise<string>;
  /** Removes the client and everything that was issued to it. Throws `CLIENT_NOT_FOUND`. */
  remove(id: string): Promise<void>;
}

export interface ClientsDeps {
  db: Db;
  keyring: Keyring;
  /** Called after a change was committed, to discard this process's cache. Other processes detect the new version. */
  changed: () => void;
}

export function clients({ db, keyring, changed }: ClientsDeps): Clients {
  /** Increments the version in the transaction of every change, so that no process can miss one. */
  async function changing<T>(work: (tx: Db) => Promise<T>): Promise<T> {
    const result = await transaction(db, async (tx) => {
      const done = await work(tx);
      await raiseClientsVersion(tx);
      return done;
    });
    changed();
    return result;
  }

  return {
    find: (id) => readClient(db, keyring, id),
    list: () => listClients(db),
    validSecrets: (id, kind) => readSecrets(db, keyring, id, kind),
    ofApiKey: (apiKey) => readApiKeyOwner(db, keyring, apiKey),
    isMailUri: (member, uri) => isRegisteredUri(db, member, uri),
    create: (metadata, secrets = {}, { dynamic } = { dynamic: false }) =>
      changing(async (tx) => {
        await insertClient(tx, withDefaults(metadata), dynamic);
        for (const [kind, value] of Object.entries(secrets)) {
          await insertSecret(tx, keyring, metadata.client_id, kind as SecretKind, value);
        }
        await audit({ db: tx }).record({
          event: 'client.created',
          clientId: metadata.client_id,
          details: { dynamic },
        });
      }),
    change: (metadata) =>
      changing(async (tx) => {
        const clientId = metadata.client_id;
        const before = await lockClient(tx, clientId);
        if (!before) throw new AppError('CLIENT_NOT_FOUND');
        await updateClient(tx, metadata);
        const fields = changedMembers(before, metadata).join(' ');
        await audit({ db: tx }).record({ event: 'client.changed', clientId, details: { fields } });
      }),
    async edit(id, change, { dryRun } = { dryRun: false }) {
      const work = async (tx: Db) => {
        const before = await lockClient(tx, id);
        if (!before) throw new AppError('CLIENT_NOT_FOUND');
        const { metadata, ending } = change(before);
        const effects = { tokens: await countEnding(tx, id, ending), consents: 0, sessions: 0 };
        if (dryRun) return { metadata, effects };
        await endTokens(tx, id, ending);
        await updateClient(tx, metadata);
        const fields = changedMembers(before, metadata).join(' ');
        await audit({ db: tx }).record({ event: 'client.changed', clientId: id, details: { fields } });
        return { metadata, effects };
      };
      return dryRun ? transaction(db, work) : changing(work);
    },
    async effectsOfRemoval(id) {
      if (!(await readClient(db, keyring, id))) throw new AppError('CLIENT_NOT_FOUND');
      return countOfClient(db, id);
    },
    rotateSecret: (id, keepSeconds, { kind = 'secret', secret = NEW_SECRET[kind]() } = {}) =>
      changing(async (tx) => {
        // of two rotations at once, the second one must see the secret of the first
        if (!(await lockClient(tx, id))) throw new AppError('CLIENT_NOT_FOUND');
        await expireSecrets(tx, id, kind, keepSeconds);
        await insertSecret(tx, keyring, id, kind, secret);
        await audit({ db: tx }).record({
          event: 'client.secret_rotated',
          clientId: id,
          details: { kind, keepSeconds },
        });
        return secret;
      }),
    remove: (id) =>
      changing(async (tx) => {
        if (!(await deleteClient(tx, id))) throw new AppError('CLIENT_NOT_FOUND');
        await audit({ db: tx }).record({ event: 'client.removed', clientId: id });
      }),
  };
}
