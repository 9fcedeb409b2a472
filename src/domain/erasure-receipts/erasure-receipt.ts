import type { JsonWebKey } from 'node:crypto';

/** The role that erased an account; a name would be personal data itself. */
export type ErasedBy = 'owner' | 'operator' | 'retention';

export interface ErasureReceipt {
  /** A random ID, also the `jti` of the receipt. */
  id: string;
  erasedAt: Date;
  erasedBy: ErasedBy;
  /** A JWT as a JWS in compact form: `iss`, `iat`, `jti`, `erased_by`, and `erased`, the number of rows by table. */
  receipt: string;
  /** The public key that verifies its signature. */
  publicKey: JsonWebKey;
}

/** The contents of a receipt that this deployment issued. */
export interface VerifiedReceipt extends Pick<ErasureReceipt, 'id' | 'erasedAt' | 'erasedBy'> {
  /** The number of erased rows by table. */
  erased: Readonly<Record<string, number>>;
}

/**
 * The media type in the header of a receipt, so that no other JWT of the issuer is accepted as one (RFC 8725 §3.11).
 */
export const RECEIPT_TYPE = 'erasure-receipt+jwt';

/** Returns whether a value has the format of a generated ID. */
export const isReceiptId = (id: unknown): id is string => typeof id === 'string' && /^[\w-]{22}$/.test(id);
