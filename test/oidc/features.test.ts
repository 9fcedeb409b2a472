import { expect } from 'chai';
import { detailCheck } from '../../src/config/authorization-details.ts';
import { detailTypes } from '../../src/oidc/authorization-details/detail-types.ts';
import { type FeaturesDeps as Deps, features } from '../../src/oidc/configuration/features.ts';
import type { OidcPages } from '../../src/oidc/edge/pages.ts';
import { testConfig } from '../support/config.ts';

// the package does not export it: only its file states which features are stable
const INTERNAL = new URL('../../node_modules/oidc-provider/lib/helpers/features.js', import.meta.url).href;

const OFF = [
  'ciba',
  'devInteractions',
  'jwtIntrospection',
  'mTLS',
  'richAuthorizationRequests',
  'rpMetadataChoices',
];

describe('the features of the library', () => {
  const show = (): void => {};
  const pages: OidcPages = {
    logout: show,
    signedOut: show,
    deviceInput: show,
    deviceConfirm: show,
    deviceDone: show,
    forward: show,
    error: show,
  };

  const stated = async (): Promise<Record<string, { enabled?: boolean }>> => {
    const { tokens, resources, ciba, introspection } = await testConfig();
    const mutualTls = { enabled: false, origin: undefined };
    const deps = {
      approvals: {},
      keyring: {},
      issuer: 'http://localhost:3000',
      detailTypes: detailTypes([], detailCheck),
    } as never as Deps;
    return features({ ...deps, pages, tokens, resources, mutualTls, ciba, introspection }) as Record<
      string,
      { enabled?: boolean }
    >;
  };

  it('are all stated, the stable ones and no experiment', async () => {
    const { STABLE } = (await import(INTERNAL)) as { STABLE: Set<string> };
    expect(Object.keys(await stated())).to.have.members([...STABLE]);
  });

  it('are each explicitly on or off', async () => {
    for (const [name, { enabled }] of Object.entries(await stated()))
      expect(enabled, name).to.be.a('boolean');
  });

  it('are off where nothing relies on them', async () => {
    const off = Object.entries(await stated()).filter(([, { enabled }]) => !enabled);
    expect(off.map(([name]) => name)).to.have.members(OFF);
  });
});
