import type { ClientMetadata } from '../../domain/clients/client.ts';
import type { Sent } from '../kit/form-errors.ts';
import { FormRefused } from '../kit/form-errors.ts';
import type { ClientFields } from '../page-data/console-clients-data.ts';

/** The members of a registration that have their own field. All others are in the field `more`, as JSON. */
const LISTS = ['redirect_uris', 'post_logout_redirect_uris', 'grant_types'] as const;
const TEXTS = ['client_id', 'client_name', 'scope', 'token_endpoint_auth_method'] as const;
const OWN: ReadonlySet<string> = new Set([
  ...LISTS,
  ...TEXTS,
  'first_party',
  'fapi_profile',
  'response_types',
]);

/** The value of the member for FAPI 2.0, which is a checkbox in the form. */
const FAPI = '2.0';

const linesOf = (value: unknown): string => (Array.isArray(value) ? value.join('\n') : '');

/** The form that corresponds to a registration. */
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

/** The values as typed, to be shown again. */
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

/** The members of the field `more`. Throws `FormRefused` if the text is not a JSON object. */
function moreIn({ more = '' }: Sent): Record<string, unknown> {
  if (more.trim() === '') return {};
  try {
    const parsed: unknown = JSON.parse(more);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return { ...parsed };
  } catch {
    // reported below, as for JSON that is not an object
  }
  throw new FormRefused([{ field: 'more', code: 'INVALID_TEXT' }]);
}

/** The registration that corresponds to a form. Empty fields are omitted. */
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

/** Compares two texts of a field, because browsers send its line breaks as CRLF. */
const sameLines = (one: string, other: string): boolean =>
  one.trim() === other.replaceAll('\r\n', '\n').trim();

/**
 * The merge patch (RFC 7396) that turns one registration into the one in a form. An unchanged field leaves its member
 * unchanged. This includes members that the form cannot distinguish from missing ones, such as an empty scope.
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
