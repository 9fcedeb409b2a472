import { type Framework, NATIVE, SIGN_IN_SCOPE, variables } from './framework.ts';

const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';

const native: Framework = {
  title: 'Mobile or desktop app (AppAuth, flutter_appauth)',
  redirect: [],
  needs: 'redirectUri',
  example: 'com.example.app:/callback',
  metadata: NATIVE,
  snippets: ({ issuer, id, redirectUri }) => [
    {
      file: 'sign_in.dart',
      language: 'dart',
      text: `final tokens = await const FlutterAppAuth().authorizeAndExchangeCode(
  AuthorizationTokenRequest(
    '${id}',
    '${redirectUri}',
    issuer: '${issuer}',
    scopes: ${JSON.stringify([...SIGN_IN_SCOPE.split(' '), 'offline_access']).replaceAll('"', "'")},
  ),
);`,
    },
  ],
  remark:
    'AppAuth for Android and iOS takes the same four values. Consent is asked at every sign-in, unless the redirect URI is a claimed https URI or the client is registered with `--first-party`.',
};

const cli: Framework = {
  title: 'Command-line program (loopback redirect or device flow)',
  redirect: ['http://127.0.0.1/callback', 'http://[::1]/callback'],
  metadata: {
    ...NATIVE,
    grant_types: ['authorization_code', DEVICE_GRANT, 'refresh_token'],
  },
  snippets: ({ issuer, id }) => [
    variables('settings', {
      ISSUER: issuer,
      CLIENT_ID: id,
      REDIRECT_URI: 'http://127.0.0.1:PORT/callback',
      SCOPE: `${SIGN_IN_SCOPE} offline_access`,
    }),
  ],
  remark:
    'Any free port is allowed (RFC 8252 §7.3). Without a browser on the machine, the same client uses the device flow (RFC 8628).',
};

const device: Framework = {
  title: 'Device without a browser (device flow)',
  redirect: [],
  metadata: { ...NATIVE, grant_types: [DEVICE_GRANT, 'refresh_token'] },
  snippets: ({ issuer, id }) => [
    {
      file: 'terminal',
      language: 'bash',
      text: `curl ${issuer}/oauth/device -d client_id=${id} -d 'scope=${SIGN_IN_SCOPE} offline_access'
curl ${issuer}/oauth/token -d client_id=${id} -d device_code=DEVICE_CODE \\
  -d grant_type=${DEVICE_GRANT}`,
    },
  ],
  remark: 'Show `user_code` and `verification_uri` of the first response, then repeat the second request.',
};

export const APPS = { native, cli, device } as const;
