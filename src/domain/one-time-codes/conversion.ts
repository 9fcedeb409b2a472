import type { Config } from '../../config/config.ts';

/** The number of codes that were sent, and how many of them were used. */
export interface Sends {
  sent: number;
  used: number;
}

/** The same figures of one network, which codes store as a digest; null for codes that have none. */
export interface NetworkSends extends Sends {
  network: Buffer | null;
}

type Settings = Pick<Config['oneTimeCodes'], 'conversionSends' | 'conversionLeast'>;

/**
 * The number of causing networks from which all networks are stopped. So many are no accident of one of them: an
 * attacker who requests codes from everywhere is stopped everywhere.
 */
const EVERYWHERE = 3;
/** The codes that a network must have sent to be a cause, as a share of the sends from which a prefix is judged. */
const CAUSE_SHARE = 1 / 4;

const isPoor = ({ sent, used }: Sends, { conversionLeast }: Settings): boolean =>
  used / sent < conversionLeast;

function hasCollapsed(networks: readonly Sends[], settings: Settings): boolean {
  const sent = networks.reduce((sum, one) => sum + one.sent, 0);
  const used = networks.reduce((sum, one) => sum + one.used, 0);
  return sent >= settings.conversionSends && isPoor({ sent, used }, settings);
}

/**
 * Returns whether codes to a prefix are stopped for a caller. Codes that are sent and hardly ever entered indicate an
 * attacker who earns money by having them sent. Only the networks that caused it are stopped, so that an attacker
 * cannot stop a prefix for other people. All networks are stopped when three caused it, or so many that none of them
 * stands out.
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
