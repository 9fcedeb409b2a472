import type { CDPSession, Page } from 'playwright-core';

export interface VirtualAuthenticator {
  cdp: CDPSession;
  id: string;
  /** The passkeys that it stores. */
  credentials(): Promise<readonly StoredCredential[]>;
  add(credential: StoredCredential): Promise<void>;
  /** Removes its passkeys. */
  clear(): Promise<void>;
  /** Sets whether its user passes the verification. */
  setVerified(isUserVerified: boolean): Promise<void>;
}

export interface StoredCredential {
  credentialId: string;
  isResidentCredential: boolean;
  rpId?: string;
  privateKey: string;
  userHandle?: string;
  signCount: number;
}

/** A device with a screen lock, such as a phone, as Chromium emulates it. It stores the passkeys of one tab. */
export async function virtualAuthenticator(page: Page): Promise<VirtualAuthenticator> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('WebAuthn.enable');
  const { authenticatorId: id } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return {
    cdp,
    id,
    credentials: async () => (await cdp.send('WebAuthn.getCredentials', { authenticatorId: id })).credentials,
    add: async (credential) =>
      void (await cdp.send('WebAuthn.addCredential', { authenticatorId: id, credential })),
    clear: async () => void (await cdp.send('WebAuthn.clearCredentials', { authenticatorId: id })),
    setVerified: async (isUserVerified) =>
      void (await cdp.send('WebAuthn.setUserVerified', { authenticatorId: id, isUserVerified })),
  };
}
