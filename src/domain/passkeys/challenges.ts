import type { Db } from '../../db/database.ts';
import { randomToken } from '../../lib/ids.ts';
import { sha256 } from '../../lib/sha256.ts';
import { claimChallenge, writeChallenge } from './challenge-store.ts';

/** What a challenge is for. It is good for nothing else, and in no other browser. */
export interface Ceremony {
  /** A value that only this browser has. */
  browser: string;
  /** The sign-in or the account that it is part of. */
  part: string;
}

/** Challenges of WebAuthn (§13.4.3): random, each answered once within five minutes. */
export interface Challenges {
  /** In base64url. An earlier challenge of the same ceremony is over. */
  issue(ceremony: Ceremony): Promise<string>;
  /** Uses a challenge up; false for any that was not given to this ceremony, and the second time. */
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
