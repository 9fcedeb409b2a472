import { createPrivateKey, createPublicKey, randomBytes } from 'node:crypto';
import { decodeJwt, errors, importJWK, jwtVerify, SignJWT } from 'jose';
import type { Db } from '../../db/database.ts';
import { epochSeconds } from '../../lib/clock.ts';
import type { Keyring } from '../../lib/keyring.ts';
import { signingKeys } from '../signing-keys/signing-keys.ts';
import {
  type ErasedBy,
  type ErasureReceipt,
  isReceiptId,
  RECEIPT_TYPE,
  type VerifiedReceipt,
} from './erasure-receipt.ts';
import { insertReceipt, readNow, readReceipt } from './erasure-receipt-store.ts';

export type { ErasedBy, ErasureReceipt } from './erasure-receipt.ts';

export interface ErasureReceipts {
  /** Signs and stores a receipt, in the transaction of the erasure. `erased` is the number of rows by table. */
  issue(db: Db, erasure: { by: ErasedBy; erased: Readonly<Record<string, number>> }): Promise<ErasureReceipt>;
  find(id: string): Promise<ErasureReceipt | undefined>;
  /**
   * Returns the contents of a receipt, even after its key has left the key set; undefined if it was not issued here.
   */
  verify(receipt: string): Promise<VerifiedReceipt | undefined>;
}

interface Deps {
  db: Db;
  keyring: Keyring;
  issuer: string;
}

const ALG = 'RS256';
const ID_BYTES = 16;

export function erasureReceipts({ db, keyring, issuer }: Deps): ErasureReceipts {
  async function currentKey(tx: Db) {
    const keys = signingKeys({ db: tx, keyring });
    const current = async () =>
      (await keys.published()).find(({ alg, state }) => alg === ALG && state === 'current');
    const key = await current();
    if (key) return key;
    // a command may run before the first server has started
    await keys.ensure();
    const made = await current();
    if (!made) throw new Error(`there is no current key of ${ALG}`);
    return made;
  }

  const find = async (id: unknown): Promise<ErasureReceipt | undefined> =>
    isReceiptId(id) ? readReceipt(db, id) : undefined;

  return {
    async issue(tx, { by, erased }) {
      const { kid, jwk } = await currentKey(tx);
      const privateKey = createPrivateKey({ key: jwk, format: 'jwk' });
      const id = randomBytes(ID_BYTES).toString('base64url');
      const erasedAt = await readNow(tx);
      const receipt = await new SignJWT({ erased_by: by, erased })
        .setProtectedHeader({ alg: ALG, kid, typ: RECEIPT_TYPE })
        .setIssuer(issuer)
        .setIssuedAt(epochSeconds(erasedAt))
        .setJti(id)
        .sign(privateKey);
      const publicKey = {
        ...createPublicKey(privateKey).export({ format: 'jwk' }),
        kid,
        alg: ALG,
        use: 'sig',
      };
      const issued = { id, erasedAt, erasedBy: by, receipt, publicKey };
      await insertReceipt(tx, issued);
      return issued;
    },
    find,
    async verify(receipt) {
      try {
        const stored = await find(decodeJwt(receipt).jti);
        if (!stored) return undefined;
        const { payload } = await jwtVerify<Pick<VerifiedReceipt, 'erased'>>(
          receipt,
          await importJWK(stored.publicKey, ALG),
          { issuer, typ: RECEIPT_TYPE, algorithms: [ALG] },
        );
        const { id, erasedAt, erasedBy } = stored;
        return { id, erasedAt, erasedBy, erased: payload.erased };
      } catch (error) {
        if (error instanceof errors.JOSEError) return undefined;
        throw error;
      }
    },
  };
}
