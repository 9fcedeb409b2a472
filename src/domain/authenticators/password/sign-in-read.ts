import type { RunQuery } from '../../../db/run-query.ts';
import type { Account } from '../../accounts/account.ts';
import {
  cardHolderQuery,
  WHOLE_ACCOUNT,
  type WholeAccountRow,
  wholeAccount,
} from '../../accounts/accounts.ts';
import { contactHolderQuery } from '../../contacts/contacts.ts';
import type { Identifier, OtherText } from '../../identifiers/identifier.ts';
import type { Places } from '../../known-origins/known-origins.ts';

/** The data that a sign-in by password reads. */
export interface SignInRead {
  /** Undefined if no account has the identifier. */
  account: Account | undefined;
  /** The hash of its password; undefined if it has none. */
  hash: string | undefined;
  /** False only for an account without a second factor; true for one that has a confirmed authenticator. */
  mayHaveSecondFactor: boolean;
  /** The place of this request from which the account has signed in before; undefined if there is none. */
  place: Buffer | undefined;
  /** Every place of this request was recorded moments ago, so that there is nothing to record. */
  isRecorded: boolean;
}

/** An ID that no account has: an unknown identifier takes the same lookups as a known one. */
const NOBODY = 0;

/**
 * Parameters: contact kind ($1) and key ($2), or card ($3); digests of places ($4); for how many days they are known
 * ($5) and for how many seconds they count as recorded ($6).
 */
export const SIGN_IN = `
  select whole.*,
    (select c.hash from credentials c where c.account_id = holder.id and c.kind = 'password') as hash,
    exists (select 1 from authenticators f
      where f.account_id = holder.id and f.confirmed_at is not null) as "mayHaveSecondFactor",
    array(select o.origin from sign_in_origins o where o.account_id = holder.id and o.origin = any($4::bytea[])
      and o.last_at > pratu_now() - make_interval(days => $5::int)) as known,
    array(select o.origin from sign_in_origins o where o.account_id = holder.id and o.origin = any($4::bytea[])
      and o.last_at > pratu_now() - make_interval(secs => $6::float8)) as recorded
  from (select coalesce((${contactHolderQuery('$1', '$2')}), (${cardHolderQuery('$3')}), ${NOBODY}) as id) as holder
  left join lateral (${WHOLE_ACCOUNT} where a.id = holder.id) as whole on true`;

type Row = WholeAccountRow & {
  hash: string | null;
  mayHaveSecondFactor: boolean;
  known: Buffer[];
  recorded: Buffer[];
};

/**
 * Reads everything that a sign-in by password needs, in one statement and one snapshot: a hash from before a reset must
 * not be combined with the state after it. The statement is the same for an unknown identifier.
 */
export async function readSignIn(
  query: RunQuery,
  { kind, key }: Identifier | OtherText,
  { digests, days, freshSeconds }: Places,
): Promise<SignInRead> {
  // a national ID is not a sign-in identifier: knowing it proves nothing
  const contact = kind === 'mobile' || kind === 'email' ? [kind, key] : [null, null];
  const card = kind === 'card' ? key : null;
  const { rows } = await query<Row>('read-sign-in', SIGN_IN, [...contact, card, digests, days, freshSeconds]);
  const [row] = rows as [Row];
  const isAmong = (all: readonly Buffer[]) => (place: Buffer) => all.some((one) => one.equals(place));
  return {
    account: wholeAccount(row),
    hash: row.hash ?? undefined,
    mayHaveSecondFactor: row.mayHaveSecondFactor,
    place: digests.find(isAmong(row.known)),
    isRecorded: digests.every(isAmong(row.recorded)),
  };
}
