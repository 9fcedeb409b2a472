import { scopesOfRole } from '../../../domain/operators/role.ts';
import { FIELDS_OF } from '../../console/upstream-fields.ts';
import type { ConsolePageData } from '../../page-data/console-data.ts';
import { frame } from './console-frame-sample.ts';

type OwnData = Pick<
  ConsolePageData,
  'console/upstream' | 'console/upstream-new' | 'console/upstream-provider'
>;

const google = {
  id: 'google',
  kind: 'google',
  name: { th: 'Google', en: 'Google' },
  isInFile: true,
  redirectUri: 'https://id.example.com/upstream/google/callback',
} as const;
const staff = {
  id: 'staff',
  kind: 'oidc',
  name: { th: 'บัญชีพนักงาน', en: 'staff account' },
  isInFile: false,
  redirectUri: 'https://id.example.com/upstream/staff/callback',
} as const;
const typed = {
  upstreamId: 'staff',
  clientId: 'pratu',
  clientSecret: '',
  teamId: '',
  keyId: '',
  privateKey: '',
  issuer: 'https://idp.example.com',
  nameTh: 'บัญชีพนักงาน',
  nameEn: 'staff account',
  trustEmail: 'true',
  position: '0',
};
const passed = (['discovery', 'keys'] as const).map((label) => ({ label, outcome: 'ok' as const }));
const untested = { ...frame, typed, checks: undefined, secretTyped: false };
const provider: OwnData['console/upstream-provider'] = {
  ...untested,
  ...staff,
  formFields: FIELDS_OF.oidc,
  version: 'v1',
};
const fresh: OwnData['console/upstream-new'] = {
  ...untested,
  kind: 'oidc',
  formFields: ['upstreamId', ...FIELDS_OF.oidc],
};

/** The console's pages about sign-in providers. */
export const upstreamSamples: { readonly [Page in keyof OwnData]: readonly OwnData[Page][] } = {
  'console/upstream': [
    { ...frame, providers: [google, staff] },
    { ...frame, outcome: 'upstream_removed', providers: [] },
  ],
  'console/upstream-new': [
    { ...untested, kind: undefined, formFields: [] },
    fresh,
    { ...fresh, kind: 'apple', formFields: ['upstreamId', ...FIELDS_OF.apple] },
    { ...fresh, checks: passed, secretTyped: true },
    {
      ...fresh,
      errors: [
        { field: 'upstreamId', code: 'INVALID_UPSTREAM_ID' },
        { field: 'clientSecret', code: 'VALUE_MISSING' },
      ],
    },
  ],
  'console/upstream-provider': [
    { ...provider, outcome: 'upstream_created' },
    { ...provider, checks: [{ label: 'discovery', outcome: 'timeout' }] },
    { ...provider, errors: [{ code: 'PRECONDITION_FAILED' }] },
    { ...provider, errors: [{ field: 'confirmation', code: 'CONFIRMATION_WRONG' }] },
    { ...provider, ...google, checks: passed },
    { ...provider, may: [...scopesOfRole('viewer')] },
  ],
};
