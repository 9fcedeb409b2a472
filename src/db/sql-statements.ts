/** One statement of a migration. */
export interface SqlStatement {
  /** The text without leading comments and without its semicolon. */
  text: string;
  /**
   * Set if the statement runs once for each batch of this table. Its two parameters are the first and last key of a
   * batch.
   */
  batches?: { table: string; key: string };
}

/** Comments, quoted texts and names, dollar-quoted bodies; then anything else up to one of these or a semicolon. */
const PART =
  /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\w*)\$[\s\S]*?\$\1\$|;|[^-/'"$;]+|./g;
const IN_BATCHES = /^[ \t]*--\s*in batches of (\w+)\.(\w+)\s*$/m;
const COMMENTS = /^\s*(--[^\n]*\n?|\/\*[\s\S]*?\*\/|\s)+/;

/** Returns the statements of a file. Semicolons in quotes, comments and function bodies do not end a statement. */
export function statementsIn(sql: string): SqlStatement[] {
  const texts = [''];
  for (const [part] of sql.matchAll(PART)) {
    if (part === ';') texts.push('');
    else texts[texts.length - 1] += part;
  }
  return texts.flatMap((whole) => {
    const before = COMMENTS.exec(whole)?.[0] ?? '';
    const text = whole.slice(before.length).trim();
    if (text === '') return [];
    const [, table, key] = IN_BATCHES.exec(before) ?? [];
    return [table && key ? { text, batches: { table, key } } : { text }];
  });
}

/** Returns a statement in one line, for a message. */
export const inOneLine = (sql: string, longest = 160): string => {
  const line = sql
    .replaceAll(/--[^\n]*/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
};
