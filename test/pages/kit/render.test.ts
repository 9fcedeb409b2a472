import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { LOCALES, type Locale } from '../../../src/domain/values/locale.ts';
import { samples } from '../../../src/pages/developer/samples/samples.ts';
import { assets } from '../../../src/pages/kit/assets.ts';
import { pageRenderer } from '../../../src/pages/kit/render.ts';
import type { PageContext, PageData, PageName } from '../../../src/pages/page-data/page-data.ts';

const settings = { productName: { th: 'ประตู', en: 'Pratu' }, accentColour: '#0b5d57', cornerRadius: 10 };
const kept = assets({ pages: settings });
const { render } = pageRenderer({ pages: settings, assets: kept, logoPath: (uri) => `/logos/${uri}` });
const context: PageContext = { languageLinks: { th: '/here?a=1&lang=th', en: '/here?a=1&lang=en' } };

const ASKING: readonly PageName[] = [
  'sign-in/login',
  'steps/mobile',
  'steps/code',
  'registration/identity',
  'registration/upstream',
  'sign-in/upstream-link',
  'registration/credentials',
  'steps/new-password',
  'sign-in/passkey',
  'sign-in/passkey-offer',
  'sign-in/second-factor',
  'sign-in/email',
  'sign-in/email-code',
  'sign-in/second-factor-sent',
  'sign-in/second-factor-new',
  'sign-in/second-factor-lost-code',
  'sign-in/select-account',
  'sign-in/consent',
  'sign-in/terms',
  'sign-in/device-input',
  'sign-in/device-confirm',
  'sign-in/forward',
  'sign-in/logout',
  'links/email-link',
  'links/activate',
  'recovery/reset-password',
  'recovery/request-reset',
  'developer/outbox',
  'account/profile',
  'account/picture',
  'account/password',
  'account/security-code',
  'account/authenticator',
  'account/passkey',
  'account/email',
  'account/mobile',
  'account/mobile-code',
  'account/export',
  'account/delete',
];

/** Pages that have a primary button in some of their states only. */
const SOMETIMES: readonly PageName[] = [
  'sign-in/second-factor-lost',
  'links/sign-in-link',
  'account/security',
];

const all = <Page extends PageName>(page: Page, locale: Locale): string[] =>
  samples[page].map((data: PageData[Page]) => render(page, locale, data, context));
const first = <Page extends PageName>(page: Page, locale: Locale = 'en'): string =>
  all(page, locale)[0] ?? '';
const captures = (html: string, pattern: RegExp): string[] =>
  [...html.matchAll(pattern)].map(([, capture = '']) => capture);

