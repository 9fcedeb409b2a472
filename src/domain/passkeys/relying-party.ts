import { isIP } from 'node:net';

/** Who passkeys are for (WebAuthn Level 3 §4). */
export interface RelyingParty {
  /** The RP ID: a host. */
  id: string;
  /** Origins at which a passkey may be made and used: of pages, and of apps (`android:apk-key-hash:…`). */
  origins: readonly string[];
  /** False where the RP ID is an IP address, for which no browser makes a passkey. */
  isUsable: boolean;
}

interface Settings {
  issuer: string;
  /** The issuer's host, or a domain above it. */
  rpId?: string | undefined;
  relatedOrigins: readonly string[];
}

export function relyingParty({ issuer, rpId, relatedOrigins }: Settings): RelyingParty {
  const { hostname, origin } = new URL(issuer);
  const id = rpId ?? hostname;
  const isUsable = isIP(id.replaceAll(/[[\]]/g, '')) === 0;
  return { id, origins: [origin, ...relatedOrigins], isUsable };
}

/** The origins of pages, which browsers ask for: the certificates of apps are of no use to them. */
export const webOrigins = ({ origins }: Pick<RelyingParty, 'origins'>): string[] =>
  origins.filter((origin) => !origin.startsWith('android:'));
