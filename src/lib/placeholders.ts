/**
 * A text with its `{name}` placeholders replaced by values. Throws when a value is missing; `label` tells which text
 * it is.
 */
export const fillPlaceholders = (
  text: string,
  values: Readonly<Record<string, string>>,
  label: string,
): string =>
  text.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`${label} needs {${name}}`);
    return value;
  });
