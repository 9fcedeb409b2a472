import { type Framework, variables } from './framework.ts';

const service: Framework = {
  title: 'Program without a user (client credentials)',
  redirect: [],
  metadata: {
    grant_types: ['client_credentials'],
    token_endpoint_auth_method: 'client_secret_basic',
  },
  snippets: ({ issuer, id, secret, resource, ownScope }) => [
    {
      file: 'terminal',
      language: 'bash',
      text: [
        `curl -u '${id}:${secret}' ${issuer}/oauth/token -d grant_type=client_credentials`,
        resource && ` -d 'resource=${resource}'`,
        ownScope && ` -d 'scope=${ownScope}'`,
      ]
        .filter(Boolean)
        .join(''),
    },
  ],
  remark: '`--client-credentials-scope` names the scopes of resources that it is granted.',
};

const api: Framework = {
  title: 'API that introspects opaque tokens',
  redirect: [],
  needs: 'resource',
  example: 'https://api.example.com',
  metadata: {
    grant_types: ['client_credentials'],
    token_endpoint_auth_method: 'client_secret_basic',
  },
  snippets: ({ issuer, id, secret }) => [
    {
      file: 'src/main/resources/application.yaml (Spring)',
      language: 'yaml',
      text: `spring:
  security:
    oauth2:
      resourceserver:
        opaquetoken:
          introspection-uri: ${issuer}/oauth/introspect
          client-id: '${id}'
          client-secret: '${secret}'`,
    },
    {
      file: 'terminal',
      language: 'bash',
      text: `curl -u '${id}:${secret}' ${issuer}/oauth/introspect -d token=ACCESS_TOKEN`,
    },
  ],
  remark:
    'An API whose resource has `tokens: jwt` validates tokens with the keys at `/oauth/jwks` and needs no client.',
};

const partner: Framework = {
  title: 'Partner (code exchange bound to a mobile number)',
  redirect: [],
  needs: 'redirectUri',
  example: 'https://partner.example.com/callback',
  metadata: {
    token_profile: 'partner',
    token_endpoint_auth_method: 'client_secret_post',
    grant_types: ['authorization_code'],
    scope: 'openid profile email phone accounts:lookup',
  },
  snippets: ({ issuer, id, secret, redirectUri, apiKey, mobileKey }) => [
    variables('.env', {
      ISSUER: issuer,
      CLIENT_ID: id,
      CLIENT_SECRET: secret,
      REDIRECT_URI: redirectUri,
      API_KEY: apiKey,
      MOBILE_KEY: mobileKey,
    }),
  ],
  remark: 'The token request has an encrypted mobile number, as docs/partner-code-exchange.md describes.',
};

export const MACHINES = { service, api, partner } as const;