describe('every page', () => {
  for (const page of Object.keys(samples) as PageName[]) {
    for (const locale of LOCALES) {
      it(`${page} in ${locale} is whole, in its language, and within its frame`, () => {
        for (const html of all(page, locale)) {
          expect(html).to.match(/^<!doctype html>\n<html lang="(th|en)">/);
          expect(captures(html, /<html lang="(\w+)"/g)).to.deep.equal([locale]);
          const [title = ''] = captures(html, /<title>([^<]+)<\/title>/g);
          const heading = captures(html, /<h1>(.+?)<\/h1>/g)
            .join()
            .replaceAll(/<[^>]+>/g, '');
          expect(heading).to.match(/\S/);
          expect(title.endsWith(`${heading} · ${settings.productName[locale]}`), title).to.equal(true);
          expect(html).to.not.match(
            / style=|<style|<script(?! src="(\/assets|https:\/\/challenges\.cloudflare\.com)\/)|\son\w+=|undefined|\[object|NaN/,
          );
          const ids = captures(html, /\sid="([^"]*)"/g);
          expect(new Set(ids).size).to.equal(ids.length);
        }
      });

      it(`${page} in ${locale} has one primary button, and a label for each field`, () => {
        for (const html of all(page, locale)) {
          const primary = html.match(/<button class="primary"/g) ?? [];
          // a page of the console has several forms, and at most one of them is its main purpose
          if (page.startsWith('console/') || SOMETIMES.includes(page))
            expect(primary.length).to.be.at.most(1);
          else expect(primary).to.have.length(ASKING.includes(page) ? 1 : 0);
          const fields = captures(html, /<(?:input|select|textarea) id="([^"]+)"/g);
          expect(captures(html, /<label for="([^"]+)"/g)).to.deep.equal(fields);
          for (const id of captures(html, /aria-describedby="([^"]+)"/g).flatMap((ids) => ids.split(' ')))
            expect(html).to.include(` id="${id}"`);
        }
      });

      it(`${page} in ${locale} is no end: something on it leads on`, () => {
        for (const html of all(page, locale)) {
          const [main = ''] = captures(html, /<main[^>]*>([\s\S]*)<\/main>/g);
          expect(main).to.match(/<form|<a /);
        }
      });

      it(`${page} in ${locale} escapes whatever it is given`, () => {
        for (const data of samples[page]) {
          const html = render(page, locale, hostile(data) as PageData[typeof page], context);
          expect(html).to.not.include('<b>');
          expect(html).to.not.include('"\'<');
          expect(captures(html, /(<script)/g)).to.have.length(
            captures(html, /(<script src="\/assets\/)/g).length,
          );
        }
      });
    }
  }

  it('has at most 51,200 bytes with its style, script and icon', () => {
    const assetsOf = (html: string): string[] => captures(html, /(?:href|src)="(\/assets\/[^"]+)"/g);
    for (const page of Object.keys(samples) as PageName[]) {
      for (const html of all(page, 'th')) {
        const shared = assetsOf(html).reduce((sum, path) => sum + kept.size(path), 0);
        expect(shared, page).to.be.above(10_000);
        expect(Buffer.byteLength(html) + shared, page).to.be.at.most(51_200);
      }
    }
  });

  it('switches languages by links, when there are some', () => {
    expect(first('sign-in/login', 'th')).to.include(
      '<a href="/here?a=1&amp;lang=th" lang="th" hreflang="th" aria-current="true">ไทย</a>',
    );
    expect(render('sign-in/home', 'en', samples['sign-in/home'][0]!, {})).to.not.include('hreflang');
  });

  it('has a view, and every view is a page', () => {
    const views = new URL('../../../views/pages/', import.meta.url);
    const files = readdirSync(views, { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.ejs'),
    );
    expect(files.map((file) => file.slice(0, -'.ejs'.length))).to.have.members(Object.keys(samples));
    const folders = readdirSync(new URL('../../../src/pages/', import.meta.url));
    expect(folders).to.include.members(files.map((file) => file.split('/')[0] ?? ''));
  });

  it('lets a template print unescaped nothing but other templates', () => {
    const views = new URL('../../../views/', import.meta.url);
    const raw = readdirSync(views, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ejs') && !file.startsWith('mails/') && !file.startsWith('reference/'))
      .map((file) => readFileSync(new URL(file, views), 'utf8'))
      .flatMap((source) => captures(source, /<%-\s*(\w+)/g));
    expect(new Set(raw)).to.deep.equal(new Set(['body', 'partial']));
  });
});

/** Members with values that the types enumerate. */
const ENUMERATED: ReadonlySet<string> = new Set(
  'code field hint channel factor purpose intent accepts outcome label method methods may role status state kind kinds rotatable limits navigation why formFields standing disabledReason erasedBy'.split(
    ' ',
  ),
);

/** The data with every free text replaced by markup. Values that the types enumerate stay. */
function hostile(value: unknown, key = ''): unknown {
  if (ENUMERATED.has(key) || value instanceof Date) return value;
  if (key === 'error' && typeof value === 'string' && /^[a-z_]+$/.test(value)) return value;
  if (typeof value === 'string') return `https://x.example/"'<b>&</b><script>`;
  if (Array.isArray(value)) return value.map((item) => hostile(item, key));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, hostile(part, name)]));
}

describe('the sign-in page', () => {
  it('tells password managers what its fields are, and carries the token in both forms', () => {
    const html = first('sign-in/login');
    expect(html).to.match(/name="login"[^>]* autocomplete="username webauthn"/);
    expect(html).to.match(/name="password" type="password"[^>]* autocomplete="current-password"/);
    expect(html.match(/<input type="hidden" name="csrf" value="token">/g)).to.have.length(3);
    expect(captures(html, /<form[^>]* action="([^"]+)"/g)).to.deep.equal([
      ...['/i/1/login', '/i/1/passkey', '/i/1/abort'],
    ]);
    expect(html).to.include('<button id="cancel"');
  });

  it('never prints a password, and fills in the name', () => {
    const [, html = ''] = all('sign-in/login', 'en');
    expect(html).to.include('value="somchai@example.com"');
    expect(html).to.not.match(/name="password"[^>]* value=/);
  });

  it('links each error to its field, in the language of the page', () => {
    const [, , html = ''] = all('sign-in/login', 'th');
    expect(html).to.include('role="alert"');
    expect(html).to.include('<li id="error-1"><a href="#login">กรุณากรอกเบอร์มือถือหรืออีเมล</a></li>');
    expect(html).to.match(/id="password"[^>]* aria-invalid="true" aria-describedby="error-2"/);
    expect(html).to.include('<title>ข้อผิดพลาด: เข้าสู่ระบบ · ประตู</title>');
    expect(html.match(/autofocus/g)).to.have.length(1);
  });

  it('shows of a client only addresses that are safe', () => {
    const client = {
      name: 'Evil',
      logoUri: 'http://evil.example/x.png',
      policyUri: 'javascript:alert(1)',
      tosUri: 'https://evil.example/terms',
    };
    const html = render('sign-in/login', 'en', { ...samples['sign-in/login'][0]!, client }, {});
    expect(html).to.not.match(/javascript:|<img/);
    expect(html).to.include('href="https://evil.example/terms" rel="noopener noreferrer"');
  });
});

