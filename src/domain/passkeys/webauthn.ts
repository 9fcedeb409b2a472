import { AppError } from '../../errors/app-error.ts';
import { lazy } from '../../lib/lazy.ts';
import { type Answer, assertionOf, attestationOf } from './answer.ts';
import { CHALLENGE_SECONDS } from './challenges.ts';
import type { RelyingParty } from './relying-party.ts';

// loaded on first use: the library and its ASN.1 parsers take memory and time that a process without passkeys saves
const library = lazy(() => import('@simplewebauthn/server'));
const helpers = lazy(() => import('@simplewebauthn/server/helpers'));

/** The user that a passkey is created for, as authenticators list it. */
export interface PasskeyUser {
  /** The user handle. */
  id: Buffer;
  name: string;
  displayName: string;
}

/** The COSE algorithms EdDSA, ES256 (RFC 9053) and RS256 (RFC 8812). Every authenticator supports one of them. */
const ALGORITHMS = [-8, -7, -257];
/** The maximum length of a credential ID, in bytes (WebAuthn §4). The unique index of IDs refuses rows above 2,704. */
const LONGEST_ID = 1023;
const TIMEOUT_MS = CHALLENGE_SECONDS * 1000;

/** Returns the options of `navigator.credentials.create`, as JSON: a discoverable passkey that verifies its user. */
export const creationOptions = async (
  { id: rpID }: RelyingParty,
  given: { rpName: string; user: PasskeyUser; challenge: string; exclude: readonly Buffer[] },
) =>
  (await library()).generateRegistrationOptions({
    rpName: given.rpName,
    rpID,
    userID: new Uint8Array(given.user.id),
    userName: given.user.name,
    userDisplayName: given.user.displayName,
    challenge: new Uint8Array(Buffer.from(given.challenge, 'base64url')),
    timeout: TIMEOUT_MS,
    attestationType: 'none',
    supportedAlgorithmIDs: ALGORITHMS,
    excludeCredentials: given.exclude.map((id) => ({ id: id.toString('base64url') })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  });

/**
 * Returns the options of `navigator.credentials.get`. They list no passkey, so that they do not reveal which accounts
 * have some.
 */
export const requestOptions = async ({ id: rpID }: RelyingParty, challenge: string) =>
  (await library()).generateAuthenticationOptions({
    rpID,
    challenge: new Uint8Array(Buffer.from(challenge, 'base64url')),
    timeout: TIMEOUT_MS,
    allowCredentials: [],
    userVerification: 'required',
  });

/** Reports every failure of a check to the sender of a response in the same way. */
async function checked<T>(check: () => Promise<T>): Promise<T> {
  try {
    return await check();
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError('PASSKEY_REJECTED', { reason: 'invalid_passkey', cause });
  }
}

/**
 * Rejects an attestation with a certificate: it was not requested, and verifying one fetches addresses that it names.
 * Accepts none, or one signed by the passkey itself.
 */
async function refuseCertificates(attestationObject: string): Promise<void> {
  const { decodeAttestationObject } = await helpers();
  const decoded = decodeAttestationObject(new Uint8Array(Buffer.from(attestationObject, 'base64url')));
  const format = decoded.get('fmt');
  if (format === 'none' || (format === 'packed' && !decoded.get('attStmt').get('x5c'))) return;
  throw new AppError('PASSKEY_REJECTED', { reason: 'invalid_passkey' });
}

/** Returns the passkey in a response to `creationOptions` (WebAuthn §7.1). Throws `PASSKEY_REJECTED`. */
export const verifyCreation = (
  { id, origins }: RelyingParty,
  answer: Answer,
): Promise<{
  credentialId: Buffer;
  publicKey: Buffer;
  signCount: number;
  aaguid: string;
  backedUp: boolean;
}> =>
  checked(async () => {
    const response = attestationOf(answer);
    await refuseCertificates(response.response.attestationObject);
    const { registrationInfo } = await (await library()).verifyRegistrationResponse({
      response,
      // already used up
      expectedChallenge: answer.challenge,
      expectedOrigin: [...origins],
      expectedRPID: id,
      supportedAlgorithmIDs: ALGORITHMS,
    });
    if (!registrationInfo) throw new AppError('PASSKEY_REJECTED', { reason: 'invalid_passkey' });
    const { credential, aaguid, credentialBackedUp } = registrationInfo;
    const credentialId = Buffer.from(credential.id, 'base64url');
    if (credentialId.length > LONGEST_ID)
      throw new AppError('PASSKEY_REJECTED', { reason: 'invalid_passkey' });
    return {
      credentialId,
      publicKey: Buffer.from(credential.publicKey),
      signCount: credential.counter,
      aaguid,
      backedUp: credentialBackedUp,
    };
  });

/**
 * Verifies a response to `requestOptions` (WebAuthn §7.2) with the passkey that it names. Throws `PASSKEY_REJECTED`.
 */
export const verifyUse = (
  { id, origins }: RelyingParty,
  answer: Answer,
  { publicKey }: { publicKey: Buffer },
): Promise<{ signCount: number; backedUp: boolean }> =>
  checked(async () => {
    const { verified, authenticationInfo } = await (await library()).verifyAuthenticationResponse({
      response: assertionOf(answer),
      expectedChallenge: answer.challenge,
      expectedOrigin: [...origins],
      expectedRPID: id,
      // the counter is compared by the statement that updates it
      credential: { id: answer.id, publicKey: new Uint8Array(publicKey), counter: 0 },
    });
    if (!verified) throw new AppError('PASSKEY_REJECTED', { reason: 'invalid_passkey' });
    return { signCount: authenticationInfo.newCounter, backedUp: authenticationInfo.credentialBackedUp };
  });
