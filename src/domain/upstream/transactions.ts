import type { Db } from '../../db/database.ts';
import { equalBytes } from '../../lib/constant-time.ts';
import { randomToken } from '../../lib/ids.ts';
import type { Keyring } from '../../lib/keyring.ts';
import { sha256 } from '../../lib/sha256.ts';
import type { UpstreamIdentity } from './connector.ts';
import type { UpstreamProvider, UpstreamProviders } from './providers.ts';
import type { Expected } from './relying-party.ts';
import type { TransactionPart, TransactionRow } from './transaction-store.ts';
import * as store from './transaction-store.ts';

export type { TransactionPart } from './transaction-store.ts';

/** The parameters of a response, as received. */
export type UpstreamResponse = Readonly<Record<string, string>>;

export interface NewTransaction {
  /** The id of a provider. */
  provider: string;
  /** A value that is bound to this browser. */
  browser: string;
  part: TransactionPart;
  /** The URL at which the client's request starts again, in any browser. */
  originalUrl?: string | undefined;
}

/** The part of a transaction that is disclosed to the returning browser. */
export interface FoundTransaction {
  part: TransactionPart;
  /** True if it was started in this browser. */
  isOfBrowser: boolean;
  originalUrl: string | undefined;
}

/** A person who was authenticated by a provider and has no linked account. */
export interface ProvedPerson {
  id: Buffer;
  provider: string;
  identity: UpstreamIdentity;
  /** True if the person signs in to an account, which is then linked. */
  links: boolean;
}

/**
 * The state between a browser's redirect to a provider and the processing of its return. A transaction is valid for ten
 * minutes, one response, one browser and one sign-in. Only the hash of its `state` is stored.
 */
export interface Transactions {
  begin(begun: NewTransaction): Promise<Expected>;
  /**
   * Stores a response that came without the browser's cookies (`form_post`), and returns a secret with which the
   * browser fetches it. Without the secret, a browser that started the transaction could use another browser's
   * response.
   */
  post(provider: string, state: string, response: UpstreamResponse): Promise<string | undefined>;
  /** Accepts a response from the browser that started the transaction; only the first one counts. */
  answer(
    state: string,
    by: { provider: string; browser: string },
    came: { response: UpstreamResponse } | { posted: string },
  ): Promise<void>;
  /** Undefined for a `state` that has expired or belongs to another provider. */
  look(provider: string, state: string, browser: string | undefined): Promise<FoundTransaction | undefined>;
  /** Consumes the response. Returns undefined the second time, in another browser, and for another part. */
  take(
    state: string,
    by: Pick<NewTransaction, 'browser' | 'part'>,
  ): Promise<{ id: Buffer; provider: string; expected: Expected; response: UpstreamResponse } | undefined>;
  /** Stores the authenticated person, for a registration or a link. */
  prove(id: Buffer, identity: UpstreamIdentity, from: Pick<UpstreamProvider, 'identity'>): Promise<void>;
  /** Also undefined if the provider has been changed to another issuer since. */
  proved(interaction: string, browser: string | undefined): Promise<ProvedPerson | undefined>;
  /** Requests a link with the account to which this sign-in leads. */
  wantLink(id: Buffer): Promise<void>;
  /** Returns false if it had already ended. */
  end(db: Db, id: Buffer): Promise<boolean>;
  /** Discards the transaction at the person's request. */
  forget(id: Buffer): Promise<void>;
  /** Whether a sign-in has been sent to this provider, with any result. */
  hasBegun(interaction: string, provider: string): Promise<boolean>;
}

interface Content {
  expected: Omit<Expected, 'state'>;
  originalUrl?: string | undefined;
  response?: UpstreamResponse;
  /** A response that came without cookies; `digest` is the digest of its secret. */
  posted?: { digest: string; response: UpstreamResponse };
}

interface Proved {
  identity: UpstreamIdentity;
  /** The identity of the provider when the person returned. */
  from: string;
}

const TRANSACTION_SECONDS = 600;
const SEALED = 'upstream_transactions.sealed';

const digestOf = (secret: string): string => sha256(secret).toString('base64url');

const isSamePart = (row: TransactionRow, part: TransactionPart): boolean =>
  'interaction' in part ? row.interaction === part.interaction : row.accountId === part.accountId;

