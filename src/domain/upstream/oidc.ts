import { type Connector, library, type UpstreamSettings } from './connector.ts';

/**
 * Any provider with discovery (OpenID Connect Discovery 1.0). The settings state whether its addresses are verified.
 */
export const oidc = ({
  issuer = '',
  clientId,
  clientSecret,
  trustEmail = false,
}: UpstreamSettings): Connector => ({
  issuer,
  scope: 'openid email profile',
  hasUserinfo: true,
  reauthentication: { prompt: 'login' },
  async clientAuth() {
    const { ClientSecretBasic, ClientSecretPost } = await library();
    return (server, client, body, headers) => {
      const methods = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
      const auth = methods.includes('client_secret_basic') ? ClientSecretBasic : ClientSecretPost;
      return auth(clientSecret)(server, { ...client, client_id: clientId }, body, headers);
    };
  },
  trustsEmail: trustEmail,
});
