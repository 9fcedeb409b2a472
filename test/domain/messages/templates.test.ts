import { expect } from 'chai';
import { type MailTexts, readMailTexts, templates } from '../../../src/domain/messages/templates.ts';

const productName = { th: 'ประตู', en: 'Pratu' };

/** The shape of words: what must be the same in both languages. */
const outline = ({ notices }: MailTexts) =>
  Object.entries(notices).map(([kind, { subject, lines, sms }]) => ({
    kind,
    parts: { subject: subject !== undefined, lines: lines?.length, sms: sms !== undefined },
    values: [...new Set(JSON.stringify({ subject, lines, sms }).match(/\{\w+\}/g))].sort(),
  }));

describe('message templates', () => {
  const { th, en } = readMailTexts();

  const VALUES = {
    mobile: '0812345678',
    email: 'new@example.com',
    link: 'https://id.example/confirm-email?identifier=a&key=B',
    identifier: 'a',
    key: 'B',
    secret: 'C',
    code: 'D',
  };

  it('say the same things in Thai and English', () => {
    expect(outline(th)).to.deep.equal(outline(en));
  });

  it('write every notice as a mail in both languages, with the product named', () => {
    const { mail } = templates({ productName, supportUri: 'https://help.example/?a=1&b=2' });
    for (const locale of ['th', 'en'] as const) {
      const mails = Object.keys(en.notices).filter((kind) => en.notices[kind]?.subject !== undefined);
      for (const kind of mails) {
        const { subject, text, html } = mail({ kind, locale, values: VALUES });
        expect(subject).to.include(productName[locale]);
        expect(text)
          .to.include(productName[locale])
          .and.to.match(/\nhttps:\/\/help\.example\/\?a=1&b=2\n$/);
        expect(html)
          .to.include(`lang="${locale}"`)
          .and.to.include('href="https://help.example/?a=1&amp;b=2"');
      }
    }
  });

  it('write the notices that have an SMS', () => {
    const { sms } = templates({ productName });
    expect(sms({ kind: 'signed-out-everywhere', locale: 'en', values: {} }).text).to.match(/^Pratu: /);
    expect(() => sms({ kind: 'mobile-released', locale: 'en', values: {} })).to.throw('no sms');
  });

  describe('with values', () => {
    const language: MailTexts = {
      footer: [],
      help: 'Help:',
      notices: { link: { subject: 'For {name}', lines: ['name: {name}', '{link}'], sms: '{name}: {link}' } },
    };
    const { mail, sms } = templates({ productName, texts: { th: language, en: language } });
    const write = (values: Record<string, string>) => mail({ kind: 'link', locale: 'en', values });

    it('put each on a line of its own', () => {
      const { text } = write({ name: 'Somchai', link: 'https://id.example/a?key=1' });
      expect(text.split('\n')).to.include.members(['name: Somchai', 'https://id.example/a?key=1']);
    });

    it('escape HTML', () => {
      const { html } = write({ name: '<b>"x"</b>', link: 'https://id.example/"><script>' });
      expect(html).not.to.match(/<b>|<script>/);
    });

    it('link to web addresses only', () => {
      expect(write({ name: 'x', link: 'javascript:alert(1)' }).html).not.to.include('href');
    });

    it('let no value start a new line or header', () => {
      for (const lineBreak of ['\r\n', '\n', '\r', '\u2028', '\u2029', '\u0085', '\v', '\0']) {
        const { subject, text } = write({ name: `x${lineBreak}Bcc: y@example.com`, link: 'z' });
        expect(subject).to.equal('For x Bcc: y@example.com');
        expect(text).to.include('name: x Bcc: y@example.com\n');
      }
    });

    it('fill in a value once, whatever it looks like', () => {
      expect(sms({ kind: 'link', locale: 'en', values: { name: '{link}$&', link: 'z' } }).text).to.equal(
        '{link}$&: z',
      );
    });

    it('are refused when one is missing', () => {
      expect(() => write({ name: 'x' })).to.throw('{link}');
    });

    it('are refused for a kind without words', () => {
      expect(() => mail({ kind: 'toString', locale: 'en', values: {} })).to.throw('no lines for toString');
    });
  });
});
