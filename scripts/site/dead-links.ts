import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

const idsOf = (html: string): Set<string> =>
  new Set([...html.matchAll(/\sid="([^"]+)"/g)].map(([, id = '']) => id));

const decoded = (html: string): string =>
  html.replaceAll('&amp;', '&').replaceAll('&quot;', '"').replaceAll('&#39;', "'");

/**
 * Returns the links and sources in the HTML files of a built site that lead to a missing file or page element, such as
 * `docs/clients.html: production.html#no-such-heading`. Links to other hosts are not followed.
 *
 * @param folder the root of the built site
 * @param base the path that the site is served under, with `/` at both ends
 */
export function deadLinks(folder: string, base = '/'): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.html'),
  );
  const pages = new Map(files.map((path) => [path, readFileSync(join(folder, path), 'utf8')]));
  const ids = new Map([...pages].map(([path, html]) => [path, idsOf(html)]));

  const isDead = (page: string, link: string): boolean => {
    if (/^([a-z][a-z0-9+.-]*:|\/\/)/i.test(link)) return false;
    const [, path = '', anchor = ''] = /^([^?#]*)(?:\?[^#]*)?(?:#(.*))?$/.exec(link) ?? [];
    const target = path.startsWith('/')
      ? path.startsWith(base) && path.slice(base.length)
      : posix.join(posix.dirname(page), path);
    if (target === false) return true;
    const file =
      path === '' ? page : posix.join(target, path.endsWith('/') || target === '' ? 'index.html' : '');
    if (!existsSync(join(folder, file))) return true;
    return anchor !== '' && ids.has(file) && !ids.get(file)?.has(decodeURIComponent(anchor));
  };

  return [...pages].flatMap(([page, html]) =>
    [...html.matchAll(/\s(?:href|src)="([^"]*)"/g)]
      .map(([, link = '']) => decoded(link))
      .filter((link) => isDead(page, link))
      .map((link) => `${page}: ${link}`),
  );
}
