import { type Connector, library, type UpstreamSettings } from './connector.ts';

/**
 * https://developers.line.biz/en/docs/line-login/integrate-line-login/. Web channels get ID tokens by HS256 under the
 * channel secret, although discovery lists ES256 only. An address is what the person typed, if there is one.
 */
export const line = ({ issuer, clientSecret }: UpstreamSettings): Connector => ({
  issuer: issuer ?? 'https://access.line.me',
  scope: 'openid profile email',
  idTokenAlg: 'HS256',
  reauthentication: { prompt: 'login' },
  clientAuth: async () => (await library()).ClientSecretPost(clientSecret),
  trustsEmail: false,
});
