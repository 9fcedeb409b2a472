import express from 'express';
import session from 'express-session';
import * as client from 'openid-client';

const { ISSUER = 'http://localhost:3000', CLIENT_ID = 'express-openid-client', PORT = '8080' } = process.env;
const URL_OF_APP = process.env.APP_URL ?? `http://localhost:${PORT}`;
const REDIRECT_URI = `${URL_OF_APP}/callback`;

// Reads the addresses of all endpoints. Only an issuer on this machine may use http.
const pratu = await client.discovery(new URL(ISSUER), CLIENT_ID, process.env.CLIENT_SECRET, undefined, {
  execute: ISSUER.startsWith('http://localhost') ? [client.allowInsecureRequests] : [],
});

const app = express();
app.use(
  session({
    secret: process.env.SESSION_SECRET ?? client.randomState(), // sessions end with the process unless it is set
    cookie: { sameSite: 'lax', httpOnly: true, secure: URL_OF_APP.startsWith('https:') },
    resave: false,
    saveUninitialized: false,
  }),
);

const escaped = (text) => String(text).replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

app.get('/', (request, response) => {
  const { user } = request.session;
  response.send(
    user
      ? `<h1>${escaped(user.name)}</h1><p>${escaped(user.email ?? '')}</p><a href="/sign-out">Sign out</a>`
      : '<h1>Welcome</h1><a href="/sign-in">Sign in</a>',
  );
});

app.get('/sign-in', async (request, response) => {
  // Both stay in the session: the callback proves with them that it belongs to this browser.
  const verifier = client.randomPKCECodeVerifier();
  const state = client.randomState();
  request.session.pending = { verifier, state };
  const address = client.buildAuthorizationUrl(pratu, {
    redirect_uri: REDIRECT_URI,
    scope: 'openid profile email',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
  });
  response.redirect(address.href);
});

app.get('/callback', async (request, response) => {
  const { verifier, state } = request.session.pending ?? {};
  const tokens = await client.authorizationCodeGrant(pratu, new URL(request.originalUrl, URL_OF_APP), {
    pkceCodeVerifier: verifier,
    expectedState: state,
  });
  // A new session ID, so that nobody can prepare a session for someone else.
  await new Promise((resolve, reject) =>
    request.session.regenerate((error) => (error ? reject(error) : resolve())),
  );
  request.session.user = tokens.claims();
  request.session.idToken = tokens.id_token;
  response.redirect('/');
});

app.get('/sign-out', (request, response) => {
  const { idToken } = request.session;
  request.session.destroy(() => {
    // Signs out at Pratu as well; without this, the next sign-in asks for no password.
    const address = client.buildEndSessionUrl(pratu, {
      post_logout_redirect_uri: `${URL_OF_APP}/`,
      ...(idToken ? { id_token_hint: idToken } : {}),
    });
    response.redirect(address.href);
  });
});

app.listen(Number(PORT), () => console.log(`Open ${URL_OF_APP}`));
