const THAI_ZERO = 0x0e50;
/** From a full-width form (U+FF01 to U+FF5E) to its ASCII equivalent. */
const FULL_WIDTH_OFFSET = 0xfee0;

/**
 * What a person typed or pasted, in the characters that it means: Thai digits and full-width forms as ASCII,
 * no-break and other spaces as a space, dashes and the minus sign as a hyphen. Format characters (category Cf) are
 * dropped: contact lists put direction marks such as U+202A around the numbers that are copied from them.
 */
export const plainText = (typed: string): string =>
  typed
    .replaceAll(/\p{Cf}/gu, '')
    .replaceAll(/[\u0e50-\u0e59]/g, (digit) => String(digit.charCodeAt(0) - THAI_ZERO))
    .replaceAll(/[\uff01-\uff5e]/g, (form) => String.fromCharCode(form.charCodeAt(0) - FULL_WIDTH_OFFSET))
    .replaceAll(/[\p{Zs}\t]/gu, ' ')
    .replaceAll(/[\p{Pd}\u2212]/gu, '-')
    .trim();

/** Plain text without spaces and dashes: a code or a key, which people write in groups. */
export const ungrouped = (typed: string): string => plainText(typed).replaceAll(/[ -]/g, '');

/** The same without dots and parentheses as well: a number, as it is printed on cards and letterheads. */
export const ungroupedNumber = (typed: string): string => ungrouped(typed).replaceAll(/[.()]/g, '');
