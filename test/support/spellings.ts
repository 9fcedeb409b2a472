import fc from 'fast-check';

const SEPARATORS = [' ', '\u00a0', '\u202f', '\u3000', '\t', '-', '\u2011', '\u2013', '\u2212', '－'];
const NUMBER_SEPARATORS = [...SEPARATORS, '.', '．', '(', ')', '（', '）'];
const UNSEEN = ['\u200e', '\u202a', '\u202c', '\u202e', '\u2066', '\u2069', '\u200b', '\ufeff', '\u00ad'];

const thai = (text: string): string =>
  text.replaceAll(/\d/g, (digit) => String.fromCharCode(0x0e50 + Number(digit)));

const fullWidth = (text: string): string =>
  text.replaceAll(/[!-~]/g, (character) => String.fromCharCode(character.charCodeAt(0) + 0xfee0));

const spelledWith =
  (separators: readonly string[]) =>
  (text: string): fc.Arbitrary<string> => {
    const between = fc.string({ unit: fc.constantFrom(...separators, ...UNSEEN), maxLength: 2 });
    const one = (character: string) => fc.constantFrom(character, thai(character), fullWidth(character));
    return fc
      .tuple(between, ...[...text].flatMap((character) => [one(character), between]))
      .map((parts) => parts.join(''));
  };

/** A code or a key as people type and paste it: in groups, in other digits, and with invisible characters. */
export const spelled = spelledWith([...SEPARATORS]);

/** The same for phone and ID numbers, which people also write with dots and parentheses. */
export const spelledNumber = spelledWith(NUMBER_SEPARATORS);
