import { posix } from 'node:path';

interface Token {
  type: string;
  tag: string;
  attrs: [string, string][] | null;
  children: Token[] | null;
  attrGet(name: string): string | null;
  attrSet(name: string, value: string): void;
}

/** The part of markdown-it that is used here. */
interface Markdown {
  core: {
    ruler: {
      push(name: string, rule: (state: { tokens: Token[]; env: { relativePath?: string } }) => void): void;
    };
  };
}

/** The target of a page's relative link on the site. */
export type SiteLink = { page: string } | { file: string };

/**
 * Returns the target of a link on the site. A link to a page stays relative. A link to a repository file that the site
 * does not contain becomes its path from the root. Returns undefined for other URLs and for anchors of the page itself.
 *
 * @param page path of the page from the root, `docs/clients.md`
 * @param pages the paths of all pages
 */
export function siteLink(page: string, href: string, pages: ReadonlySet<string>): SiteLink | undefined {
  const [, path = '', anchor = ''] = /^([^#]*)(#.*)?$/.exec(href) ?? [];
  if (path === '' || /^[a-z]+:/i.test(path)) return undefined;
  const target = posix.join(posix.dirname(page), path);
  if (pages.has(target)) return { page: path.replace(/README\.md$/, 'index.md') + anchor };
  if (pages.has(posix.join(target, 'README.md')))
    return { page: `${path.replace(/\/$/, '')}/index.md${anchor}` };
  return { file: target.replace(/\/$/, '') };
}

/**
 * A markdown-it plugin that applies `siteLink` to every link. `repository` is the URL under which a host shows files,
 * and links to other files lead there. Without it, they are replaced by their text, with the path as title.
 */
export const repositoryLinks =
  (pages: ReadonlySet<string>, repository?: string) =>
  (markdown: Markdown): void =>
    markdown.core.ruler.push('repository_links', ({ tokens, env }) => {
      for (const { children } of tokens) {
        let isText = false;
        for (const token of children ?? []) {
          if (token.type === 'link_open') {
            const link = siteLink(env.relativePath ?? '', token.attrGet('href') ?? '', pages);
            isText = link !== undefined && 'file' in link && repository === undefined;
            if (!link) continue;
            if ('page' in link) token.attrSet('href', link.page);
            else if (repository !== undefined) token.attrSet('href', `${repository}/${link.file}`);
            else {
              token.type = 'span_open';
              token.tag = 'span';
              token.attrs = [
                ['class', 'repository-file'],
                ['title', `${link.file} in the repository`],
              ];
            }
          } else if (token.type === 'link_close' && isText) {
            token.type = 'span_close';
            token.tag = 'span';
            isText = false;
          }
        }
      }
    });
