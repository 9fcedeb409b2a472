import { createHash, createSign, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { isoCBOR } from '@simplewebauthn/server/helpers';

type Encodable = Parameters<typeof isoCBOR.encode>[0];

/** The deviations of a response from a regular one. */
export interface Oddities {
  origin?: string;
  rpId?: string;
  type?: string;
  challenge?: string;
  /** False clears the user verification flag. */
  isVerified?: boolean;
  signCount?: number;
  userHandle?: string;
  /** Changes one byte of the signature. */
  isForged?: boolean;
  attestation?: { fmt: string; attStmt: Map<string, unknown> };
  aaguid?: string;
}

interface Options {
  challenge: string;
  user?: { id: string };
}

const [USER_PRESENT, USER_VERIFIED, ATTESTED] = [0x01, 0x04, 0x40];

const sha256 = (data: string | Buffer): Buffer => createHash('sha256').update(data).digest();
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');
const int = (bytes: 2 | 4, value: number): Buffer => {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUIntBE(value, 0, bytes);
  return buffer;
};

/** A software authenticator (WebAuthn §6): one passkey with ES256, and responses as a browser would send them. */
export class SoftAuthenticator {
  credentialId = randomBytes(16);
  readonly #rpId: string;
  readonly #origin: string;
  readonly #key: { privateKey: KeyObject; publicKey: KeyObject };
  #userHandle = '';
  signCount = 0;

  constructor({ origin }: { origin: string }) {
    this.#origin = origin;
    this.#rpId = new URL(origin).hostname;
    this.#key = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  }

  #clientData(type: string, options: Options, odd: Oddities): Buffer {
    const { origin = this.#origin, challenge = options.challenge } = odd;
    return Buffer.from(JSON.stringify({ type: odd.type ?? type, challenge, origin, crossOrigin: false }));
  }

  #authenticatorData(flags: number, odd: Oddities, attested = Buffer.alloc(0)): Buffer {
    const verified = odd.isVerified === false ? 0 : USER_VERIFIED;
    return Buffer.concat([
      sha256(odd.rpId ?? this.#rpId),
      Buffer.from([USER_PRESENT | verified | flags]),
      int(4, odd.signCount ?? this.signCount),
      attested,
    ]);
  }

  /** The public key as COSE_Key (RFC 9053 §7.1). */
  #coseKey(): Uint8Array {
    const { x = '', y = '' } = this.#key.publicKey.export({ format: 'jwk' }) as { x?: string; y?: string };
    const bytes = (part: string) => new Uint8Array(Buffer.from(part, 'base64url'));
    const entries: [number, unknown][] = [
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, bytes(x)],
      [-3, bytes(y)],
    ];
    return isoCBOR.encode(new Map(entries) as Encodable);
  }

  /** The response to `navigator.credentials.create`, as JSON. */
  create(options: Options, odd: Oddities = {}): string {
    this.#userHandle = options.user?.id ?? '';
    const aaguid = Buffer.from(
      (odd.aaguid ?? '00000000-0000-0000-0000-000000000000').replaceAll('-', ''),
      'hex',
    );
    const attested = Buffer.concat([
      aaguid,
      int(2, this.credentialId.length),
      this.credentialId,
      this.#coseKey(),
    ]);
    const { fmt = 'none', attStmt = new Map() } = odd.attestation ?? {};
    const entries: [string, unknown][] = [
      ['fmt', fmt],
      ['attStmt', attStmt],
      ['authData', new Uint8Array(this.#authenticatorData(ATTESTED, odd, attested))],
    ];
    return JSON.stringify({
      id: text(this.credentialId),
      response: {
        clientDataJSON: text(this.#clientData('webauthn.create', options, odd)),
        attestationObject: text(isoCBOR.encode(new Map(entries) as Encodable)),
      },
    });
  }

  /** The response to `navigator.credentials.get`, as JSON. */
  get(options: Options, odd: Oddities = {}): string {
    const clientData = this.#clientData('webauthn.get', options, odd);
    const authenticatorData = this.#authenticatorData(0, odd);
    const signature = createSign('sha256')
      .update(Buffer.concat([authenticatorData, sha256(clientData)]))
      .sign(this.#key.privateKey);
    if (odd.isForged)
      signature.writeUInt8(signature.readUInt8(signature.length - 1) ^ 1, signature.length - 1);
    return JSON.stringify({
      id: text(this.credentialId),
      response: {
        clientDataJSON: text(clientData),
        authenticatorData: text(authenticatorData),
        signature: text(signature),
        userHandle: odd.userHandle ?? this.#userHandle,
      },
    });
  }
}
