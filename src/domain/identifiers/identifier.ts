import { cardIdOf } from '../accounts/account.ts';
import { parseEmail } from '../values/email.ts';
import { parseMobile } from '../values/mobile.ts';
import { parseNationalId } from '../values/national-id.ts';

/** What a person may be known by. */
export type Identifier =
  | { kind: 'mobile' /** E.164. */; key: string }
  | { kind: 'email' /** Without regard to case. */; key: string }
  | { kind: 'card' /** The id of the card. */; key: number }
  | { kind: 'national id'; key: string };

export type IdentifierOf<Kind extends Identifier['kind']> = Extract<Identifier, { kind: Kind }>;

/** The number of an account, which operators may name it by. */
export interface AccountId {
  kind: 'account id';
  key: number;
}

/** Text that is not an identifier. */
export interface OtherText {
  kind: 'other';
  /** The text without regard to case and surrounding space: what is counted and digested. */
  key: string;
}

/**
 * A mobile, an e-mail, a card number or a national id, whichever the text is; undefined when it is none. No text is two
 * of them but a national id that begins like a mobile with `0066`, and that is read as the mobile.
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

/** The same for a surface that accepts only some kinds; undefined for any other. */
export function parseIdentifierOf<Kind extends Identifier['kind']>(
  kinds: readonly Kind[],
  typed: string,
): IdentifierOf<Kind> | undefined {
  const identifier = parseIdentifier(typed);
  return kinds.some((kind) => kind === identifier?.kind) ? (identifier as IdentifierOf<Kind>) : undefined;
}

/** The same key for every spelling, also of text that is not an identifier. Limits and digests use it. */
export const identifierOrText = (typed: string): Identifier | OtherText =>
  parseIdentifier(typed) ?? { kind: 'other', key: typed.trim().toLowerCase() };

const ACCOUNT_ID = /^[1-9]\d{0,14}$/;

/** Any spelling of a contact or card number, or else the number of an account: how an operator names an account. */
export const parseOperatorIdentifier = (
  typed: string,
): IdentifierOf<'card' | 'mobile' | 'email'> | AccountId | undefined =>
  parseIdentifierOf(['card', 'mobile', 'email'], typed) ??
  (ACCOUNT_ID.test(typed) ? { kind: 'account id', key: Number(typed) } : undefined);
