import { createHmac } from 'node:crypto';
import type { Configuration } from 'oidc-provider';

/**
 * Returns the subject for clients with pairwise subjects: stable within a sector, unlinkable between sectors (OpenID
 * Connect Core §8.1). The salt is created once and kept indefinitely: with another one, every such client would lose
 * its users.
 */
export const pairwiseSubject =
  (salt: Buffer): NonNullable<Configuration['pairwiseIdentifier']> =>
  (_ctx, accountId, client) =>
    createHmac('sha256', salt).update(`${client.sectorIdentifier}\n${accountId}`).digest('base64url');
