import type { ClientMetadata } from '../../domain/clients/client.ts';
import type { Sent } from '../kit/form-errors.ts';
import { FormRefused } from '../kit/form-errors.ts';
import type { ClientFields } from '../page-data/console-clients-data.ts';

/** Members of a registration that have a field of their own; every other one is in the field `more`, as JSON. */
const LISTS = ['redirect_uris', 'post_logout_redirect_uris', 'grant_types'] as const;
const TEXTS = ['client_id', 'client_name', 'scope', 'token_endpoint_auth_method'] as const;
const OWN: ReadonlySet<string> = new Set([
  ...LISTS,
  ...TEXTS,
  'first_party',
  'fapi_profile',
  'response_types',
]);

/** The value of the member for FAPI 2.0, which is a checkbox here. */
const FAPI = '2.0';

const linesOf = (value: unknown): string => (Array.isArray(value) ? value.join('\n') : '');

/** The form of a registration. */
export function fieldsOf(metadata: Partial<ClientMetadata>): ClientFields {
  const more = Object.fromEntries(Object.entries(metadata).filter(([member]) => !OWN.has(member)));
  const text = (name: (typeof TEXTS)[number]): string => String(metadata[name] ?? '');
  return {
    client_id: text('client_id'),
    client_name: text('client_name'),
    scope: text('scope'),
    token_endpoint_auth_method: text('token_endpoint_auth_method'),
    redirect_uris: linesOf(metadata.redirect_uris),
    post_logout_redirect_uris: linesOf(metadata.post_logout_redirect_uris),
    grant_types: linesOf(metadata.grant_types),
    first_party: metadata.first_party ? 'true' : '',
    fapi_profile: metadata.fapi_profile === FAPI ? 'true' : '',
    more: Object.keys(more).length > 0 ? JSON.stringify(more, null, 2) : '',
  };
}

/** What was typed, to be shown again. */
export const typedFields = (sent: Sent): ClientFields => ({
  ...fieldsOf({}),
  ...(Object.fromEntries(
    Object.entries(sent).filter(([name]) => name in fieldsOf({})),
  ) as Partial<ClientFields>),
});

const linesIn = (text = ''): string[] =>
  text
    .split(/\s+/)
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** The members of the field `more`. Throws `FormRefused` for anything but a JSON object. */
function moreIn({ more = '' }: Sent): Record<string, unknown> {
  if (more.trim() === '') return {};
  try {
    const parsed: unknown = JSON.parse(more);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return { ...parsed };
  } catch {
    // reported below, as for JSON that is no object
  }
  throw new FormRefused([{ field: 'more', code: 'INVALID_TEXT' }]);
}

/** The registration that a form describes. A field that is empty is no member. */
export function metadataIn(sent: Sent): Record<string, unknown> {
  const texts = TEXTS.map((name) => [name, sent[name]?.trim()] as const);
  const lists = LISTS.map((name) => [name, linesIn(sent[name])] as const);
  return {
    ...moreIn(sent),
    ...Object.fromEntries(texts.filter(([, text]) => text)),
    ...Object.fromEntries(lists.filter(([, list]) => list.length > 0)),
    ...(sent.first_party === 'true' ? { first_party: true } : {}),
    ...(sent.fapi_profile === 'true' ? { fapi_profile: FAPI } : {}),
  };
}

/** Browsers send the line breaks of a text field as CRLF. */
const sameLines = (one: string, other: string): boolean =>
  one.trim() === other.replaceAll('\r\n', '\n').trim();

/**
 * What turns one registration into the one that a form describes: a merge patch (RFC 7396). A field that was left as it
 * was shown leaves its member, also one that the form cannot tell from none, such as an empty scope.
 */
export function patchTo(before: ClientMetadata, sent: Sent): Record<string, unknown> {
  const [shown, after] = [fieldsOf(before), metadataIn(sent)];
  const isLeft = (name: string): boolean =>
    Object.hasOwn(shown, name) && sameLines(shown[name as keyof ClientFields], sent[name] ?? '');
  const kept = new Set([...Object.keys(after), 'client_id', 'response_types']);
  const removed = Object.keys(before).filter((member) => !kept.has(member));
  const patch = { ...Object.fromEntries(removed.map((member) => [member, null])), ...after };
  return Object.fromEntries(Object.entries(patch).filter(([name]) => !isLeft(name)));
}
