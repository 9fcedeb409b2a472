import * as z from 'zod';

/** YAML reads `version: 2` as a number. */
const version = z.union([z.string().regex(/^[\w.:-]{1,50}$/), z.int().positive().transform(String)]);
/** Languages without a text of their own show the English text. */
const text = z.string().min(1);
const inLanguages = z.object({ th: text, en: text }).catchall(text);

/** A text that every person accepts at registration. A new version has to be accepted again by everyone. */
export const textSchema = z.strictObject({ version, uri: z.url({ protocol: /^https?$/ }) });

export const consentsSchema = z.strictObject({
  purposes: z.array(
    z.strictObject({
      purpose: z.string().regex(/^[a-z][a-z0-9_-]{0,49}$/),
      version,
      title: inLanguages,
      text: inLanguages,
      covers: z.array(z.enum(['subscriptions', 'partners'])).default([]),
    }),
  ),
});

/** The names of the texts that every person accepts. */
const RESERVED = ['terms', 'privacy'];

/** Returns the problems of combined purposes. The schema has not been applied yet. */
export function consentProblems({
  consents,
  partners,
}: {
  consents?: z.infer<typeof consentsSchema>;
  partners?: { needConsent?: boolean };
}): string[] {
  const purposes = Array.isArray(consents?.purposes) ? consents.purposes : [];
  const names = purposes.map(({ purpose }) => purpose);
  const problems: string[] = [];
  for (const name of new Set(names)) {
    if (RESERVED.includes(name)) problems.push(`consents.purposes: ${name} is the setting pages.${name}`);
    if (names.indexOf(name) !== names.lastIndexOf(name))
      problems.push(`consents.purposes: ${name} is there twice`);
  }
  if (partners?.needConsent && !purposes.some(({ covers }) => covers?.includes('partners')))
    problems.push('partners.needConsent: no purpose in consents.purposes covers partners');
  return problems;
}
