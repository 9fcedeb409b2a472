import type { Db } from '../../db/database.ts';
import type { Keyring } from '../../lib/keyring.ts';
import { isWaiting } from './one-time-code-store.ts';

/** What a link holds, sealed under `SECRET_KEY`: neither a mail's link nor a log of addresses shows the code. */
interface SealedCode {
  /** The key of the address. */
  email: string;
  code: string;
  /** As the code is stored, bound to the browser that asked. */
  digest: Buffer;
  /** Names the sign-in that it continues. */
  uid: string | undefined;
}

export interface CodeLink extends SealedCode {
  /** It was opened in the browser that asked for the code. */
  isOfBrowser: boolean;
}

export interface CodeLinks {
  /** In base64url. */
  seal(code: SealedCode): string;
  /** Undefined for what we did not seal. */
  open(link: string): SealedCode | undefined;
  /** Whether the code of a link can still be used. */
  isWaiting(email: string, digest: Buffer): Promise<boolean>;
}

const CONTEXT = 'one_time_codes.link';

/** Links to codes by mail. They have no time of their own: the code's row has it. */
export const codeLinks = ({ db, keyring }: { db: Db; keyring: Keyring }): CodeLinks => ({
  seal: ({ email, code, digest, uid }) =>
    keyring
      .seal(CONTEXT, JSON.stringify([email, code, digest.toString('base64url'), uid]))
      .toString('base64url'),
  open(link) {
    try {
      const text = keyring.openText(CONTEXT, Buffer.from(link, 'base64url'));
      const [email, code, digest, uid] = JSON.parse(text);
      return { email, code, digest: Buffer.from(digest, 'base64url'), uid: uid ?? undefined };
    } catch {
      return undefined;
    }
  },
  isWaiting: (email, digest) => isWaiting(db, email, digest),
});
