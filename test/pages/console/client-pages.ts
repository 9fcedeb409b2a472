import { randomHex } from '../../../src/lib/ids.ts';
import type { TestServer } from '../../support/server.ts';
import { tokenRequest } from '../../support/sign-in.ts';
import type { Operator, Seen } from './operator.ts';

export const CB = 'https://app.example.com/cb';

export const unescaped = (text: string): string =>
  text
    .replaceAll('&#34;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');

/** The secrets on a page. */
export const secretsOf = (page: string): string[] =>
  [...page.matchAll(/<dd><code>([^<]+)<\/code><\/dd>/g)].map(([, secret = '']) => secret);

/** The values in the form of a registration. */
export const fieldsOf = (page: string): Record<string, string> => ({
  ...Object.fromEntries(
    [...page.matchAll(/<(?:input|textarea) id="(\w+)" name="\1"(?![^>]*checkbox)([^>]*)>([^<]*)/g)].map(
      ([, name = '', attributes = '', text = '']) => [
        name,
        unescaped(/value="([^"]*)"/.exec(attributes)?.[1] ?? text),
      ],
    ),
  ),
  version: /name="version" value="([^"]+)"/.exec(page)?.[1] ?? '',
});

export const numbersOf = (page: string): number[] =>
  [...page.matchAll(/<dd class="number">(\d+)</g)].map(([, count]) => Number(count));

/** Registers a client on the page for new clients. */
export async function create(
  admin: Operator,
  fields: Record<string, string> = {},
): Promise<{ id: string; seen: Seen }> {
  const id = `made-${randomHex(64)}`;
  const { page } = await admin.open('/console/new-client');
  const seen = await admin.send('/console/new-client', {
    ...fieldsOf(page),
    client_id: id,
    redirect_uris: CB,
    ...fields,
  });
  return { id, seen };
}

/** Whether a client can authenticate with a secret. */
export async function isSecretOf(
  { url }: Pick<TestServer, 'url'>,
  id: string,
  secret: string,
): Promise<boolean> {
  const { status } = await tokenRequest(
    url,
    { grant_type: 'authorization_code', code: 'x', redirect_uri: CB },
    { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
  );
  return status !== 401;
}
