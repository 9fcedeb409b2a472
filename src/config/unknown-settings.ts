/** The replacements of settings that other versions had. */
const RENAMED: Readonly<Record<string, string>> = {
  keys: 'split into signingKeys (rotateDays, announceSeconds, retainSeconds) and keysApi (alwaysOk)',
  'pages.termsUri': 'now pages.terms, with uri and version',
  'pages.privacyUri': 'now pages.privacy, with uri and version',
};

/** Returns one problem for each setting under `path` that the schema does not have. */
export const unknownSettings = (path: readonly PropertyKey[], names: readonly string[]): string[] =>
  names.map((name) => {
    const setting = [...path, name].join('.');
    return `${setting}: ${RENAMED[setting] ?? 'unknown setting'}`;
  });
