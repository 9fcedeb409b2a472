import type { JsonWebKey } from 'node:crypto';

/** The role in which an account was erased; a name would be personal data of its own. */
export type ErasedBy = 'owner' | 'operator' | 'retention';

export interface ErasureReceipt {
  /** Random, and the `jti` of the receipt. */
  id: string;
  erasedAt: Date;
  erasedBy: ErasedBy;
  /** A JWT as a JWS in compact form: `iss`, `iat`, `jti`, `erased_by`, and `erased`: how many rows of which table. */
  receipt: string;
  /** The public key that it was signed with. */
  publicKey: JsonWebKey;
}

/** What a receipt says that this deployment issued. */
export interface VerifiedReceipt extends Pick<ErasureReceipt, 'id' | 'erasedAt' | 'erasedBy'> {
  /** How many rows of which table. */
  erased: Readonly<Record<string, number>>;
}

/** The media type in the header of a receipt, so that no other JWT of the issuer is taken for one (RFC 8725 §3.11). */
export const RECEIPT_TYPE = 'erasure-receipt+jwt';

/** Of an ID, as it is generated. */
export const isReceiptId = (id: unknown): id is string => typeof id === 'string' && /^[\w-]{22}$/.test(id);
