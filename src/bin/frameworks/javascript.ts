import { type Framework, PUBLIC, SIGN_IN_SCOPE, type Values, variables, WEB } from './framework.ts';

const nextjs: Framework = {
  title: 'Next.js with Auth.js',
  url: 'http://localhost:3001',
  redirect: ['/api/auth/callback/pratu'],
  metadata: WEB,
  snippets: ({ issuer, id, secret, url }) => [
    variables('.env.local', {
      AUTH_URL: url,
      AUTH_PRATU_ISSUER: issuer,
      AUTH_PRATU_ID: id,
      AUTH_PRATU_SECRET: secret,
    }),
    {
      file: 'auth.ts',
      language: 'ts',
      text: `import NextAuth from 'next-auth';

export const { handlers, auth, signIn, signOut } = NextAuth({
  providers: [
    {
      id: 'pratu',
      name: 'Pratu',
      type: 'oidc',
      issuer: process.env.AUTH_PRATU_ISSUER,
      clientId: process.env.AUTH_PRATU_ID,
      clientSecret: process.env.AUTH_PRATU_SECRET,
    },
  ],
});`,
    },
    {
      file: 'app/api/auth/[...nextauth]/route.ts',
      language: 'ts',
      text: `import { handlers } from '@/auth';

export const { GET, POST } = handlers;`,
    },
  ],
  remark: '`npx auth secret` adds `AUTH_SECRET`. The redirect URI ends with the `id` of the provider.',
};

const serverVariables = ({ issuer, id, secret, redirectUri }: Values) =>
  variables('.env', {
    ISSUER: issuer,
    CLIENT_ID: id,
    CLIENT_SECRET: secret,
    REDIRECT_URI: redirectUri,
  });

/** The address of an Express app, and its registration. */
const EXPRESS = {
  url: 'http://localhost:8080',
  redirect: ['/callback'],
  metadata: WEB,
} satisfies Partial<Framework>;

const express: Framework = {
  ...EXPRESS,
  title: 'Express with openid-client',
  snippets: (values) => [
    serverVariables(values),
    {
      file: 'app.js',
      language: 'js',
      text: `import * as oidc from 'openid-client';

const { ISSUER, CLIENT_ID, CLIENT_SECRET, REDIRECT_URI } = process.env;
const config = await oidc.discovery(
  new URL(ISSUER),
  CLIENT_ID,
  undefined,
  oidc.ClientSecretBasic(CLIENT_SECRET),${
    values.issuer.startsWith('http:')
      ? '\n  { execute: [oidc.allowInsecureRequests] }, // for http://localhost only'
      : ''
  }
);
const verifier = oidc.randomPKCECodeVerifier();
const url = oidc.buildAuthorizationUrl(config, {
  redirect_uri: REDIRECT_URI,
  scope: '${SIGN_IN_SCOPE}',
  code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
  code_challenge_method: 'S256',
});`,
    },
  ],
  remark: 'Keep the verifier in the session, and pass it to `authorizationCodeGrant` at the redirect URI.',
};

const passport: Framework = {
  ...EXPRESS,
  title: 'Express with passport-openidconnect',
  snippets: (values) => [
    serverVariables(values),
    {
      file: 'app.js',
      language: 'js',
      text: `import passport from 'passport';
import { Strategy } from 'passport-openidconnect';

const { ISSUER, CLIENT_ID, CLIENT_SECRET, REDIRECT_URI } = process.env;
const options = {
  issuer: ISSUER,
  authorizationURL: \`\${ISSUER}/oauth/authorize\`,
  tokenURL: \`\${ISSUER}/oauth/token\`,
  userInfoURL: \`\${ISSUER}/oauth/userinfo\`,
  clientID: CLIENT_ID,
  clientSecret: CLIENT_SECRET,
  callbackURL: REDIRECT_URI,
  scope: 'profile email',
};
passport.use('pratu', new Strategy(options, (issuer, profile, done) => done(null, profile)));`,
    },
  ],
  remark: 'The library adds `openid` to the scope.',
};

const expressOpenidConnect: Framework = {
  ...EXPRESS,
  title: 'express-openid-connect',
  snippets: ({ issuer, id, secret, url }) => [
    variables('.env', { ISSUER_BASE_URL: issuer, BASE_URL: url, CLIENT_ID: id, CLIENT_SECRET: secret }),
    {
      file: 'app.js',
      language: 'js',
      text: `import { auth } from 'express-openid-connect';

app.use(
  auth({
    clientSecret: process.env.CLIENT_SECRET,
    authorizationParams: { response_type: 'code', scope: '${SIGN_IN_SCOPE}' },
  }),
);`,
    },
  ],
  remark:
    'The library defaults to the implicit flow: `response_type` is needed. It reads a random `SECRET` for its cookie.',
};

const spa: Framework = {
  title: 'Single-page application with oidc-client-ts',
  url: 'http://localhost:8080',
  // many have only one page, which is also the redirect URI
  redirect: ['/callback', '/'],
  metadata: PUBLIC,
  snippets: ({ issuer, id, redirectUri, url }) => [
    {
      file: 'sign-in.js',
      language: 'js',
      text: `import { UserManager } from 'oidc-client-ts';

export const users = new UserManager({
  authority: '${issuer}',
  client_id: '${id}',
  redirect_uri: '${redirectUri}',
  post_logout_redirect_uri: '${url}/',
  scope: '${SIGN_IN_SCOPE} offline_access',
});`,
    },
  ],
  remark: 'It needs no secret. CORS is allowed for the origins of the redirect URIs.',
};

export const JAVASCRIPT = {
  nextjs,
  express,
  passport,
  'express-openid-connect': expressOpenidConnect,
  spa,
} as const;