interface Deps {
  db: Db;
  keyring: Keyring;
  providers: Pick<UpstreamProviders, 'find'>;
}

export function transactions({ db, keyring, providers }: Deps): Transactions {
  const seal = (id: Buffer, content: Content | Proved): Buffer =>
    keyring.seal(SEALED, JSON.stringify(content), id.toString('hex'));
  const open = <Opened>({ id, sealed }: TransactionRow): Opened =>
    JSON.parse(keyring.openText(SEALED, sealed, id.toString('hex')));

  async function find(provider: string, state: string): Promise<TransactionRow | undefined> {
    const row = await store.readTransaction(db, sha256(state));
    return row?.provider === provider ? row : undefined;
  }

  const isOfBrowser = (row: TransactionRow, browser: string | undefined): boolean =>
    browser !== undefined && equalBytes(row.browser, sha256(browser));

  const partOf = ({ interaction, accountId }: TransactionRow): TransactionPart =>
    interaction === null ? { accountId: Number(accountId) } : { interaction };

  return {
    async begin({ provider, browser, part, originalUrl }) {
      const [state, nonce, verifier] = [randomToken(), randomToken(), randomToken()];
      const id = sha256(state);
      const sealed = seal(id, { expected: { nonce, verifier }, originalUrl });
      await store.writeTransaction(
        db,
        { id, provider, browser: sha256(browser), sealed },
        part,
        TRANSACTION_SECONDS,
      );
      return { state, nonce, verifier };
    },
    async post(provider, state, response) {
      const row = await find(provider, state);
      if (row?.step !== 'sent') return undefined;
      const secret = randomToken();
      const sealed = seal(row.id, { ...open<Content>(row), posted: { digest: digestOf(secret), response } });
      await store.moveTransaction(db, row.id, { from: 'sent', to: 'sent', sealed });
      return secret;
    },
    async answer(state, { provider, browser }, came) {
      const row = await find(provider, state);
      if (row?.step !== 'sent' || !isOfBrowser(row, browser)) return;
      const { posted, ...content } = open<Content>(row);
      const isPosted = 'posted' in came && posted !== undefined && digestOf(came.posted) === posted.digest;
      const response = 'response' in came ? came.response : isPosted ? posted.response : undefined;
      if (!response) return;
      const sealed = seal(row.id, { ...content, response });
      await store.moveTransaction(db, row.id, { from: 'sent', to: 'answered', sealed });
    },
    async look(provider, state, browser) {
      const row = await find(provider, state);
      if (!row) return undefined;
      const { originalUrl } = row.step === 'proved' ? {} : open<Content>(row);
      return { part: partOf(row), isOfBrowser: isOfBrowser(row, browser), originalUrl };
    },
    async take(state, { browser, part }) {
      const row = await store.readTransaction(db, sha256(state));
      if (!row || !isOfBrowser(row, browser) || !isSamePart(row, part)) return undefined;
      const { expected, response } = row.step === 'answered' ? open<Content>(row) : {};
      if (!expected || !response) return undefined;
      const isFirst = await store.moveTransaction(db, row.id, { from: 'answered', to: 'used' });
      return isFirst
        ? { id: row.id, provider: row.provider, expected: { state, ...expected }, response }
        : undefined;
    },
    async prove(id, identity, { identity: from }) {
      await store.moveTransaction(db, id, {
        from: 'used',
        to: 'proved',
        sealed: seal(id, { identity, from }),
      });
    },
    async proved(interaction, browser) {
      if (browser === undefined) return undefined;
      const row = await store.readProved(db, interaction, sha256(browser));
      if (!row) return undefined;
      const { identity, from } = open<Proved>(row);
      // operators may have changed the provider to another issuer
      if (providers.find(row.provider)?.identity !== from) return undefined;
      return { id: row.id, provider: row.provider, identity, links: row.links };
    },
    wantLink: (id) => store.setLinks(db, id),
    end: (on, id) => store.removeTransaction(on, id),
    forget: async (id) => void (await store.removeTransaction(db, id)),
    hasBegun: (interaction, provider) => store.hasTransaction(db, interaction, provider),
  };
}
