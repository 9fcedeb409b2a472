import { parseEmail } from '../../../../src/domain/values/email.ts';
import { randomHex } from '../../../../src/lib/ids.ts';
import type { EmptyDomain } from '../../empty-domain.ts';
import { caller, emailContact, newEmail } from '../../recovery/recovery-steps.ts';

/** A value that is unique to a browser. */
export const newBrowser = (): string => randomHex(128);

/** A person with an account and a verified address. */
export async function addressee(domain: EmptyDomain, email = newEmail()) {
  const { id } = await domain.lifecycle.create({ contacts: [emailContact(email, true)] });
  return { id, email };
}

export interface Asked {
  browser?: string;
  address?: string;
  uid?: string;
}

/** Requests a code as a browser does. */
export function ask(
  domain: EmptyDomain,
  email: string,
  { browser = newBrowser(), address, uid }: Asked = {},
) {
  const parsed = parseEmail(email);
  if (!parsed) throw new Error(`${email} is no address`);
  const from = address ?? caller().address;
  return domain.emailCode.request({ email: parsed, browser, address: from, locale: 'en', uid });
}

/** The code and the link with its key in the newest mail to an address. */
export async function mailedCode(domain: Pick<EmptyDomain, 'outbox'>, to: string) {
  const [newest] = await domain.outbox.list({ to, limit: 1 });
  const [link = ''] = /https?:\/\/\S+\/sign-in-link\S+/.exec(newest?.text ?? '') ?? [];
  return {
    code: /^.*\b(\d{6})\b/m.exec(newest?.text ?? '')?.[1] ?? '',
    link,
    key: link && (new URL(link).searchParams.get('key') ?? ''),
  };
}
