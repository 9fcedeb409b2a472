import type { TemplateSettings } from '../../src/domain/messages/templates.ts';
import { accentsOf } from '../../src/pages/kit/brand.ts';

/** The settings of messages whose appearance is not tested. */
export const TEMPLATE_SETTINGS: TemplateSettings = {
  productName: { th: 'ประตู', en: 'Pratu' },
  issuer: 'https://id.example',
  timeZone: 'Asia/Bangkok',
  brand: { ...accentsOf('#0b5d57'), corner: 10 },
};
