import { scopesOfRole } from '../../../domain/operators/role.ts';
import type { ConsoleOtherData, ConsolePageData } from '../../page-data/console-data.ts';
import { frame, moment } from './console-frame-sample.ts';

type OwnData = Pick<
  ConsolePageData & ConsoleOtherData,
  | 'console/clients'
  | 'console/clients-new'
  | 'console/clients-secrets'
  | 'console/client'
  | 'console/partners'
>;

const typed = {
  client_id: '',
  client_name: 'ร้านกาแฟ Doi Chaang',
  redirect_uris: 'https://shop.example.com/callback\nhttps://shop.example.com/other',
  post_logout_redirect_uris: '',
  grant_types: 'authorization_code\nrefresh_token',
  scope: 'openid profile email',
  token_endpoint_auth_method: 'client_secret_basic',
  first_party: '',
  fapi_profile: '',
  more: '{\n  "logo_uri": "https://shop.example.com/logo.png"\n}',
};
const none = { tokens: 0, consents: 0, sessions: 0 };
const client: OwnData['console/client'] = {
  ...frame,
  id: 'shop',
  clientName: 'ร้านกาแฟ Doi Chaang',
  kinds: ['first_party'],
  createdAt: moment,
  typed,
  version: 'v1',
  effects: undefined,
  changes: [],
  removal: { tokens: 120, consents: 40, sessions: 31 },
  rotatable: ['secret', 'api_key', 'mobile_key'],
};

/** The console's pages about clients and partners. */
export const clientsSamples: { readonly [Page in keyof OwnData]: readonly OwnData[Page][] } = {
  'console/clients': [
    {
      ...frame,
      clients: [
        { id: 'shop', name: 'ร้านกาแฟ Doi Chaang', kinds: ['first_party', 'public'], createdAt: moment },
        { id: '1001', name: 'Delivery', kinds: ['partner'], createdAt: moment },
        { id: 'dyn', name: 'An app', kinds: [], createdAt: moment },
      ],
      next: '?after=cursor',
    },
  ],
  'console/clients-new': [
    { ...frame, typed },
    {
      ...frame,
      typed: { ...typed, redirect_uris: 'shop' },
      errors: [
        {
          code: 'INVALID_CLIENT_METADATA',
          field: 'redirect_uris',
          detail: 'redirect_uris must only contain web uris.',
        },
      ],
    },
  ],
  'console/clients-secrets': [
    {
      ...frame,
      id: 'shop',
      secrets: [
        { kind: 'secret', value: 'n2rXq0w9P5mJt7VbYk3sLd8fHg1cZa4eUi6oTx0Qy' },
        { kind: 'api_key', value: 'k3sLd8fHg1cZa4eUi6oTx0QyN2rXq0w9P5mJt7VbY' },
      ],
    },
  ],
  'console/client': [
    client,
    { ...client, effects: { tokens: 12, consents: 0, sessions: 3 }, changes: ['grant_types', 'scope'] },
    { ...client, effects: none, changes: [] },
    { ...client, errors: [{ code: 'PRECONDITION_FAILED' }] },
    { ...client, may: [...scopesOfRole('viewer')] },
  ],
  'console/partners': [
    {
      ...frame,
      partners: [
        {
          id: '1001',
          name: 'Delivery',
          number: 1001,
          bindings: ['line'],
          lookups: 830,
          exchanges: 14,
          refused: 2,
        },
        { id: '1002', name: '1002', number: null, bindings: [], lookups: 0, exchanges: 0, refused: 0 },
      ],
      limits: { perMinute: 60, perDay: 10_000 },
      next: '?after=cursor',
    },
    { ...frame, partners: [], limits: { perMinute: 60, perDay: 10_000 }, next: null },
  ],
};
