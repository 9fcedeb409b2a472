import { createHmac } from 'node:crypto';
import type { Configuration } from 'oidc-provider';

/**
 * Subjects of clients that ask for pairwise ones: stable for a sector, unlinkable between sectors (OpenID Connect
 * Core §8.1). The salt is made once and kept for ever: with another one every such client would lose its users.
 */
export const pairwiseSubject =
  (salt: Buffer): NonNullable<Configuration['pairwiseIdentifier']> =>
  (_ctx, accountId, client) =>
    createHmac('sha256', salt).update(`${client.sectorIdentifier}\n${accountId}`).digest('base64url');
