import { isIP } from 'node:net';

/** The relying party of passkeys (WebAuthn Level 3 §4). */
export interface RelyingParty {
  /** The RP ID: a host. */
  id: string;
  /** The origins at which a passkey may be created and used: of pages, and of apps (`android:apk-key-hash:…`). */
  origins: readonly string[];
  /** False if the RP ID is an IP address, for which no browser creates a passkey. */
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

/** Returns the origins of pages, which browsers request; the certificates of apps are useless to them. */
export const webOrigins = ({ origins }: Pick<RelyingParty, 'origins'>): string[] =>
  origins.filter((origin) => !origin.startsWith('android:'));
