import { networkOf } from '../../lib/addresses.ts';
import { DAY_SECONDS, HOUR_SECONDS } from '../../lib/durations.ts';
import type { Counters } from '../rate-limits/counters.ts';
import type { LastingDigest } from '../secrets/lasting-digest.ts';
import { parseEmail } from '../values/email.ts';
import { type MailMessage, NOTICES } from './message.ts';

export interface MailLimitsDeps {
  digest: LastingDigest;
  counters: Pick<Counters, 'consume' | 'consumeAll' | 'refund'>;
  limits: { perAddressHour: number; perAddressDay: number };
}

/**
 * The mails per hour of a kind, and per day of all kinds, that are reserved for networks that have not requested such a
 * mail today.
 */
const RESERVED = { hour: 1, day: 3 };

/**
 * Counts a mail against the limits of its address; returns false when a limit is exceeded. A person who requests a mail
 * gets it even if a stranger in another network has requested as many as one network can.
 */
export async function takeMail(
  { digest, counters, limits }: MailLimitsDeps,
  { to, kind, countedAs = kind, askedFrom }: MailMessage,
): Promise<boolean> {
  const address = digest('mail address', parseEmail(to)?.key ?? to).toString('hex');
  const all = NOTICES.has(kind) ? 'notices' : 'mail';
  const network = askedFrom && networkOf(askedFrom);
  const asked = network
    ? [`mail asked ${countedAs} ${address} ${network}`, `mail asked ${address} ${network}`]
    : [];
  const first = await Promise.all(
    asked.map(async (name) => (await counters.consume(name, 1, DAY_SECONDS)).taken),
  );
  const [isNewKind = true, isNew = true] = first;
  // at least one: nothing is reserved where the limit is one
  const share = (limit: number, reserved: number, whole: boolean): number =>
    whole ? limit : Math.max(1, limit - reserved);
  const refused = await counters.consumeAll([
    {
      name: `mail ${countedAs} ${address}`,
      limit: share(limits.perAddressHour, RESERVED.hour, isNewKind),
      windowSeconds: HOUR_SECONDS,
    },
    {
      name: `${all} ${address}`,
      limit: share(limits.perAddressDay, RESERVED.day, isNew),
      windowSeconds: DAY_SECONDS,
    },
  ]);
  if (refused) await counters.refund(...asked.filter((_name, index) => first[index]));
  return refused === undefined;
}
