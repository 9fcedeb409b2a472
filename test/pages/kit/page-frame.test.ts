import { expect } from 'chai';
import type { Locale } from '../../../src/domain/values/locale.ts';
import { samples } from '../../../src/pages/developer/samples/samples.ts';
import { assets } from '../../../src/pages/kit/assets.ts';
import { pageRenderer } from '../../../src/pages/kit/render.ts';
import type { PageData, PageName } from '../../../src/pages/page-data/page-data.ts';

const settings = { productName: { th: 'ประตู', en: 'Pratu' }, accentColour: '#0b5d57', cornerRadius: 10 };
const { render } = pageRenderer({
  pages: settings,
  assets: assets({ pages: settings }),
  logoPath: (uri) => `/logos/${uri}`,
});
const context = {};

const all = <Page extends PageName>(page: Page, locale: Locale): string[] =>
  samples[page].map((data: PageData[Page]) => render(page, locale, data, context));
const first = <Page extends PageName>(page: Page, locale: Locale = 'en'): string =>
  all(page, locale)[0] ?? '';

describe('the frame of a page', () => {
  it('names My account in its own language', () => {
    const [data] = samples['sign-in/login'];
    const client = { id: 'account', name: 'บัญชีของฉัน (My account)' };
    const lines = (locale: Locale) =>
      render('sign-in/login', locale, { ...data, client } as PageData['sign-in/login'], context);
    expect(lines('th')).to.include('เพื่อใช้งาน บัญชีของฉัน').and.not.include('My account');
    expect(lines('en')).to.include('to continue to My account').and.not.include('บัญชี');
  });

  it('keeps words together in its heading, which reads the same', () => {
    expect(first('account/email')).to.include('<h1><span class="whole">E-mail</span> address</h1>');
    expect(first('steps/done', 'th')).to.include('<span class="whole">เบอร์มือถือ</span>');
  });

  it('of My account has its navigation, but not once the account is deleted', () => {
    expect(first('account/export'))
      .to.match(/<body class="[^"]* in-account">/)
      .and.include('account-nav');
    expect(first('account/deleted')).to.not.match(/in-account|account-nav/);
  });

  it('is read from the confirmation, where no field waits to be filled in', () => {
    expect(all('account/password', 'en').at(-1)).to.match(
      /class="notice" role="status" tabindex="-1" autofocus/,
    );
    expect(
      all('account/mobile-code', 'en')
        .at(-1)
        ?.match(/autofocus/g),
    ).to.have.length(1);
  });

  it('of a device that was not connected, as its person wished, complains of nothing', () => {
    const html = render(
      'sign-in/device-input',
      'en',
      { ...samples['sign-in/device-input'][0], error: 'aborted' } as PageData['sign-in/device-input'],
      context,
    );
    expect(html)
      .to.include('The device was not connected.')
      .and.not.match(/role="alert"|aria-invalid|Error:/);
  });
});
