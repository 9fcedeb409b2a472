import { cardIdOf } from '../accounts/account.ts';
import { parseEmail } from '../values/email.ts';
import { parseMobile } from '../values/mobile.ts';
import { parseNationalId } from '../values/national-id.ts';

/** An identifier of a person. */
export type Identifier =
  | { kind: 'mobile' /** E.164. */; key: string }
  | { kind: 'email' /** Without regard to case. */; key: string }
  | { kind: 'card' /** The id of the card. */; key: number }
  | { kind: 'national id'; key: string };

export type IdentifierOf<Kind extends Identifier['kind']> = Extract<Identifier, { kind: Kind }>;

/** The ID of an account, by which operators can identify it. */
export interface AccountId {
  kind: 'account id';
  key: number;
}

/** Text that is not an identifier. */
export interface OtherText {
  kind: 'other';
  /** The text without regard to case and surrounding space, for counters and digests. */
  key: string;
}

/**
 * Parses a mobile number, an e-mail address, a card number or a national ID; returns undefined for any other text. The
 * only ambiguous text is a national ID that begins with `0066`, like a mobile number; it is read as a mobile number.
 */
export function parseIdentifier(typed: string): Identifier | undefined {
  const mobile = parseMobile(typed);
  if (mobile) return { kind: 'mobile', key: mobile };
  const card = cardIdOf(typed);
  if (card) return { kind: 'card', key: card };
  const nationalId = parseNationalId(typed);
  if (nationalId) return { kind: 'national id', key: nationalId };
  const email = parseEmail(typed);
  return email && { kind: 'email', key: email.key };
}

/** Parses an identifier for an interface that accepts only some kinds; returns undefined for any other kind. */
export function parseIdentifierOf<Kind extends Identifier['kind']>(
  kinds: readonly Kind[],
  typed: string,
): IdentifierOf<Kind> | undefined {
  const identifier = parseIdentifier(typed);
  return kinds.some((kind) => kind === identifier?.kind) ? (identifier as IdentifierOf<Kind>) : undefined;
}

/** Returns the same key for every spelling, also for text that is not an identifier. Used for limits and digests. */
export const identifierOrText = (typed: string): Identifier | OtherText =>
  parseIdentifier(typed) ?? { kind: 'other', key: typed.trim().toLowerCase() };

const ACCOUNT_ID = /^[1-9]\d{0,14}$/;

/**
 * Parses the identifiers that operators use for an account: a contact or card number in any spelling, or an account ID.
 */
export const parseOperatorIdentifier = (
  typed: string,
): IdentifierOf<'card' | 'mobile' | 'email'> | AccountId | undefined =>
  parseIdentifierOf(['card', 'mobile', 'email'], typed) ??
  (ACCOUNT_ID.test(typed) ? { kind: 'account id', key: Number(typed) } : undefined);
