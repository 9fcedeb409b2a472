import type { Transporter } from 'nodemailer';
import addressparser from 'nodemailer/lib/addressparser';
import { lazy } from '../../lib/lazy.ts';
import type { Send } from './message.ts';
import { failureOf, SendFailure } from './send-failure.ts';

export interface MailSettings {
  /** `smtp://user:password@host:port` or `smtps://…`; nodemailer's options may follow as a query. */
  smtpUrl: string;
  /** `Name <address>` or an address. */
  from: string;
  /** For connecting, for the greeting, and for each answer of the server. */
  timeoutMs: number;
}

/** `dot-atom@domain` and nothing that a mail program could read as a list, a name, a comment or a route. */
const ADDR_SPEC = /^[^\s\p{Cc}()<>[\]:;,\\"@]+@[^\s\p{Cc}()<>[\]:;,\\"@]+$/u;

function parseFrom(from: string): { name: string; address: string } {
  const [sender, ...more] = addressparser(from, { flatten: true });
  if (!sender || more.length > 0 || !ADDR_SPEC.test(sender.address)) {
    throw new Error('messages.from must be one address, with or without a name');
  }
  return { name: sender.name, address: sender.address };
}

/** The reply code says most (RFC 5321 §4.2); without one, why there was no reply. */
function smtpFailure(error: unknown): SendFailure {
  const { responseCode } = error as { responseCode?: number };
  return responseCode ? new SendFailure(`SMTP_${responseCode}`, { cause: error }) : failureOf(error);
}

/** nodemailer is loaded here, when the server is ready: it is a tenth of what a start would load of packages. */
async function transportOf(
  { smtpUrl, timeoutMs }: Omit<MailSettings, 'from'>,
  options: { requireTLS?: boolean } = {},
): Promise<Transporter> {
  const { createTransport } = await import('nodemailer');
  return createTransport({
    url: smtpUrl,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...options,
  });
}

/**
 * Connects to the mail server and signs in, and sends nothing. `requireTLS`: without TLS it fails (`ETLS`) before the
 * password goes out. Rejects with nodemailer's error.
 */
export async function tryMailServer(
  settings: Omit<MailSettings, 'from'>,
  options: { requireTLS?: boolean } = {},
): Promise<void> {
  const transport = await transportOf(settings, options);
  try {
    await transport.verify();
  } finally {
    transport.close();
  }
}

/**
 * Sends mails by SMTP. The envelope's recipient is the stored address as it is. A refusal of any kind is tried
 * again, since a wrong setting of ours and an address that does not exist look alike. The Message-ID is made from
 * the message's id, so a mail that arrives twice can be recognised.
 */
export function mailSender({ smtpUrl, from: sender, timeoutMs }: MailSettings): Send<'mail'> {
  const from = parseFrom(sender);
  const domain = from.address.slice(from.address.lastIndexOf('@') + 1);
  const transport = lazy(() => transportOf({ smtpUrl, timeoutMs }));

  return async ({ id, content: { to, subject, text, html }, signal }) => {
    if (!ADDR_SPEC.test(to)) throw new SendFailure('ADDRESS');
    const recipient = { name: '', address: to };
    try {
      await (await transport()).sendMail({
        envelope: { from, to: recipient },
        from,
        to: recipient,
        subject,
        text,
        html,
        messageId: `<${id}@${domain}>`,
        // RFC 3834 §5: no automatic answers
        headers: { 'Auto-Submitted': 'auto-generated' },
        signal,
      });
    } catch (error) {
      throw smtpFailure(error);
    }
  };
}
