import type { AccountPageData } from '../../page-data/account-data.ts';
import { choice } from './upstream-samples.ts';

type OwnPages =
  | 'account/sessions'
  | 'account/applications'
  | 'account/approvals'
  | 'account/consents'
  | 'account/lookups'
  | 'account/linked'
  | 'account/export'
  | 'account/delete';

const framed = { csrf: 'token', errors: [], outcome: undefined };
const moment = {
  iso: '2026-01-02T03:04:05.000Z',
  text: { th: '2 ม.ค. 2569 10:04', en: '2 Jan 2026, 10:04' },
};
const marketing = {
  purpose: 'marketing',
  version: '1',
  title: { th: 'ข่าวสารและข้อเสนอ', en: 'News and offers' },
  text: {
    th: 'ส่งข่าวสาร โปรโมชัน และข้อเสนอที่เหมาะกับคุณให้ทางอีเมลและ SMS',
    en: 'Send me news, promotions and offers that suit me by e-mail and SMS.',
  },
};
const twice = { signedInAt: moment, seenAt: moment };

/**
 * The pages of the account area that show and revoke the access that an account has granted, in all visibly different
 * states.
 */
export const accessSamples: { readonly [Page in OwnPages]: readonly AccountPageData[Page][] } = {
  'account/sessions': [
    {
      ...framed,
      needsRecentSignIn: true,
      devices: [
        {
          browser: 'Chrome',
          system: 'Android',
          isPhone: true,
          sessions: [
            { uid: 'a', isThis: true, ...twice },
            { uid: 'e', isThis: false, ...twice },
          ],
        },
        {
          browser: 'Safari',
          system: null,
          isPhone: false,
          sessions: [{ uid: 'b', isThis: false, ...twice }],
        },
        {
          browser: null,
          system: 'Windows',
          isPhone: false,
          sessions: [{ uid: 'c', isThis: false, ...twice }],
        },
        { browser: null, system: null, isPhone: false, sessions: [{ uid: 'd', isThis: false, ...twice }] },
      ],
      moreBrowsers: 3,
      moreGrants: 1,
      grants: [
        { id: 'e', client: 'ร้านกาแฟ Doi Chaang', since: moment, renewedAt: moment },
        { id: 'f', client: 'Keys', since: moment, renewedAt: undefined },
      ],
    },
    {
      ...framed,
      outcome: 'others_ended',
      needsRecentSignIn: false,
      devices: [],
      moreBrowsers: 0,
      grants: [],
      moreGrants: 0,
    },
    {
      ...framed,
      outcome: 'session_ended',
      needsRecentSignIn: false,
      devices: [],
      moreBrowsers: 0,
      grants: [],
      moreGrants: 0,
    },
    {
      ...framed,
      outcome: 'access_ended',
      needsRecentSignIn: false,
      devices: [],
      moreBrowsers: 0,
      grants: [],
      moreGrants: 0,
    },
  ],
  'account/applications': [
    {
      ...framed,
      needsRecentSignIn: true,
      more: 2,
      next: '2',
      applications: [
        {
          clientId: 'doi',
          client: 'ร้านกาแฟ Doi Chaang',
          scopes: ['openid', 'profile', 'orders.read'],
          claims: ['birthdate', 'loyalty_tier'],
          resources: [{ identifier: 'https://api.example.com/orders', scopes: ['orders:write'] }],
          grantedAt: moment,
          lastUsedAt: moment,
        },
        {
          clientId: 'tv',
          client: 'TV',
          scopes: [],
          claims: [],
          resources: [],
          grantedAt: moment,
          lastUsedAt: moment,
        },
      ],
    },
    {
      ...framed,
      outcome: 'consent_withdrawn',
      needsRecentSignIn: false,
      applications: [],
      more: 0,
      next: undefined,
    },
  ],
  'account/approvals': [
    {
      ...framed,
      needsRecentSignIn: true,
      approvals: [
        {
          id: '0123456789abcdef0123456789abcdef',
          client: { name: 'ร้านกาแฟ Doi Chaang' },
          bindingMessage: 'โต๊ะ 4 - 1,250.00',
          details: [{ th: 'จ่ายเงิน 1,250.00 บาท', en: 'Pay 1,250.00 THB' }],
          scopes: ['openid', 'profile'],
          claims: ['birthdate'],
          resources: [{ identifier: 'https://api.example.com/orders', scopes: ['orders:write'] }],
          requestedAt: moment,
          expiresAt: moment,
        },
        {
          id: 'fedcba9876543210fedcba9876543210',
          client: { name: 'TV' },
          bindingMessage: undefined,
          details: [],
          scopes: ['openid'],
          claims: [],
          resources: [],
          requestedAt: moment,
          expiresAt: moment,
        },
      ],
    },
    { ...framed, outcome: 'approval_gone', needsRecentSignIn: false, approvals: [] },
  ],
  'account/consents': [
    {
      ...framed,
      ...{ more: 0, next: undefined, former: [], texts: [], records: [] },
      purposes: [{ ...marketing, standing: 'not_given' }],
    },
    {
      ...framed,
      ...{ more: 0, next: undefined, former: ['survey'], outcome: 'consent_given' },
      purposes: [
        { ...marketing, standing: 'given' },
        { ...marketing, purpose: 'research', version: '2', standing: 'outdated' },
      ],
      texts: [
        { purpose: 'terms', version: '2026-11', uri: 'https://id.example/terms', isAccepted: true },
        { purpose: 'privacy', version: '3', uri: 'https://id.example/privacy', isAccepted: false },
      ],
      records: [
        {
          ...{ id: 2, purpose: 'marketing', version: '1', channel: 'pages', title: marketing.title },
          ...{ givenAt: moment, withdrawnAt: undefined },
        },
        {
          ...{ id: 1, purpose: 'terms', version: '2026-11', channel: 'customers', title: undefined },
          ...{ givenAt: moment, withdrawnAt: moment },
        },
      ],
    },
  ],
  'account/lookups': [
    {
      ...framed,
      more: 70,
      next: '3',
      lookups: [
        { client: 'ร้านกาแฟ Doi Chaang', purpose: 'loyalty <points>', found: true, at: moment },
        { client: '2171', purpose: null, found: false, at: moment },
      ],
    },
    { ...framed, lookups: [], more: 0, next: undefined },
  ],
  'account/linked': [
    {
      ...framed,
      needsRecentSignIn: true,
      links: [
        { provider: 'truemoney', externalId: 'tmn.10000012345', removable: true, since: moment },
        { provider: 'facebook', externalId: '10158000000000001', removable: false, since: moment },
        { provider: 'some-shop', externalId: '7', removable: true, since: moment },
      ],
    },
    { ...framed, outcome: 'link_removed', needsRecentSignIn: false, links: [] },
    {
      ...{ ...framed, needsRecentSignIn: true, failed: 'denied' },
      add: { action: '/account/linked/add', providers: choice.providers.slice(1) },
      links: [
        {
          ...{ provider: 'upstream:line', name: { th: 'LINE', en: 'LINE' }, externalId: 'U4af49806292' },
          ...{ removable: true, since: moment },
        },
      ],
    },
    {
      ...framed,
      errors: [{ code: 'ONLY_WAY_TO_SIGN_IN' }],
      needsRecentSignIn: false,
      links: [{ provider: 'line', externalId: 'U1', removable: true, since: moment }],
    },
  ],
  'account/export': [framed, { ...framed, errors: [{ code: 'TOO_MANY_ATTEMPTS' }] }],
  'account/delete': [
    { ...framed, who: 'สมชาย ใจดี' },
    {
      ...framed,
      who: 'somchai@example.com',
      errors: [{ field: 'confirmation', code: 'CONFIRMATION_WRONG' }],
    },
  ],
};
