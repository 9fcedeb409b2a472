import type { Config } from '../../config/config.ts';
import { type Check, ok, warn } from './check.ts';

const DAY_MS = 86_400_000;
const SOON_DAYS = 30;
const YEAR_DAYS = 366;

/** Checks that readers of `/.well-known/security.txt` can trust it (RFC 9116 §2.5.5). */
export function securityTxtCheck({ securityTxt }: Pick<Config, 'securityTxt'>, now: Date): Check {
  const name = 'security.txt';
  const { contacts, expires } = securityTxt;
  if (contacts.length === 0 || expires === undefined)
    return ok(name, 'not published, because securityTxt.contacts is empty');
  const days = Math.floor((Date.parse(expires) - now.getTime()) / DAY_MS);
  const remedy = 'Check securityTxt.contacts, then set securityTxt.expires to a day within the next year.';
  if (days < 0) return warn(name, `expired on ${expires}: readers do not trust it`, remedy);
  if (days < SOON_DAYS) return warn(name, `expires on ${expires}`, remedy);
  if (days > YEAR_DAYS) return warn(name, `expires on ${expires}, more than a year ahead`, remedy);
  return ok(name, `published until ${expires}`);
}
