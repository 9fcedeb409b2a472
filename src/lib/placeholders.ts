/**
 * Replaces the `{name}` placeholders of a text with values. Throws if a value is missing; `label` identifies the text
 * in the error.
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
