import type { Db } from '../../db/database.ts';
import type { Keyring } from '../../lib/keyring.ts';
import { existing } from '../accounts/accounts.ts';
import { tellEveryContact } from '../accounts/every-contact.ts';
import { audit } from '../audit/audit.ts';
import { type ContactKey, contacts } from '../contacts/contacts.ts';
import { mailedSecrets } from '../mailed-secrets/mailed-secrets.ts';
import type { Outbox } from '../messages/outbox.ts';
import { signOutOthers } from '../sessions/sign-out-others.ts';
import { queueRevocations } from '../upstream/revocations.ts';
import { removeUnproved, removeUnprovedAuthenticators, unprovedLinks } from './recovery-store.ts';

interface Deps {
  /** The caller's transaction. */
  db: Db;
  keyring: Keyring;
  outbox: Outbox;
}

/**
 * Hands an account over to the person who has just proved one of its contacts. Ends all its sessions, tokens and
 * pending changes, and removes everything that was linked to it before anything was proved, including authenticators. A
 * person who listed a stranger's address in advance keeps nothing, and every other contact must be confirmed again.
 * Must run after the contact was marked as verified.
 */
export async function resetTrust(deps: Deps, accountId: number, through: ContactKey): Promise<void> {
  await signOutOthers(deps, accountId);
  await contacts(deps).doubtOthers(accountId, through);
  await mailedSecrets(deps).endUnproved(accountId);
  for (const provider of await unprovedLinks(deps.db, accountId))
    await queueRevocations(deps, accountId, provider);
  await removeUnproved(deps.db, accountId);
  if ((await removeUnprovedAuthenticators(deps.db, accountId)) === 0) return;
  await audit(deps).record({ event: 'second_factor.removed', accountId, details: { by: 'recovery' } });
  await tellEveryContact(deps, await existing(deps.db, accountId), {
    kind: 'second-factor-changed',
    values: {},
  });
}
