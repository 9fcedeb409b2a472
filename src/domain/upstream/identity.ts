import * as z from 'zod';
import { AppError } from '../../errors/app-error.ts';
import { parseAvatar } from '../values/avatar.ts';
import { parseEmail } from '../values/email.ts';
import { parseExternalId } from '../values/external-id.ts';
import { parsePersonName, splitName } from '../values/person-name.ts';
import type { UpstreamClaims, UpstreamIdentity } from './connector.ts';

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Some providers send the claim as a string. */
const isTrue = (value: unknown): boolean => value === true || value === 'true';

/** The data that Apple sends with the first response only. The browser delivers it, so only the name is used. */
const beside = z.object({
  name: z.object({ firstName: z.string().optional(), lastName: z.string().optional() }),
});

/** The name that came with a response; empty if none came. */
export function nameBeside(user: string | undefined): UpstreamClaims {
  try {
    const { name } = beside.parse(JSON.parse(user ?? ''));
    return { given_name: name.firstName, family_name: name.lastName };
  } catch {
    return {};
  }
}

/** First and last name, as split by the provider or else at the first space. */
function namesOf({ given_name: given, family_name: family, name }: UpstreamClaims) {
  const whole = splitName(text(name));
  const [first, last] = text(given) ? [text(given), text(family)] : [whole.firstName, whole.lastName];
  return { firstName: parsePersonName(first), lastName: parsePersonName(last) };
}

/** The claims about a person that are valid for accounts. Throws `UPSTREAM_INVALID`. */
export function identityOf(
  claims: UpstreamClaims,
  { trustsEmail }: { trustsEmail: boolean },
): UpstreamIdentity {
  const externalId = parseExternalId(text(claims.sub));
  if (externalId === undefined) throw new AppError('UPSTREAM_INVALID', { reason: 'upstream_invalid' });
  const email = parseEmail(text(claims.email))?.value;
  const picture = text(claims.picture);
  return {
    externalId,
    email,
    emailVerified: email !== undefined && trustsEmail && isTrue(claims.email_verified),
    ...namesOf(claims),
    picture: picture.startsWith('https://') ? parseAvatar(picture) : undefined,
  };
}
