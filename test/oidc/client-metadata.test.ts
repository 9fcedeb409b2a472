import { expect } from 'chai';
import { errors } from 'oidc-provider';
import { clientMetadata } from '../../src/oidc/configuration/client-metadata.ts';

type Validate = (ctx: unknown, name: string, value: unknown, metadata: object) => void;
const validate = clientMetadata.validator as Validate;

const OPERATOR = undefined;
const DYNAMIC = {};

const API = 'https://api.example/';
const EXCHANGE = { subject_clients: ['shop'], resource: API, scope: 'api:read', mode: 'delegation' };

const GOOD: [string, unknown][] = [
  ['first_party', true],
  ['rotate_refresh_tokens', false],
  ['channel', 'stb'],
  ['number', 2171],
  ['token_profile', 'partner'],
  ['client_credentials_scope', 'api:read api:write'],
  ['token_exchange', [EXCHANGE, { ...EXCHANGE, subject_clients: undefined, subject_resource: API }]],
  ['bindings', ['line', 'truemoney']],
  ['resources', ['https://api.example/']],
  ['default_resource', 'https://api.example/'],
  ['scope_claims_in_id_token', false],
  ...['client_uri', 'logo_uri', 'policy_uri', 'tos_uri'].flatMap((member): [string, unknown][] => [
    [`${member}#th`, 'https://rp.example/th'],
    [`${member}#en`, 'http://rp.example/en'],
  ]),
  ['client_name#th', 'ร้านค้า'],
  ['client_name#en', 'Shop'],
  ['software_id', '4NRB1-0XZABZI9E6-5SM3R'],
  ['software_version', '1.0'],
  ['allowed_roles', ['editor']],
  ['reset_uris', ['https://rp.example/reset']],
  ['activate_uris', []],
  ['fapi_profile', '2.0'],
];

/** Members that no client may have. */
const REFUSED = ['request_uris', 'software_statement'];

const BAD: [string, unknown][] = [
  ['first_party', 'true'],
  ['rotate_refresh_tokens', 1],
  ['channel', 'tv'],
  ['client_credentials_scope', ['api:read']],
  ['token_exchange', []],
  ['token_exchange', EXCHANGE],
  ['token_exchange', [{ ...EXCHANGE, subject_clients: undefined }]],
  ['token_exchange', [{ ...EXCHANGE, subject_clients: [] }]],
  ['token_exchange', [{ ...EXCHANGE, subject_clients: ['shop', 7] }]],
  ['token_exchange', [{ ...EXCHANGE, subject_resource: 'api' }]],
  ['token_exchange', [{ ...EXCHANGE, resource: undefined }]],
  ['token_exchange', [{ ...EXCHANGE, scope: ' ' }]],
  ['token_exchange', [{ ...EXCHANGE, scope: 'admin:accounts:read' }]],
  ['token_exchange', [{ ...EXCHANGE, mode: 'both' }]],
  ['token_exchange', [{ ...EXCHANGE, anything: true }]],
  ['token_exchange', Array.from({ length: 51 }, () => EXCHANGE)],
  ['number', 0],
  ['number', 1.5],
  ['number', '2171'],
  ['token_profile', 'other'],
  ['bindings', 'line'],
  ['bindings', ['']],
  ['bindings', ['x'.repeat(201)]],
  ['resources', ['api']],
  ['default_resource', 'api'],
  ['scope_claims_in_id_token', 'yes'],
  ['allowed_roles', 'editor'],
  ['allowed_roles', ['']],
  ['allowed_roles', ['x'.repeat(51)]],
  ['reset_uris', ['http://rp.example/reset']],
  ['reset_uris', ['javascript:alert(1)']],
  ['activate_uris', [null]],
  ['client_name#th', ''],
  ['client_name#th', 'ก'.repeat(201)],
  ['tos_uri#en', 'javascript:alert(1)'],
  ['software_id', 7],
  ['request_uris', []],
  ['fapi_profile', '1.0'],
  ['fapi_profile', true],
  ['unknown_member', 'x'],
];

describe('client metadata', () => {
  const attempt =
    (ctx: unknown, name: string, value: unknown, metadata = {}) =>
    () =>
      validate(ctx, name, value, metadata);

  it('names every member that it checks', () => {
    expect(clientMetadata.properties).to.have.members([...new Set(GOOD.map(([name]) => name)), ...REFUSED]);
  });

  for (const [name, value] of GOOD) {
    it(`lets the operator set ${name} to ${JSON.stringify(value)}`, () => {
      expect(attempt(OPERATOR, name, value)).to.not.throw();
    });
  }

  it('refuses software statements in the words of RFC 7591', () => {
    for (const ctx of [OPERATOR, DYNAMIC])
      expect(attempt(ctx, 'software_statement', 'a.b.c'))
        .to.throw(errors.OIDCProviderError)
        .with.property('error', 'unapproved_software_statement');
  });

  it('keeps the scope global to first-party clients, also for the operator', () => {
    const scope = { scope: 'openid global' };
    expect(attempt(OPERATOR, 'first_party', undefined, scope)).to.throw(errors.InvalidClientMetadata);
    expect(attempt(OPERATOR, 'first_party', true, { ...scope, first_party: true })).to.not.throw();
  });

  for (const [name, value] of BAD) {
    it(`refuses ${name} as ${JSON.stringify(value)?.slice(0, 40)}`, () => {
      expect(attempt(OPERATOR, name, value)).to.throw(errors.InvalidClientMetadata);
    });
  }

  it('lets a client that registers itself set only what concerns its own tokens', () => {
    const own = [
      ...['rotate_refresh_tokens', 'default_resource', 'scope_claims_in_id_token'],
      ...['software_id', 'fapi_profile'],
    ];
    const isOwn = (name: string) => own.includes(name) || name === 'software_version' || name.includes('#');
    for (const [name, value] of GOOD) {
      if (isOwn(name)) expect(attempt(DYNAMIC, name, value)).to.not.throw();
      else expect(attempt(DYNAMIC, name, value), name).to.throw(errors.InvalidClientMetadata);
      expect(attempt(DYNAMIC, name, undefined), name).to.not.throw();
    }
  });

  it('gives it none of the operator’s scopes', () => {
    for (const scope of ['global', 'openid thai_id', 'accounts:lookup', 'bindings:write openid']) {
      expect(attempt(DYNAMIC, 'first_party', undefined, { scope }), scope).to.throw(
        errors.InvalidClientMetadata,
      );
      expect(attempt(OPERATOR, 'first_party', true, { scope, first_party: true }), scope).to.not.throw();
    }
    expect(attempt(DYNAMIC, 'first_party', undefined, { scope: 'openid email' })).to.not.throw();
  });
});
