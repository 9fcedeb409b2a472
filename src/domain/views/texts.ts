/** Texts by key. Mails have nested keys, and an SMS has a list of wordings. */
export interface Texts {
  readonly [key: string]: string | readonly string[] | Texts;
}

type Value = Texts[string];

const isTexts = (value: unknown): value is Texts =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Merges texts; those of `above` replace those of `below` with the same key. */
export const merged = (below: Texts, above: Texts): Texts =>
  Object.fromEntries(
    [...new Set([...Object.keys(below), ...Object.keys(above)])].map((key): [string, Value] => {
      const [own, other] = [below[key], above[key]];
      return [key, isTexts(own) && isTexts(other) ? merged(own, other) : ((other ?? own) as Value)];
    }),
  );

/** Returns `before` with one text of `all`, whose full key may be nested. Throws if the key has no text. */
export function picked(before: Texts, all: Texts, key: string): Texts {
  const name = Object.keys(all).find((one) => one === key || key.startsWith(`${one}.`));
  const found = name === undefined ? undefined : all[name];
  if (name === undefined || found === undefined) throw new Error(`no text ${key}`);
  if (name === key) return { ...before, [name]: found };
  if (!isTexts(found)) throw new Error(`no text ${key}`);
  const inside = before[name];
  return { ...before, [name]: picked(isTexts(inside) ? inside : {}, found, key.slice(name.length + 1)) };
}

/** Every text by its full key, such as `notices.code-login.sms`, with one or several wordings. */
export const flattened = (texts: Texts, before = ''): Map<string, readonly unknown[]> =>
  new Map(
    Object.entries(texts).flatMap(([key, value]): [string, readonly unknown[]][] =>
      isTexts(value)
        ? [...flattened(value, `${before}${key}.`)]
        : [[before + key, Array.isArray(value) ? value : [value]]],
    ),
  );

/** The placeholders that a text may omit. */
const DISPENSABLE: ReadonlySet<string> = new Set(['product', 'name']);

const placeholdersIn = (wording: unknown): string[] =>
  [...String(wording).matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);

/** The original wordings of a text, in every language of the originals. */
type Originals = (key: string) => readonly (readonly unknown[])[];

function problemsOf(key: string, wordings: readonly unknown[], originals: readonly unknown[]): string[] {
  if (wordings.length === 0 || wordings.some((wording) => typeof wording !== 'string'))
    return [`${key}: must be a text`];
  const known = originals.map(placeholdersIn);
  const required = (known[0] ?? []).filter(
    (name) => !DISPENSABLE.has(name) && known.every((names) => names.includes(name)),
  );
  const allowed = new Set(known.flat());
  return wordings.flatMap((wording) => {
    const names = placeholdersIn(wording);
    return [
      ...[...new Set(required)]
        .filter((name) => !names.includes(name))
        .map((name) => `${key}: lacks {${name}}`),
      ...[...new Set(names)]
        .filter((name) => !allowed.has(name))
        .map((name) => `${key}: has unknown {${name}}`),
    ];
  });
}

export interface CheckedTexts {
  /** The errors that prevent the server from starting. */
  problems: string[];
  /** Keys that no original has: their texts are never shown. */
  unknown: string[];
}

/**
 * Compares texts with the originals of the same key. A placeholder in all original wordings is required, except for the
 * names of the product and of the reader. One in none of them would never be filled in and is an error.
 */
export function checkTexts(texts: Texts, originals: Originals): CheckedTexts {
  const found = [...flattened(texts)].map(([key, wordings]) => ({ key, wordings, own: originals(key) }));
  return {
    problems: found.flatMap(({ key, wordings, own }) =>
      own.length === 0 ? [] : problemsOf(key, wordings, own.flat()),
    ),
    unknown: found.filter(({ own }) => own.length === 0).map(({ key }) => key),
  };
}
