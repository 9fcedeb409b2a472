import { expect } from 'chai';
import { loadConfig } from '../../../src/config/load-config.ts';
import { readMailTexts } from '../../../src/domain/messages/mail-texts.ts';
import type { Locale } from '../../../src/domain/messages/message.ts';
import { templates } from '../../../src/domain/messages/templates.ts';
import { TEMPLATE_SETTINGS } from '../../support/template-settings.ts';

/**
 * The characters of a segment of 160 characters (3GPP TS 23.038 §6.2.1). Any other character limits the segment to
 * 70 UCS-2 units.
 */
const GSM_7 = /^[@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà]*$/;
const segmentUnits = (text: string): number => (GSM_7.test(text) ? 160 : 70);

const TWELVE = { th: 'ประตูบ้านเรา', en: 'Our Own Door' };
/** The longest possible values. Numbers have 15 digits (E.164). */
const VALUES = {
  code: '123456',
  reference: 'ABCD',
  minutes: '15',
  mobile: '+123456789012345',
  client: 'A client whose name alone is half of the message that tells of it',
  link: 'https://id.example/account/approvals',
  until: '2026-09-30T16:59:00Z',
};

const texts = readMailTexts();
const kinds = Object.keys(texts.th.notices).filter((kind) => texts.th.notices[kind]?.sms);

describe('the length of an SMS', () => {
  const { sms } = templates({ ...TEMPLATE_SETTINGS, productName: TWELVE });

  it('is measured with a product name of twelve characters', () => {
    for (const name of Object.values(TWELVE)) expect(name).to.have.length(12);
    expect(kinds).to.have.length.of.at.least(11);
  });

  for (const locale of ['th', 'en'] as const satisfies Locale[]) {
    for (const kind of kinds) {
      it(`is one segment: ${kind}, ${locale}`, () => {
        const { text } = sms({ kind, locale, values: VALUES });
        expect(text).to.contain(TWELVE[locale]);
        expect(text.length, text).to.be.at.most(segmentUnits(text));
        expect(segmentUnits(text)).to.equal(locale === 'th' ? 70 : 160);
      });
    }
  }

  const bound = templates({
    ...TEMPLATE_SETTINGS,
    productName: TWELVE,
    originBound: 'id.example.co.th',
  });
  for (const locale of ['th', 'en'] as const satisfies Locale[])
    for (const kind of kinds.filter((one) => one.startsWith('code-'))) {
      it(`is one segment with the line that binds a code to its origin, too: ${kind}, ${locale}`, () => {
        const { text } = bound.sms({ kind, locale, values: VALUES });
        expect(text)
          .to.match(/^123456 .*ABCD.*\n@id\.example\.co\.th #123456$/)
          .and.contain(TWELVE[locale]);
        expect(text.length, text).to.be.at.most(segmentUnits(text));
      });
    }

  it('leaves room for the warning where name and host are short', () => {
    const short = templates({ ...TEMPLATE_SETTINGS, originBound: 'id.example.com' });
    const { text } = short.sms({ kind: 'code-login', locale: 'th', values: VALUES });
    expect(text).to.match(/ห้ามบอกใคร\n@id\.example\.com #123456$/);
    const unbound = templates(TEMPLATE_SETTINGS).sms({ kind: 'code-login', locale: 'th', values: VALUES });
    expect(unbound.text).to.match(/ใช้ได้ 15 นาที ห้ามบอกใคร$/);
  });

  it('is one segment with the default names and minutes', async () => {
    const { pages, oneTimeCodes } = await loadConfig({ NODE_ENV: 'test' });
    for (const name of Object.values(pages.productName)) expect(name.length).to.be.at.most(12);
    expect(String(oneTimeCodes.lifetime / 60)).to.have.length.of.at.most(VALUES.minutes.length);
  });
});
