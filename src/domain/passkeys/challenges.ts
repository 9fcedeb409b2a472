import type { Db } from '../../db/database.ts';
import { randomToken } from '../../lib/ids.ts';
import { sha256 } from '../../lib/sha256.ts';
import { claimChallenge, writeChallenge } from './challenge-store.ts';

/** The ceremony that a challenge is bound to. It is valid for no other ceremony, and in no other browser. */
export interface Ceremony {
  /** A value that only this browser has. */
  browser: string;
  /** The sign-in or the account that it is part of. */
  part: string;
}

/** Challenges of WebAuthn (§13.4.3): random, and valid for one response within five minutes. */
export interface Challenges {
  /** Returns a challenge in base64url. An earlier challenge of the same ceremony becomes invalid. */
  issue(ceremony: Ceremony): Promise<string>;
  /** Uses up a challenge; returns false for any that was not issued to this ceremony, and for a second use. */
  use(ceremony: Ceremony, challenge: string): Promise<boolean>;
}

export const CHALLENGE_SECONDS = 300;

const idOf = ({ browser, part }: Ceremony): Buffer => sha256(`passkey ${browser} ${part}`);

export const challenges = ({ db }: { db: Db }): Challenges => ({
  async issue(ceremony) {
    const challenge = randomToken();
    await writeChallenge(db, {
      id: idOf(ceremony),
      digest: sha256(challenge),
      seconds: CHALLENGE_SECONDS,
    });
    return challenge;
  },
  use: (ceremony, challenge) => claimChallenge(db, idOf(ceremony), sha256(challenge)),
});
