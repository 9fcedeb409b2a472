import { type Connector, library, type UpstreamSettings } from './connector.ts';

/** https://developers.google.com/identity/openid-connect/openid-connect */
export const google = ({ issuer, clientSecret }: UpstreamSettings): Connector => ({
  issuer: issuer ?? 'https://accounts.google.com',
  scope: 'openid email profile',
  // Google does not support `prompt=login`
  reauthentication: { prompt: 'select_account' },
  clientAuth: async () => (await library()).ClientSecretPost(clientSecret),
  trustsEmail: true,
});
