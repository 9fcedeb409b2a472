/** A text that people read, with its location. */
export interface Passage {
  /** `src/main.ts:12`, or the name of an entry. */
  at: string;
  text: string;
}

const lineOf = (text: string, index: number): number => text.slice(0, index).split('\n').length;

/** The text of a comment without its markers, in one line. An empty line of a doc comment ends a sentence. */
const withoutMarkers = (comment: string): string =>
  comment
    .replace(/\s*\*\/\s*$/, '')
    .split('\n')
    .map((line) => line.replace(/^\s*(\/\*\*|\*|\/\/|--)\s?/, '').trim() || '.')
    .join(' ');

/** The doc comments, and the comments on lines of their own, of a TypeScript or SQL file. */
export function commentsOf({ path, text }: { path: string; text: string }): Passage[] {
  const pattern = path.endsWith('.sql')
    ? /(?:^[ \t]*--[^\n]*\n)+/gm
    : /^[ \t]*\/\*\*[\s\S]*?\*\/|(?:^[ \t]*\/\/[^\n]*\n)+/gm;
  return [...text.matchAll(pattern)].map((match) => ({
    at: `${path}:${lineOf(text, match.index)}`,
    text: withoutMarkers(match[0].trimEnd()),
  }));
}

/** The paragraphs, list items, headings and table cells of a Markdown page, without its code blocks. */
export function paragraphsOf({ path, text }: { path: string; text: string }): Passage[] {
  const prose = text.replace(/^```[\s\S]*?^```/gm, (code) => code.replace(/[^\n]/g, ''));
  const blocks = prose
    .replace(/^\|.*$/gm, (row) => `\n${row.replaceAll('|', '\n\n')}\n`)
    .replace(/^\s*(?:[-*>]|#+|\d+\.) /gm, '\n\n')
    .split(/\n\s*\n/);
  return blocks.map((block) => ({ at: path, text: block.replace(/\s+/g, ' ').trim() }));
}

/** Sentences, and the clauses between semicolons and colons. Code and the targets of links count as one word each. */
export const sentencesOf = (text: string): string[] =>
  text
    .replace(/`[^`]*`/g, 'x')
    .replaceAll('**', '')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .split(/(?<=[.!?:;])\s+/);

export const countWords = (sentence: string): number =>
  sentence.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;

/** Phrases for which plain technical English has other words. */
export const REFUSED: readonly RegExp[] = [
  /\bof theirs\b/i,
  /\bis had\b/i,
  /\blooks at\b/i,
  /\bis looked at\b/i,
  /, in words\b/i,
  /\bpresent password\b/i,
  /\bwhoever\b/i,
  /\bsomebody\b/i,
  /\banybody\b/i,
  /\bas long as it is so\b/i,
  /\bstands in\b/i,
  /\bby (itself|themselves)\b/i,
  /\banew\b/i,
  /\bone's own\b/i,
  /\bapps that are there\b/i,
  /\bwhere mails lead\b/i,
  /\bis dead\b/i,
  /\bis no (valid|longer no)\b/i,
  /\bdoes not answer\b/i,
  /\bhas nothing to object\b/i,
  /\bunless told\b/i,
];

/** Comments that begin with a question word describe a thing without naming it. */
export const REFUSED_BEGINNING = /^[. ]*(what|who|whom|whose)\b/i;
