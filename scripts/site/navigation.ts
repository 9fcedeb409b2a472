/** One page, or one group of pages, in the side bar of the site. */
export interface NavigationItem {
  text: string;
  /** From the root of the site: `/docs/clients.md`. */
  link: string;
}

export interface NavigationGroup {
  text: string;
  items: NavigationItem[];
}

/**
 * The side bar, from the page that lists all others (`docs/README.md`): each heading of the second level is a group,
 * each list item that begins with a link to a page of ours an entry. The site and the repository have the same list.
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
