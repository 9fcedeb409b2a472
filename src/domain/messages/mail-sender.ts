import type { Transporter } from 'nodemailer';
import addressparser from 'nodemailer/lib/addressparser';
import { lazy } from '../../lib/lazy.ts';
import type { Send } from './message.ts';
import { failureOf, SendFailure } from './send-failure.ts';

export interface MailSettings {
  /** `smtp://user:password@host:port` or `smtps://…`; options of nodemailer can follow in the query string. */
  smtpUrl: string;
  /** `Name <address>` or an address. */
  from: string;
  /** The timeout of name resolution, of the connection, of the greeting and of each response of the server. */
  timeoutMs: number;
}

/** `dot-atom@domain`, without characters that a mail program could parse as a list, a name, a comment or a route. */
const ADDR_SPEC = /^[^\s\p{Cc}()<>[\]:;,\\"@]+@[^\s\p{Cc}()<>[\]:;,\\"@]+$/u;

function parseFrom(from: string): { name: string; address: string } {
  const [sender, ...more] = addressparser(from, { flatten: true });
  if (!sender || more.length > 0 || !ADDR_SPEC.test(sender.address)) {
    throw new Error('messages.from must be one address, with or without a name');
  }
  return { name: sender.name, address: sender.address };
}

/** Returns a failure with the reply code (RFC 5321 §4.2) or, without a reply, with the reason for its absence. */
function smtpFailure(error: unknown): SendFailure {
  const { responseCode } = error as { responseCode?: number };
  return responseCode ? new SendFailure(`SMTP_${responseCode}`, { cause: error }) : failureOf(error);
}

/**
 * Creates a transport. nodemailer is loaded here, when the server is ready: it is a tenth of the packages that a start
 * would load.
 */
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
 * Connects to the mail server and authenticates, without sending anything. With `requireTLS`, fails with `ETLS` before
 * the password is sent if TLS is not available. Rejects with nodemailer's error.
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
 * Sends mails by SMTP. The envelope recipient is the stored address, unchanged. Every refusal is retried, because a
 * wrong setting of this server and an address that does not exist look alike. The Message-ID is derived from the
 * message's id, so that a mail that arrives twice can be recognised.
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
        // RFC 3834 §5: no automatic responses
        headers: { 'Auto-Submitted': 'auto-generated' },
        signal,
      });
    } catch (error) {
      throw smtpFailure(error);
    }
  };
}
