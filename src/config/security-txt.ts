import * as z from 'zod';

/** Printable ASCII without spaces, so that a value stays in its line (RFC 9116 §2.2). */
const uri = (schemes: RegExp) => z.string().regex(new RegExp(`^(?:${schemes.source}):[\\x21-\\x7e]+$`));

/** Fields of `/.well-known/security.txt` (RFC 9116). */
export const securityTxtSchema = z.strictObject({
  /** In order of preference. The file is not published when this is empty. */
  contacts: z.array(uri(/mailto|https|tel/)).max(10),
  expires: z.iso.datetime({ offset: true }).optional(),
  policy: uri(/https/).optional(),
  acknowledgments: uri(/https/).optional(),
  encryption: uri(/https|dns|openpgp4fpr/).optional(),
  /** Language tags (RFC 5646). */
  languages: z.array(z.string().regex(/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/)).max(10),
});

export type SecurityTxtSettings = z.infer<typeof securityTxtSchema>;

/** Requires an expiry date, because readers must not trust a file without one (RFC 9116 §2.5.5). */
export function securityTxtProblems({ securityTxt }: { securityTxt?: SecurityTxtSettings }): string[] {
  const hasContacts = (securityTxt?.contacts?.length ?? 0) > 0;
  return hasContacts && securityTxt?.expires === undefined
    ? ['securityTxt.expires: required with securityTxt.contacts, less than a year ahead']
    : [];
}
