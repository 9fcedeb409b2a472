import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import { parseCode } from '../../../src/domain/one-time-codes/one-time-code.ts';
import { isBirthDate } from '../../../src/domain/values/birth-date.ts';
import { parseEmail } from '../../../src/domain/values/email.ts';
import { parseMobile } from '../../../src/domain/values/mobile.ts';
import { parseNationalId } from '../../../src/domain/values/national-id.ts';
import { parsePersonName } from '../../../src/domain/values/person-name.ts';
import { commonDay } from '../../../src/pages/kit/birth-date.ts';

const script = readFileSync(new URL('../../../views/assets/pratu.js', import.meta.url), 'utf8');
/** The part of the script that does not need a document. */
const [rules = ''] = /const plain = [\s\S]*?\n\};\n/.exec(script) ?? [];
const CHECKS = runInNewContext(`${rules}; CHECKS`) as Record<
  string,
  (text: string, limits: { least?: number }) => boolean
>;

const TODAY = new Date();
/** The server's check of each kind of field. */
const SERVER: Record<string, (text: string) => boolean> = {
  name: (text) => parsePersonName(text) !== undefined,
  email: (text) => parseEmail(text) !== undefined,
  code: (text) => parseCode(text) !== undefined,
  'national-id': (text) => parseNationalId(text) !== undefined,
  'birth-date': (text) => isBirthDate(commonDay(text), TODAY),
};

const TYPED: Record<string, readonly string[]> = {
  name: [
    'สมชาย',
    'ใจดี ณ อยุธยา',
    "O'Brien",
    'O’Brien',
    'Jean-Luc',
    'St. John',
    'Ἀθηνᾶ',
    'Иван',
    '山田',
    '12',
    'สมชาย1',
    'a_b',
    '.',
    '-',
    'ุสม',
    'José',
    'Jose\u0301',
    'x'.repeat(50),
    'x'.repeat(51),
    'น้ำ',
  ],
  email: [
    'somchai@example.com',
    'first.last+tag@sub.example.co.th',
    'สมชาย@ตัวอย่าง.ไทย',
    'nobody',
    'nobody@',
    '@example.com',
    'a@b',
    'a@1.2.3.4',
    'a..b@example.com',
    '.a@example.com',
    'a b@example.com',
    'a@example..com',
    'a@-example.com',
    'a@example.com.',
    'a"b@example.com',
    `${'x'.repeat(64)}@example.com`,
    `a@${'x'.repeat(60)}.${'y'.repeat(40)}.com`,
  ],
  code: ['123456', '123 456', '๑๒๓๔๕๖', '12345', '1234567', 'abcdef'],
  'national-id': [
    '3-6703-01396-48-4',
    '3670301396484',
    '๓๖๗๐๓๐๑๓๙๖๔๘๔',
    '3670301396485',
    '1111111111111',
    '367030139648',
    '36703013964844',
  ],
  'birth-date': [
    '31/12/2533',
    '1/2/2533',
    '31-12-2533',
    '31 12 2533',
    '31122533',
    '๓๑/๑๒/๒๕๓๓',
    '1990-12-31',
    '31/02/2533',
    '31/12/1990',
    '31/12/2642',
    '112533',
    '1122533',
    '31/12-2533',
    '31/12/33',
    '1/1/2443',
    '31/12/2442',
    'วันนี้',
  ],
};

const MOBILES = [
  '0812345678',
  '081-234-5678',
  '081 234 5678',
  '(081) 234-5678',
  '+66812345678',
  '+66 (0)81 234 5678',
  '66812345678',
  '0066812345678',
  '๐๘๑๒๓๔๕๖๗๘',
  '+8562023456789',
  '00447911123456',
];

describe('what a page says of a field while it is filled in', () => {
  for (const [kind, texts] of Object.entries(TYPED))
    for (const text of texts)
      it(`is what the server will say: ${kind} ${text.slice(0, 30)}`, () => {
        expect(CHECKS[kind]?.(text, {})).to.equal(SERVER[kind]?.(text));
      });

  for (const mobile of MOBILES)
    it(`objects to no mobile number that the server takes: ${mobile}`, () => {
      expect(parseMobile(mobile)).to.not.equal(undefined);
      expect(CHECKS.mobile?.(mobile, {})).to.equal(true);
    });

  for (const text of ['12', '08123', '081234567', '08123456789', '0212345678', 'somchai'])
    it(`objects to what can be no mobile number: ${text}`, () => {
      expect(parseMobile(text)).to.equal(undefined);
      expect(CHECKS.mobile?.(text, {})).to.equal(false);
    });
});
