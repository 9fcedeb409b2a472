import { fill } from './mail-texts.ts';

/**
 * 3GPP TS 23.038 §6.2.1: a character outside this alphabet reduces a segment from 160 characters to 70 UTF-16 units.
 */
const GSM_7_SYMBOLS = '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,./:;<=>?¡ÄÖÑÜ§¿äöñüà-';
const GSM_7 = new RegExp(`^[0-9A-Za-z${GSM_7_SYMBOLS}]*$`);

const fitsSegment = (text: string): boolean => text.length <= (GSM_7.test(text) ? 160 : 70);

/**
 * Returns the first wording that fits one segment together with the last line, or the last and shortest wording if none
 * does. `lastLine` is empty or binds the code to an origin. Throws as `fill` does.
 */
export function smsText(
  wordings: readonly string[],
  values: Readonly<Record<string, string>>,
  lastLine: string,
  label: string,
): string {
  const texts = wordings.map((wording) => fill(wording, values, label) + (lastLine && `\n${lastLine}`));
  return texts.find(fitsSegment) ?? texts.at(-1) ?? '';
}