describe('the consent page', () => {
  it('explains what it knows and names what it does not', () => {
    const html = first('sign-in/consent');
    expect(html).to.include('See your phone number').and.include('orders.read');
    expect(html).to.include('Date of birth').and.include('loyalty_tier');
    expect(html).to.include('https://api.example.com/orders').and.include('orders:write');
  });

  it('tells a first request from one for more', () => {
    expect(all('sign-in/consent', 'en').map((html) => captures(html, /<h1>([^<]+)/g)[0])).to.deep.equal([
      'Allow ร้านกาแฟ Doi Chaang to access your account?',
      'Doi requests more access',
      'Allow apps.example.com to access your account?',
    ]);
  });

  it('marks an application that no operator registered as unchecked', () => {
    const [known = '', , unknown = ''] = all('sign-in/consent', 'en');
    expect(known).not.to.include('has checked it');
    expect(unknown).to.include('Nobody at Pratu has checked it.');
  });
});

describe('the forms of oidc-provider', () => {
  it('send a device code, confirm it, or refuse it', () => {
    expect(first('sign-in/device-input')).to.match(/name="xsrf" value="token">\s[\s\S]*name="user_code"/);
    const [confirm = '', refuse = ''] = first('sign-in/device-confirm').split('<form').slice(1);
    expect(captures(confirm, /type="hidden" name="(\w+)"/g)).to.deep.equal(['xsrf', 'user_code', 'confirm']);
    expect(captures(refuse, /type="hidden" name="(\w+)"/g)).to.deep.equal(['xsrf', 'user_code', 'abort']);
    expect(refuse).to.include('id="cancel"');
  });

  it('sign out with one button and stay with the other', () => {
    const html = first('sign-in/logout');
    expect(html).to.match(/<button class="primary" type="submit" name="logout" value="yes">Sign out</);
    expect(html).to.match(/<button id="cancel" class="link" type="submit">Stay signed in</);
  });
});

describe('the error page', () => {
  it('finds words by status, by code, or by whose fault it is, unless the caller has some', () => {
    expect(all('sign-in/error', 'en').map((html) => captures(html, /<h1>([^<]+)/g)[0])).to.deep.equal([
      'Invalid redirect address',
      'Page not found',
      'Too many attempts',
      'Something went wrong',
      'หัวเรื่องของผู้เรียก',
    ]);
  });

  it('has code, status, description and request id in small print, and a way on', () => {
    const [html = '', , tooMany = ''] = all('sign-in/error', 'en');
    for (const detail of [
      'invalid_redirect_uri (400)',
      'client&#39;s registered',
      '3f0c9a4be1d24c5e8f5a6b7c8d9e0f1a',
    ]) {
      expect(html).to.include(detail);
    }
    expect(html).to.include('<a class="button primary" href="/account">Go to my account</a>');
    expect(tooMany).to.include('<a class="button primary" href="/">Try again</a>');
  });
});

describe('the outbox', () => {
  it('makes links of addresses and keeps the filter', () => {
    const [html = '', filtered = ''] = all('developer/outbox', 'en');
    const link = 'http://localhost:3000/confirm-email?identifier=a-b-c&amp;key=8KY0CX0LAR';
    expect(html).to.include(`<a href="${link}" rel="noopener noreferrer">${link}</a>`);
    expect(html).to.include('<time datetime="2026-01-02T03:04:05.000Z">2026-01-02 03:04:05 UTC</time>');
    expect(filtered).to.include('value="0899999999"').and.include('No messages to 0899999999.');
  });
});
