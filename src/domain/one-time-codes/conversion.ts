import type { Config } from '../../config/config.ts';

/** How many codes were sent and used. */
export interface Sends {
  sent: number;
  used: number;
}

/** The same of one network, of which codes keep a digest; null for codes that have none. */
export interface NetworkSends extends Sends {
  network: Buffer | null;
}

type Settings = Pick<Config['oneTimeCodes'], 'conversionSends' | 'conversionLeast'>;

/**
 * So many networks that waste codes are no accident of one of them: an attacker who asks from everywhere is stopped
 * everywhere.
 */
const EVERYWHERE = 3;
/** What a network must have sent to be a cause, as a part of the sends from which a prefix is judged. */
const CAUSE_SHARE = 1 / 4;

const isPoor = ({ sent, used }: Sends, { conversionLeast }: Settings): boolean =>
  used / sent < conversionLeast;

function hasCollapsed(networks: readonly Sends[], settings: Settings): boolean {
  const sent = networks.reduce((sum, one) => sum + one.sent, 0);
  const used = networks.reduce((sum, one) => sum + one.used, 0);
  return sent >= settings.conversionSends && isPoor({ sent, used }, settings);
}

/**
 * Whether codes to a prefix are stopped for a caller: they are sent and hardly ever typed in, so an attacker earns by
 * having them sent. The networks that caused it are stopped, so that nobody can stop a prefix for others; all are
 * when three did, or so many that none of them stands out.
 */
export function isStopped(
  networks: readonly NetworkSends[],
  isCaller: (network: Buffer | null) => boolean,
  settings: Settings,
): boolean {
  if (!hasCollapsed(networks, settings)) return false;
  const isCause = (one: NetworkSends): boolean =>
    one.sent >= settings.conversionSends * CAUSE_SHARE && isPoor(one, settings);
  const causes = networks.filter(isCause);
  const others = networks.filter((one) => !isCause(one));
  if (causes.length >= EVERYWHERE || hasCollapsed(others, settings)) return true;
  return causes.some(({ network }) => isCaller(network));
}
