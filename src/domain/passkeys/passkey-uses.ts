import type { Db } from '../../db/database.ts';
import { AppError } from '../../errors/app-error.ts';
import { equalBytes } from '../../lib/constant-time.ts';
import type { LastingDigest } from '../secrets/lasting-digest.ts';
import { readAnswer } from './answer.ts';
import type { Ceremony, Challenges } from './challenges.ts';
import { findPasskey, noteUse, type Passkey } from './passkey-store.ts';
import { userHandle } from './passkeys.ts';
import type { RelyingParty } from './relying-party.ts';
import { requestOptions, verifyUse } from './webauthn.ts';

/** A passkey that was used, with its account. */
export interface UsedPasskey extends Pick<Passkey, 'id'> {
  accountId: number;
  /** Its counter did not increase: its key may have been copied (WebAuthn §6.1.1). */
  isCopied: boolean;
}

/** The ceremony that uses a passkey (WebAuthn §7.2). */
export interface PasskeyUses {
  /** Returns the options of the ceremony, as `PublicKeyCredentialRequestOptionsJSON`. */
  begin(ceremony: Ceremony): Promise<object>;
  /** Returns the passkey that a response was made with. Throws `PASSKEY_REJECTED`, `PASSKEY_UNKNOWN`. */
  verify(ceremony: Ceremony, credential: string): Promise<UsedPasskey>;
}

interface Deps {
  db: Db;
  relyingParty: RelyingParty;
  challenges: Challenges;
  digest: LastingDigest;
}

const rejected = (reason: 'expired_code' | 'invalid_passkey'): AppError =>
  new AppError('PASSKEY_REJECTED', { reason });

export const passkeyUses = ({ db, relyingParty, challenges, digest }: Deps): PasskeyUses => ({
  begin: async (ceremony) => requestOptions(relyingParty, await challenges.issue(ceremony)),
  async verify(ceremony, credential) {
    const answer = readAnswer(credential);
    // first: a response can be used once, whatever else is wrong with it
    if (!(await challenges.use(ceremony, answer.challenge))) throw rejected('expired_code');
    const passkey = await findPasskey(db, Buffer.from(answer.id, 'base64url'));
    if (!passkey) throw new AppError('PASSKEY_UNKNOWN', { reason: 'unknown_passkey' });
    const { id, accountId } = passkey;
    const handle = Buffer.from(answer.members.userHandle ?? '', 'base64url');
    if (!equalBytes(handle, userHandle(digest, accountId))) throw rejected('invalid_passkey');
    const use = await verifyUse(relyingParty, answer, passkey);
    return { id, accountId, isCopied: !(await noteUse(db, id, use)) };
  },
});
