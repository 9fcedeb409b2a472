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

/**
 * A mobile, an e-mail, a card number or a national id, whichever the text is; undefined when it is none. No text is
 * two of them but a national id that begins like a mobile with `0066`, and that is read as the mobile.
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
