import {
  type Explanation,
  explain,
  type Known,
  UNREACHED,
  UNRESOLVED,
  UNTRUSTED,
} from '../../lib/explanation.ts';

/** What an operator can mend, by the codes of nodemailer and Node; replies are `SMTP_535` and the like (RFC 5321 §4.2). */
const KNOWN: readonly Known[] = [
  [/^(EAUTH|SMTP_53[045]|SMTP_454)$/, 'refuses the user or the password', 'Correct them in SMTP_URL.'],
  [
    UNTRUSTED,
    'has a certificate that is not trusted',
    'Name its authority with NODE_EXTRA_CA_CERTS=/path/to/ca.pem, or correct the host name in SMTP_URL.',
  ],
  [
    /^ETLS$/,
    'offers no TLS',
    'Use a server that does: mails, and a password in SMTP_URL, would be readable on their way.',
  ],
  [
    /^(EENVELOPE|SMTP_5\d\d)$/,
    'rejects a mail',
    'See whether it accepts the sender of MAIL_FROM, and relays for the user of SMTP_URL.',
  ],
  [UNRESOLVED, 'cannot be found', 'Correct the host name in SMTP_URL, or the resolver.'],
  [UNREACHED, 'does not answer', 'Start it, or correct SMTP_URL.'],
];

/** Why a mail was not sent, by the error of the try; undefined for what may pass by itself, such as a reply of 4xx. */
export const explainMail = (error: unknown): Explanation | undefined => explain(error, KNOWN);
