import type { Config } from '../../config/config.ts';
import { explainMail } from '../../domain/messages/explain-mail.ts';
import { tryMailServer } from '../../domain/messages/mail-sender.ts';
import { isLoopbackName } from '../../lib/loopback.ts';
import { type Check, codeOf, fail, ok, warn } from './check.ts';

const MEND_TLS = 'Use smtps://, or add ?requireTLS=true if the server offers STARTTLS.';

/** How the password of `SMTP_URL` is transmitted. */
type Travel = 'none' | 'safe' | 'may be plain' | 'plain';

/**
 * Derives the transmission from the URL. nodemailer uses STARTTLS where it is offered, and continues without it
 * elsewhere.
 */
function passwordOf(url: URL): Travel {
  if (!url.username && !url.password) return 'none';
  const on = (name: string): boolean => url.searchParams.get(name) === 'true';
  if (url.protocol === 'smtps:' || on('secure') || (on('requireTLS') && !on('ignoreTLS'))) return 'safe';
  return on('ignoreTLS') ? 'plain' : 'may be plain';
}

/** Connects and authenticates. Does not send a password without TLS, except to this machine. */
async function route({ messages, environment }: Config): Promise<Check> {
  const name = 'mail';
  const { smtpUrl, timeoutMs } = messages;
  if (!smtpUrl) {
    if (environment !== 'production') return ok(name, 'messages go to the development outbox (/dev/outbox)');
    return warn(name, 'SMTP_URL is not set: features that need e-mail are disabled', 'Set SMTP_URL.');
  }
  const url = new URL(smtpUrl);
  const travel = passwordOf(url);
  const here = isLoopbackName(url.hostname);
  const plain = `the password of SMTP_URL would be sent to ${url.hostname} without TLS`;
  if (travel === 'plain' && !here) return fail(name, plain, MEND_TLS);
  try {
    await tryMailServer(
      { smtpUrl, timeoutMs },
      travel === 'may be plain' && !here ? { requireTLS: true } : {},
    );
  } catch (error) {
    const { responseCode } = error as { responseCode?: number };
    if (travel === 'may be plain' && codeOf(error) === 'ETLS') return fail(name, plain, MEND_TLS);
    const { what, code, mend } = explainMail(error) ?? {
      what: 'cannot be used',
      code: codeOf(error),
      mend: 'Correct SMTP_URL.',
    };
    return fail(name, `the mail server ${what} (${[code, responseCode].filter(Boolean).join(' ')})`, mend);
  }
  if (travel === 'none') return ok(name, 'the mail server accepts the connection');
  if (travel === 'safe') return ok(name, 'the mail server accepts the connection and the password');
  if (here) return warn(name, 'the password of SMTP_URL may be sent without TLS, to this machine', MEND_TLS);
  return warn(
    name,
    'an attacker on the network can force the password of SMTP_URL to be sent without TLS',
    MEND_TLS,
  );
}

/** Whether other mail servers would accept this sender. `localhost` is not a domain that mail can come from. */
function sender({ messages: { smtpUrl, from }, environment }: Config): Check {
  const name = 'sender';
  const domain = /@([^\s<>]+)>?\s*$/.exec(from)?.[1] ?? '';
  if (domain.includes('.') && !/\.(localhost|local|invalid)$/i.test(domain))
    return ok(name, `mail is sent from ${domain}`);
  if (!smtpUrl) return ok(name, 'no mail is sent');
  const message = `MAIL_FROM is ${from}: other mail servers reject a sender at ${domain || 'no domain'}`;
  return (environment === 'production' ? fail : warn)(
    name,
    message,
    "Set MAIL_FROM, such as 'My shop <no-reply@shop.example.com>'.",
  );
}

/** Checks the path of a message from this server to a recipient's inbox. */
export const mailChecks = async (config: Config): Promise<Check[]> => [await route(config), sender(config)];
