/**
 * Words in which a line must not break. Thai has no spaces between words. Browsers find the words with a dictionary,
 * in which the parts of these words are also words.
 */
const WORDS = [
  'e-mail',
  'two-step',
  'เบอร์มือถือ',
  'มือถือ',
  'รหัสผ่าน',
  'เข้าสู่ระบบ',
  'ออกจากระบบ',
  'เลขประจำตัวประชาชน',
  'นับจากนี้',
];
const PATTERN = new RegExp(`(${WORDS.join('|')})`, 'i');

/** The text in parts; every other part, from the second on, is one of these words. */
export const wholeWords = (text: string): string[] => text.split(PATTERN);
