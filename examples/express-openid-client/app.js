import express from 'express';
import session from 'express-session';
import * as client from 'openid-client';

const { ISSUER = 'http://localhost:3000', CLIENT_ID = 'express-openid-client', PORT = '8080' } = process.env;
const APP_URL = process.env.APP_URL ?? `http://localhost:${PORT}`;

// Reads the addresses of all endpoints. Only a server on this machine may use http.
const pratu = await client.discovery(new URL(ISSUER), CLIENT_ID, process.env.CLIENT_SECRET, undefined, {
  execute: ISSUER.startsWith('http://localhost') ? [client.allowInsecureRequests] : [],
});

const app = express();
app.use(
  session({
    // Sessions end with the process unless SESSION_SECRET is set.
    secret: process.env.SESSION_SECRET ?? client.randomState(),
    cookie: { sameSite: 'lax', httpOnly: true, secure: APP_URL.startsWith('https:') },
    resave: false,
    saveUninitialized: false,
  }),
);

const escaped = (text = '') => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

app.get('/', (request, response) => {
  const { user } = request.session;
  response.send(
    user
      ? `<h1>${escaped(user.name)}</h1><p>${escaped(user.email)}</p><a href="/sign-out">Sign out</a>`
      : '<h1>Welcome</h1><a href="/sign-in">Sign in</a>',
  );
});

app.get('/sign-in', async (request, response) => {
  // Both stay in the session: with them, the callback proves that it belongs to this browser.
  const verifier = client.randomPKCECodeVerifier();
  const state = client.randomState();
  request.session.pending = { verifier, state };
  const address = client.buildAuthorizationUrl(pratu, {
    redirect_uri: `${APP_URL}/callback`,
    scope: 'openid profile email',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
  });
  response.redirect(address.href);
});

app.get('/callback', async (request, response) => {
  const { pending } = request.session;
  // Those who press Cancel at Pratu stay signed out; without a pending sign-in there is nothing to finish.
  if (!pending || request.query.error === 'access_denied') return response.redirect('/');
  const tokens = await client.authorizationCodeGrant(pratu, new URL(request.originalUrl, APP_URL), {
    pkceCodeVerifier: pending.verifier,
    expectedState: pending.state,
  });
  // A new session ID: nobody can prepare a session for someone else.
  request.session.regenerate(() => {
    // Look the person up in your database here: `sub` never changes, an e-mail address can.
    const { sub, name, email } = tokens.claims();
    Object.assign(request.session, { user: { sub, name, email }, idToken: tokens.id_token });
    response.redirect('/');
  });
});

app.get('/sign-out', (request, response) => {
  const { idToken } = request.session;
  request.session.destroy(() => {
    // Signs out at Pratu as well; without this, the next sign-in asks for no password.
    const address = client.buildEndSessionUrl(pratu, {
      post_logout_redirect_uri: `${APP_URL}/`,
      ...(idToken ? { id_token_hint: idToken } : {}),
    });
    response.redirect(address.href);
  });
});

app.listen(Number(PORT), () => console.log(`Open ${APP_URL}`));
