import { readFile, writeFile } from 'node:fs/promises';

/** Replaces the text between `<!-- name -->` and `<!-- end of name -->` of a page. Throws when the page lacks them. */
export function between(page: string, name: string, text: string): string {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`];
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`the page has no ${begin} … ${end}`);
  return `${page.slice(0, from + begin.length)}\n\n${text}\n\n${page.slice(to)}`;
}

/** Writes the results of a command into a page of the documentation. */
export async function writeBetween(file: URL, texts: Record<string, string>): Promise<void> {
  const page = await readFile(file, 'utf8');
  const changed = Object.entries(texts).reduce((so, [name, text]) => between(so, name, text), page);
  await writeFile(file, changed);
}
