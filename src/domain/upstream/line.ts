import { type Connector, library, type UpstreamSettings } from './connector.ts';

/**
 * https://developers.line.biz/en/docs/line-login/integrate-line-login/. ID tokens of web channels are signed with HS256
 * and the channel secret, although discovery lists only ES256. An address, if present, is unverified input of the
 * person.
 */
export const line = ({ issuer, clientSecret }: UpstreamSettings): Connector => ({
  issuer: issuer ?? 'https://access.line.me',
  scope: 'openid profile email',
  idTokenAlg: 'HS256',
  reauthentication: { prompt: 'login' },
  clientAuth: async () => (await library()).ClientSecretPost(clientSecret),
  trustsEmail: false,
});
