import { randomUUID } from 'node:crypto';
import type { Db } from '../../db/database.ts';
import { DAY_SECONDS } from '../../lib/durations.ts';
import type { Keyring } from '../../lib/keyring.ts';
import type { Outbox } from '../messages/outbox.ts';
import { readTokens, writeToken } from './token-store.ts';

const SEALED = 'upstream_tokens.sealed';
/** How long a provider can be unavailable before a token is left unrevoked. */
const LIFETIME_SECONDS = 7 * DAY_SECONDS;

/**
 * Stores a token of a binding, to be revoked when the binding ends. Called after the binding is written, in its
 * transaction.
 */
export async function keepToken(
  { db, keyring }: { db: Db; keyring: Keyring },
  { accountId, binding, token }: { accountId: number; binding: string; token: string },
): Promise<void> {
  const id = randomUUID();
  await writeToken(db, { id, accountId, provider: binding, sealed: keyring.seal(SEALED, token, id) });
}

/** Queues the revocation of the account's tokens, before the bindings are removed in the same transaction. */
export async function queueRevocations(
  { db, keyring, outbox }: { db: Db; keyring: Keyring; outbox: Outbox },
  accountId: number,
  binding?: string,
): Promise<void> {
  for (const { id, provider, sealed } of await readTokens(db, accountId, binding))
    await outbox.add({
      channel: 'revocation',
      kind: 'revoke-token',
      binding: provider,
      token: keyring.openText(SEALED, sealed, id),
      lifetimeSeconds: LIFETIME_SECONDS,
    });
}
