import type { Db } from '../../db/database.ts';
import type { Keyring } from '../../lib/keyring.ts';
import { isWaiting } from './one-time-code-store.ts';

/** The content of a link, sealed under `SECRET_KEY`: neither the link in a mail nor a log of URLs reveals the code. */
interface SealedCode {
  /** The key of the address. */
  email: string;
  code: string;
  /** The digest that the code is stored as, bound to the browser that requested it. */
  digest: Buffer;
  /** Identifies the sign-in that the link continues. */
  uid: string | undefined;
}

export interface CodeLink extends SealedCode {
  /** The link was opened in the browser that requested the code. */
  isOfBrowser: boolean;
}

export interface CodeLinks {
  /** Returns the sealed code in base64url. */
  seal(code: SealedCode): string;
  /** Returns undefined for text that this deployment did not seal. */
  open(link: string): SealedCode | undefined;
  /** Returns whether the code of a link can still be used. */
  isWaiting(email: string, digest: Buffer): Promise<boolean>;
}

const CONTEXT = 'one_time_codes.link';

/** Links to codes sent by mail. They have no expiry of their own: the code's row has it. */
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
