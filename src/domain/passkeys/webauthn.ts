import { AppError } from '../../errors/app-error.ts';
import { lazy } from '../../lib/lazy.ts';
import { type Answer, assertionOf, attestationOf } from './answer.ts';
import { CHALLENGE_SECONDS } from './challenges.ts';
import type { RelyingParty } from './relying-party.ts';

// the library and its ASN.1 parsers take memory and time that a process without passkeys saves
const library = lazy(() => import('@simplewebauthn/server'));
const helpers = lazy(() => import('@simplewebauthn/server/helpers'));

/** Whom a passkey is made for, as authenticators list it. */
export interface PasskeyUser {
  /** The user handle. */
  id: Buffer;
  name: string;
  displayName: string;
}

/** COSE algorithms (RFC 9053): EdDSA, ES256 and RS256, with which every authenticator can sign by one. */
const ALGORITHMS = [-8, -7, -257];
const TIMEOUT_MS = CHALLENGE_SECONDS * 1000;

/** What `navigator.credentials.create` is given, as JSON: a discoverable passkey that verifies its user. */
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

/** What `navigator.credentials.get` is given. It names no passkey: nothing tells which accounts have some. */
export const requestOptions = async ({ id: rpID }: RelyingParty, challenge: string) =>
  (await library()).generateAuthenticationOptions({
    rpID,
    challenge: new Uint8Array(Buffer.from(challenge, 'base64url')),
    timeout: TIMEOUT_MS,
    allowCredentials: [],
    userVerification: 'required',
  });

/** Whatever is wrong with an answer, its sender learns the same. */
async function checked<T>(check: () => Promise<T>): Promise<T> {
  try {
    return await check();
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError('PASSKEY_REJECTED', { reason: 'invalid_passkey', cause });
  }
}

/**
 * An attestation with a certificate is not looked at: it was not requested, and verifying one fetches addresses that
 * it names. What remains is none, or the passkey's own signature.
 */
async function refuseCertificates(attestationObject: string): Promise<void> {
  const { decodeAttestationObject } = await helpers();
  const decoded = decodeAttestationObject(new Uint8Array(Buffer.from(attestationObject, 'base64url')));
  const format = decoded.get('fmt');
  if (format === 'none' || (format === 'packed' && !decoded.get('attStmt').get('x5c'))) return;
  throw new AppError('PASSKEY_REJECTED', { reason: 'invalid_passkey' });
}

/** The passkey in an answer to `creationOptions` (WebAuthn §7.1). Throws `PASSKEY_REJECTED`. */
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
      // used up before
      expectedChallenge: answer.challenge,
      expectedOrigin: [...origins],
      expectedRPID: id,
      supportedAlgorithmIDs: ALGORITHMS,
    });
    if (!registrationInfo) throw new AppError('PASSKEY_REJECTED', { reason: 'invalid_passkey' });
    const { credential, aaguid, credentialBackedUp } = registrationInfo;
    return {
      credentialId: Buffer.from(credential.id, 'base64url'),
      publicKey: Buffer.from(credential.publicKey),
      signCount: credential.counter,
      aaguid,
      backedUp: credentialBackedUp,
    };
  });

/** Verifies an answer to `requestOptions` (WebAuthn §7.2) with the passkey that it names. Throws `PASSKEY_REJECTED`. */
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
      // the counter is compared by the statement that moves it on
      credential: { id: answer.id, publicKey: new Uint8Array(publicKey), counter: 0 },
    });
    if (!verified) throw new AppError('PASSKEY_REJECTED', { reason: 'invalid_passkey' });
    return { signCount: authenticationInfo.newCounter, backedUp: authenticationInfo.credentialBackedUp };
  });
