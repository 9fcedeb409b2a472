import type { X509Certificate } from 'node:crypto';
import { normaliseAddress } from './addresses.ts';

/** The names of attribute types that can be written as object identifiers (RFC 4514 §3, X.520). */
const TYPES: Readonly<Record<string, string>> = {
  '0.9.2342.19200300.100.1.1': 'uid',
  '0.9.2342.19200300.100.1.25': 'dc',
  '1.2.840.113549.1.9.1': 'emailaddress',
  '2.5.4.3': 'cn',
  '2.5.4.4': 'sn',
  '2.5.4.5': 'serialnumber',
  '2.5.4.6': 'c',
  '2.5.4.7': 'l',
  '2.5.4.8': 'st',
  '2.5.4.9': 'street',
  '2.5.4.10': 'o',
  '2.5.4.11': 'ou',
  '2.5.4.12': 'title',
  '2.5.4.15': 'businesscategory',
  '2.5.4.42': 'gn',
  '2.5.4.97': 'organizationidentifier',
};

/** Splits a text at separators that are not escaped. */
function split(text: string, separator: string): string[] {
  const parts = [''];
  for (const [piece] of text.matchAll(/\\[\s\S]|[^\\]/g)) {
    if (piece === separator) parts.push('');
    else parts[parts.length - 1] += piece;
  }
  return parts;
}

/** Decodes `\,` and `\C4\8D` (RFC 4514 §2.4). */
function unescaped(text: string): string {
  const bytes = text.replaceAll(/(?:\\[0-9a-f]{2})+/gi, (run) =>
    Buffer.from(run.replaceAll('\\', ''), 'hex').toString('utf8'),
  );
  return bytes.replaceAll(/\\([\s\S])/g, '$1');
}

/** Prepares a value for comparison (RFC 4517 §4.2.11), ignoring case, white space and compatibility forms. */
const prepared = (value: string): string =>
  value.normalize('NFKC').toLowerCase().trim().replaceAll(/\s+/g, ' ');

/** An attribute of a name: its type in lower case and its prepared value. */
function attribute(text: string): string {
  const [type = '', ...value] = text.trim().split('=');
  const name = type
    .trim()
    .toLowerCase()
    .replace(/^oid\./, '');
  return `${TYPES[name] ?? name}=${prepared(unescaped(value.join('=')))}`;
}

/** A relative name: one attribute, or several in any order. */
const relative = (text: string): string => JSON.stringify(split(text, '+').map(attribute).sort());

/**
 * Whether a certificate has this subject, a distinguished name as in RFC 4514, such as `CN=client,O=Example,C=TH`, with
 * the innermost part first.
 */
export function hasSubject({ subject }: Pick<X509Certificate, 'subject'>, name: string): boolean {
  // Node lists one part per line, in the certificate's order, which is the reverse
  const own = (subject ?? '').split('\n').filter(Boolean).map(relative).reverse();
  const wanted = split(name, ',').map(relative);
  return own.length > 0 && own.length === wanted.length && own.every((part, index) => part === wanted[index]);
}

const NAME = /([A-Za-z ]+):("(?:[^"\\]|\\.)*"|[^,]*)(?:, |$)/g;

/** The alternative names of a kind. Node quotes a value that could be read as several. */
const alternatives = (text: string, kind: string): string[] =>
  [...text.matchAll(NAME)]
    .filter(([, name]) => name === kind)
    .map(([, , value = '']) => (value.startsWith('"') ? String(JSON.parse(value)) : value));

const lowerHost = (email: string): string => {
  const at = email.lastIndexOf('@');
  return email.slice(0, at) + email.slice(at).toLowerCase();
};

const KINDS = {
  dns: { label: 'DNS', prepare: (value: string) => value.toLowerCase() },
  uri: { label: 'URI', prepare: (value: string) => value },
  ip: { label: 'IP Address', prepare: (value: string) => normaliseAddress(value) ?? value },
  email: { label: 'email', prepare: lowerHost },
} as const;

export type AlternativeKind = keyof typeof KINDS;

/** Whether a certificate has this subject alternative name (RFC 5280 §4.2.1.6), in full and without wildcards. */
export function hasAlternative(
  { subjectAltName }: Pick<X509Certificate, 'subjectAltName'>,
  kind: AlternativeKind,
  wanted: string,
): boolean {
  const { label, prepare } = KINDS[kind];
  return alternatives(subjectAltName ?? '', label).some((name) => prepare(name) === prepare(wanted));
}
