/** One page, or one group of pages, in the sidebar of the site. */
export interface NavigationItem {
  text: string;
  /** The path from the root of the site: `/docs/clients.md`. */
  link: string;
}

export interface NavigationGroup {
  text: string;
  items: NavigationItem[];
}

/**
 * Builds the sidebar from the index of all pages (`docs/README.md`). Each second-level heading is a group. Each list
 * item that begins with a link to a page is an entry. The site and the repository share this list.
 */
export function navigationOf(index: string): NavigationGroup[] {
  return index
    .split(/^## /m)
    .slice(1)
    .map((section) => ({
      text: section.split('\n', 1)[0]?.trim() ?? '',
      items: [...section.matchAll(/^- \[([^\]]+)\]\(([^)#]+\.md)\)/gm)].map(([, text = '', target = '']) => ({
        text,
        link: new URL(target, 'file:///docs/').pathname,
      })),
    }))
    .filter(({ items }) => items.length > 0);
}
