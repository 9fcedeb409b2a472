import { expect } from 'chai';
import { type MailTexts, readMailTexts } from '../../../src/domain/messages/mail-texts.ts';
import type { Locale, NoticeText } from '../../../src/domain/messages/message.ts';
import { templates } from '../../../src/domain/messages/templates.ts';
import { TEMPLATE_SETTINGS } from '../../support/template-settings.ts';

const productName = TEMPLATE_SETTINGS.productName;

/** The parts that both languages must share: members, and the values that they name. */
const outline = (texts: unknown): unknown => {
  if (typeof texts === 'string') return [...new Set(texts.match(/\{\w+\}/g))].sort();
  if (Array.isArray(texts)) return [...new Set(texts.flatMap(outline))].sort();
  return Object.fromEntries(Object.entries(texts as object).map(([name, part]) => [name, outline(part)]));
};

describe('message templates', () => {
  const { th, en } = readMailTexts();

  const LINK = 'https://id.example/confirm-email?identifier=a&key=B';
  const VALUES = {
    mobile: '+66812345678',
    email: 'new@example.com',
    link: LINK,
    identifier: 'a',
    key: 'B',
    secret: 'C',
    code: 'D',
    until: '2026-09-30T16:59:00Z',
    reference: 'KQXT',
    minutes: '5',
    provider: 'LINE',
    host: 'crm.example.com',
    client: 'CRM',
  };
  const kinds = Object.keys(en.notices).filter((kind) => en.notices[kind]?.mail);
  const { mail, sms } = templates(TEMPLATE_SETTINGS);
  const write = (kind: string, more: Partial<NoticeText> = {}) =>
    mail({ kind, locale: 'en', values: VALUES, ...more });

  it('say the same things in Thai and English', () => {
    expect(outline(th)).to.deep.equal(outline(en));
  });

  it('write every notice as a mail in both languages, with the product named and one link', () => {
    const { mail } = templates({ ...TEMPLATE_SETTINGS, supportUri: 'https://help.example/?a=1&b=2' });
    for (const locale of ['th', 'en'] as const satisfies Locale[])
      for (const kind of kinds) {
        const { subject, text, html } = mail({ kind, locale, values: VALUES });
        expect(subject).to.include(productName[locale]);
        expect(text, kind)
          .to.include(productName[locale])
          .and.match(/^https:\/\/id\.example\/\S+$/m)
          .and.match(/: https:\/\/help\.example\/\?a=1&b=2\n$/)
          .and.not.match(/undefined|null|[{}]/);
        expect(html, kind)
          .to.include(`lang="${locale}"`)
          .and.include('href="https://help.example/?a=1&amp;b=2"')
          .and.not.match(/undefined|<img/);
        const links = new Set([...html.matchAll(/href="([^"]+)"/g)].map(([, link]) => link));
        expect(links.size, kind).to.equal(2);
      }
  });

  it('write the notices that have an SMS', () => {
    expect(sms({ kind: 'signed-out-everywhere', locale: 'en', values: {} }).text).to.match(/^Pratu: /);
    expect(() => sms({ kind: 'mobile-released', locale: 'en', values: {} })).to.throw('no sms');
  });

  it('lead to a page of the account where a notice has no link of its own', () => {
    const { text, html } = write('password-changed', { values: {} });
    expect(text).to.include('\nhttps://id.example/forgot-password\n');
    expect(html.match(/href="https:\/\/id\.example\/forgot-password"/g)).to.have.length(2);
  });

  it('show the configured logo and no other image', () => {
    const logo = 'https://shop.example/logo.png?a=1&b="';
    const { html } = templates({ ...TEMPLATE_SETTINGS, brand: { ...TEMPLATE_SETTINGS.brand, logo } }).mail({
      kind: 'password-changed',
      locale: 'en',
      values: {},
    });
    expect(html.match(/<img[^>]*>/g)).to.have.length(1);
    expect(html).to.include('src="https://shop.example/logo.png?a=1&amp;b=&#34;"');
  });

  describe('for a reader', () => {
    it('greet an owner by name, and nobody else', () => {
      expect(write('password-changed', { owner: { firstName: 'Somsri' } }).text).to.include('Hello Somsri,');
      expect(write('password-changed').text).to.include('Hello,').and.include('was entered at Pratu');
      expect(
        mail({ kind: 'password-changed', locale: 'th', values: {}, owner: { firstName: 'สมศรี' } }).text,
      ).to.include('สวัสดีคุณสมศรี');
    });

    it('greet by nothing that is not a name', () => {
      for (const firstName of ['Win at evil.example', 'http://evil.example', 'x'.repeat(41), ' ', null])
        expect(write('password-changed', { owner: { firstName } }).text, `${firstName}`).to.include(
          '\n\nHello,\n',
        );
    });

    const done = {
      at: new Date('2026-01-02T03:04:05Z'),
      browser: 'Chrome',
      system: 'Android',
      address: '203.0.113.7',
    };

    it('say when, on which device and from which address, in the language of the reader', () => {
      const owner = { firstName: 'Somsri' };
      expect(write('password-changed', { owner, done }).text)
        .to.include('When: 2 January 2026 at 10:04 (GMT+7)')
        .and.include('\nDevice: Chrome on Android\nIP address: 203.0.113.7\n');
      expect(mail({ kind: 'password-changed', locale: 'th', values: {}, owner, done }).text)
        .to.include('เมื่อ: 2 มกราคม 2569 เวลา 10:04 น.')
        .and.include('\nอุปกรณ์: Chrome บน Android\nIP address: 203.0.113.7\n');
    });

    it('leave out what is unknown', () => {
      const { at } = done;
      const owner = {};
      expect(write('password-changed', { owner, done: { at, system: 'iPhone' } }).text)
        .to.include('\nDevice: iPhone\n\n')
        .and.not.include('IP address');
      expect(write('password-changed', { owner, done: { at } }).text).to.not.match(/Device|IP address/);
    });

    it('tell no stranger from where the owner did it', () => {
      expect(write('password-changed', { done }).text)
        .to.include('When: ')
        .and.not.match(/Chrome|Android|203\.0/);
    });
  });

  describe('with values', () => {
    it('show them on lines of their own to clients of the Self-service API only', () => {
      const lines = ['identifier: a', 'secret: C', 'key: B', 'code: D', LINK];
      expect(write('confirm-email', { showsValues: true }).text.split('\n')).to.include.members(lines);
      const { text, html } = write('confirm-email');
      expect(text + html).to.not.match(/(identifier|secret|key|code): /);
    });

    it('show people the code that they may type', () => {
      const { text, html } = write('reset-password');
      expect(text).to.include('\nCode: D\n');
      expect(html).to.match(/>Code<\/span>D<\/p>/);
    });

    it('write Thai numbers in groups', () => {
      expect(write('mobile-changed').text).to.include('Mobile number: 081-234-5678\n');
      expect(write('mobile-changed', { values: { mobile: '+85620555666' } }).text).to.include(
        ': +85620555666\n',
      );
    });
  });

  describe('with values of strangers', () => {
    const language: MailTexts = {
      ...en,
      notices: {
        link: {
          mail: {
            subject: 'For {name}',
            preheader: '{name}',
            title: '{name}',
            text: 'name: {name}',
            note: '{name}',
            button: '{name}',
          },
          sms: ['{name}: {link}'],
        },
      },
    };
    const { mail, sms } = templates({ ...TEMPLATE_SETTINGS, texts: { th: language, en: language } });
    const write = (values: Record<string, string>) =>
      mail({ kind: 'link', locale: 'en', values, owner: { firstName: values.name }, showsValues: true });

    it('put each on a line of its own', () => {
      const { text } = write({ name: 'Somchai', link: 'https://id.example/a?key=1' });
      expect(text.split('\n')).to.include.members(['name: Somchai', 'https://id.example/a?key=1']);
    });

    it('escape HTML', () => {
      const { html } = write({
        name: '<b>"x"</b>',
        email: '<b>',
        key: '<b>',
        link: 'https://id.example/"><script>',
      });
      expect(html).not.to.match(/<b>|<script>/);
    });

    it('link to web addresses only', () => {
      expect(write({ name: 'x', link: 'javascript:alert(1)' }).html).not.to.include('href');
    });

    it('let no value start a new line or header', () => {
      for (const lineBreak of ['\r\n', '\n', '\r', '\u2028', '\u2029', '\u0085', '\v', '\0']) {
        const name = `x${lineBreak}Bcc: y@example.com`;
        const { subject, text } = write({ name, email: name, key: name, link: 'z' });
        expect(subject).to.equal('For x Bcc: y@example.com');
        expect(text)
          .to.include('name: x Bcc: y@example.com\n')
          .and.include('New e-mail address: x Bcc: y@example.com\n')
          .and.include('\nkey: x Bcc: y@example.com\n')
          .and.not.match(/^Bcc/m);
      }
    });

    it('fill in a value once, whatever it looks like', () => {
      expect(sms({ kind: 'link', locale: 'en', values: { name: '{link}$&', link: 'z' } }).text).to.equal(
        '{link}$&: z',
      );
    });

    it('are refused when one is missing', () => {
      expect(() => write({ link: 'x' })).to.throw('{name}');
    });

    it('are refused for a kind without words', () => {
      expect(() => mail({ kind: 'toString', locale: 'en', values: {} })).to.throw('no mail for toString');
    });
  });
});
