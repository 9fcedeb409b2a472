/** A string, with the colon that makes it a name, or a bracket or brace. */
const TOKENS = /("(?:[^"\\]|\\.)*")(\s*:)?|[{}[\]]/g;

/**
 * Returns a name that occurs twice in one object of a JSON text; undefined if there is none. The interpretation of such
 * objects is unpredictable (RFC 8259 §4). The text must be one that `JSON.parse` accepts.
 */
export function doubledName(text: string): string | undefined {
  const open: Set<string>[] = [];
  for (const [token, string, colon] of text.matchAll(TOKENS)) {
    if (token === '{' || token === '[') open.push(new Set());
    else if (token === '}' || token === ']') open.pop();
    else if (string !== undefined && colon !== undefined) {
      const name = JSON.parse(string) as string;
      const names = open.at(-1);
      if (names?.has(name)) return name;
      names?.add(name);
    }
  }
  return undefined;
}
