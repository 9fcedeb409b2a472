import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server';
import { AppError } from '../../errors/app-error.ts';

/**
 * The response of a browser to a passkey ceremony (WebAuthn §5.1, `toJSON`), parsed as far as its challenge and its ID.
 */
export interface Answer {
  /** The credential ID, in base64url. */
  id: string;
  /** In base64url; not yet compared with an issued one. */
  challenge: string;
  /** The members of `response`, each in base64url. */
  members: Readonly<Record<string, string>>;
}

/** The maximum length of a response, in characters; keys with the longest IDs and signatures need a third of it. */
const LONGEST = 12_000;
const BASE64URL = /^[\w-]+$/;

const isText = (value: unknown): value is string => typeof value === 'string' && BASE64URL.test(value);

const rejected = (): AppError => new AppError('PASSKEY_REJECTED', { reason: 'invalid_passkey' });

/** Parses a response. Throws `PASSKEY_REJECTED` for text that no browser sends. */
export function readAnswer(sent: string): Answer {
  if (sent.length > LONGEST) throw rejected();
  try {
    const { id, response } = JSON.parse(sent);
    const members = Object.fromEntries(
      Object.entries(response as object).filter((entry): entry is [string, string] => isText(entry[1])),
    );
    const { challenge } = JSON.parse(Buffer.from(members.clientDataJSON ?? '', 'base64url').toString());
    if (isText(id) && isText(challenge)) return { id, challenge, members };
  } catch (cause) {
    if (!(cause instanceof SyntaxError || cause instanceof TypeError)) throw cause;
  }
  throw rejected();
}

const credentialOf = ({ id }: Answer) => ({
  id,
  rawId: id,
  type: 'public-key' as const,
  clientExtensionResults: {},
});

/** Returns the response in the form of a new credential. */
export const attestationOf = (answer: Answer): RegistrationResponseJSON => {
  const { clientDataJSON = '', attestationObject = '' } = answer.members;
  return { ...credentialOf(answer), response: { clientDataJSON, attestationObject } };
};

/** Returns the response in the form of a credential that was used. */
export const assertionOf = (answer: Answer): AuthenticationResponseJSON => {
  const { clientDataJSON = '', authenticatorData = '', signature = '', userHandle } = answer.members;
  return {
    ...credentialOf(answer),
    response: { clientDataJSON, authenticatorData, signature, ...(userHandle ? { userHandle } : {}) },
  };
};
