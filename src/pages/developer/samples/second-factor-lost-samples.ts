import type { PageData } from '../../page-data/page-data.ts';
import type { LostContact } from '../../page-data/second-factor-lost-data.ts';
import { moment } from './console-frame-sample.ts';

type OwnPages = 'sign-in/second-factor-lost' | 'sign-in/second-factor-lost-code';

const contacts: readonly LostContact[] = [
  { factor: 'sms', to: '08x-xxx-5678' },
  { factor: 'email', to: 's•••@example.com' },
];
const form = {
  ...{ client: { name: 'ร้านกาแฟ Doi Chaang' }, csrf: 'token', cancelAction: '/i/1/abort' },
  action: '/i/1/second-factor/lost',
};
const lost = {
  ...{ ...form, contacts, hours: 72, availableAt: undefined },
  ...{ againAction: '/i/1/other-account', codeAddress: '/i/1/second-factor' },
};
const availableAt = moment;
const code = { ...form, action: '/i/1/second-factor/lost/code', lostAddress: '/i/1/second-factor/lost' };

/** The pages for people who have lost their second factor, in all visibly different states. */
export const secondFactorLostSamples: { readonly [Page in OwnPages]: readonly PageData[Page][] } = {
  'sign-in/second-factor-lost': [
    { ...lost, state: 'begin' },
    { ...lost, state: 'begin', errors: [{ code: 'TOO_MANY_ATTEMPTS', retryAfter: 60 }] },
    { ...lost, state: 'begin', contacts: [], hours: 20 },
    { ...lost, state: 'waiting', availableAt },
    { ...lost, state: 'finish', availableAt, contacts: contacts.slice(1) },
    { ...lost, state: 'finish', availableAt, contacts: [] },
    { ...lost, state: 'again' },
    { ...lost, state: 'operator', contacts: [] },
  ],
  'sign-in/second-factor-lost-code': [
    { ...code, factor: 'sms', to: '08x-xxx-5678', intent: 'begin' },
    {
      ...{ ...code, factor: 'email', to: 's•••@example.com', intent: 'finish' },
      errors: [{ field: 'code', code: 'CODE_TRY_AGAIN', triesLeft: 3 }],
    },
  ],
};
