import {
  type Explanation,
  explain,
  type Known,
  UNREACHED,
  UNRESOLVED,
  UNTRUSTED,
} from '../../lib/explanation.ts';

/**
 * The failures that an operator can fix, by the error codes of nodemailer and Node. Reply codes of the mail server have
 * the form `SMTP_535` (RFC 5321 §4.2).
 */
const KNOWN: readonly Known[] = [
  [
    /^(EAUTH|SMTP_53[045]|SMTP_454)$/,
    'rejects the user or the password',
    'Correct the credentials in SMTP_URL.',
  ],
  [
    UNTRUSTED,
    'has an untrusted certificate',
    'Add its certificate authority with NODE_EXTRA_CA_CERTS=/path/to/ca.pem, or correct the host name in SMTP_URL.',
  ],
  [
    /^ETLS$/,
    'does not support TLS',
    'Use a server that does. Without TLS, mail and the password of SMTP_URL can be read in transit.',
  ],
  [
    /^(EENVELOPE|SMTP_5\d\d)$/,
    'rejects mail',
    'Check that it accepts the sender of MAIL_FROM and relays for the user of SMTP_URL.',
  ],
  [UNRESOLVED, 'has an unknown host name', 'Correct the host name in SMTP_URL, or fix name resolution.'],
  [UNREACHED, 'does not respond', 'Start it, or correct SMTP_URL.'],
];

/**
 * Explains why a mail was not sent, by the error of the attempt. Returns undefined for failures that can be temporary,
 * such as most 4xx replies.
 */
export const explainMail = (error: unknown): Explanation | undefined => explain(error, KNOWN);
