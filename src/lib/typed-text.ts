const THAI_ZERO = 0x0e50;
/** The offset from a full-width form (U+FF01 to U+FF5E) to its ASCII equivalent. */
const FULL_WIDTH_OFFSET = 0xfee0;

/**
 * Converts typed or pasted text to plain characters: Thai digits and full-width forms to ASCII, no-break and other
 * spaces to a space, dashes and the minus sign to a hyphen. Format characters (category Cf) are removed: contact lists
 * put direction marks such as U+202A around copied numbers.
 */
export const plainText = (typed: string): string =>
  typed
    .replaceAll(/\p{Cf}/gu, '')
    .replaceAll(/[\u0e50-\u0e59]/g, (digit) => String(digit.charCodeAt(0) - THAI_ZERO))
    .replaceAll(/[\uff01-\uff5e]/g, (form) => String.fromCharCode(form.charCodeAt(0) - FULL_WIDTH_OFFSET))
    .replaceAll(/[\p{Zs}\t]/gu, ' ')
    .replaceAll(/[\p{Pd}\u2212]/gu, '-')
    .trim();

/** Plain text without spaces and dashes, for codes and keys, which people write in groups. */
export const ungrouped = (typed: string): string => plainText(typed).replaceAll(/[ -]/g, '');

/** The same, also without dots and parentheses, for numbers as printed on cards and letterheads. */
export const ungroupedNumber = (typed: string): string => ungrouped(typed).replaceAll(/[.()]/g, '');
