import type { Outbox } from '../messages/outbox.ts';
import { type Account, mainContact } from './account.ts';

const DAY_SECONDS = 86_400;

type Notice = 'mobile-released' | 'national-id-released';

/** Tells the owner by mail, where there is an address, that something was taken off the account. */
export async function notify({ outbox }: { outbox: Outbox }, account: Account, kind: Notice): Promise<void> {
  const email = mainContact(account, 'email');
  if (!email) return;
  const common = {
    channel: 'mail' as const,
    to: email.value,
    locale: account.profile.locale === 'en' ? ('en' as const) : ('th' as const),
    accountId: account.id,
    lifetimeSeconds: DAY_SECONDS,
  };
  if (kind === 'mobile-released') {
    const mobile = mainContact(account, 'mobile')?.value ?? '';
    await outbox.add({ ...common, kind, values: { mobile } });
  } else {
    await outbox.add({ ...common, kind, values: {} });
  }
}
