import type { Config } from '../../config/config.ts';
import type { Db } from '../../db/database.ts';
import { AppError } from '../../errors/app-error.ts';
import { addressKey } from '../../lib/addresses.ts';
import { type Limit, takeAll } from '../attempts/budget.ts';
import type { Counters } from '../attempts/counters.ts';
import { prefixOf } from './one-time-code.ts';
import { conversions } from './one-time-code-store.ts';

/** Who has a code sent: an address, or a first-party client that authenticated and has a budget of its own. */
export interface CodeAsker {
  address: string;
  clientId?: string | undefined;
  /** A value that only the caller's browser has, when the caller is one. */
  browser?: string | undefined;
}

interface Deps {
  db: Db;
  counters: Counters;
  settings: Config['oneTimeCodes'];
  onAlert: (limit: 'global' | 'conversion') => void;
}

const HOUR = 3600;
const DAY = 86_400;

/** Throws when codes to this prefix are sent and hardly ever typed in: somebody earns by having them sent. */
async function refuseCollapsed({ db, settings, onAlert }: Deps, prefix: string): Promise<void> {
  const [found] = await conversions(db, settings.conversionSends, settings.lifetime, prefix);
  if (!found || found.used / found.sent >= settings.conversionLeast) return;
  onAlert('conversion');
  throw new AppError('TOO_MANY_ATTEMPTS', { retryAfter: HOUR });
}

/**
 * Takes one paid message from every budget that it belongs to, or throws. The last few of a number's own are kept for
 * an address that has not asked for it today, so that a stranger cannot keep its holder from getting a code.
 */
export async function takeSendBudget(
  deps: Deps,
  mobile: string,
  { address, clientId }: CodeAsker,
): Promise<void> {
  const { counters, settings } = deps;
  const prefix = prefixOf(mobile);
  await refuseCollapsed(deps, prefix);
  const from = `code asked ${mobile} ${addressKey(address)}`;
  const isNewHere = (await counters.take(from, 1, DAY)).taken;
  const kept = isNewHere ? 0 : settings.keptForOthers;
  const caller: Limit = clientId
    ? { name: `code client ${clientId}`, limit: settings.clientPerHour, windowSeconds: HOUR }
    : { name: `code address ${addressKey(address)}`, limit: settings.addressPerHour, windowSeconds: HOUR };
  try {
    await takeAll(counters, [
      caller,
      { name: `code pause ${mobile}`, limit: 1, windowSeconds: settings.resendAfter },
      { name: `code hour ${mobile}`, limit: settings.sendsPerHour - kept, windowSeconds: HOUR },
      { name: `code day ${mobile}`, limit: settings.sendsPerDay - kept, windowSeconds: DAY },
      { name: `code prefix ${prefix}`, limit: settings.prefixPerHour, windowSeconds: HOUR },
      {
        name: 'code global',
        limit: settings.globalPerHour,
        windowSeconds: HOUR,
        refusal: 'UNAVAILABLE',
        onRefused: () => deps.onAlert('global'),
      },
    ]);
  } catch (error) {
    if (isNewHere) await counters.giveBack(from);
    throw error;
  }
}
