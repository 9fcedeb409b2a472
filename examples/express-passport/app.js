import { randomBytes } from 'node:crypto';
import express from 'express';
import session from 'express-session';
import passport from 'passport';
import OpenIDConnectStrategy from 'passport-openidconnect';

const { ISSUER = 'http://localhost:3000', CLIENT_ID = 'express-passport', PORT = '8080' } = process.env;
const APP_URL = process.env.APP_URL ?? `http://localhost:${PORT}`;

passport.use(
  'pratu',
  new OpenIDConnectStrategy(
    {
      // This library does not read the discovery document, so each endpoint is named.
      issuer: ISSUER,
      authorizationURL: `${ISSUER}/oauth/authorize`,
      tokenURL: `${ISSUER}/oauth/token`,
      userInfoURL: `${ISSUER}/oauth/userinfo`,
      clientID: CLIENT_ID,
      clientSecret: process.env.CLIENT_SECRET,
      callbackURL: `${APP_URL}/callback`,
      scope: 'profile email', // it adds openid
      nonce: true,
    },
    // The profile comes from the ID token. For a client with --no-scope-claims-in-id-token, add `skipUserProfile: false`.
    (_issuer, profile, _context, idToken, done) => {
      // Look the person up in your database here: profile.id never changes, an e-mail address can.
      done(null, { id: profile.id, name: profile.displayName, email: profile.emails?.[0]?.value, idToken });
    },
  ),
);
passport.serializeUser((user, done) => done(null, user));
passport.deserializeUser((user, done) => done(null, user));

const app = express();
app.use(
  session({
    // Sessions end with the process unless SESSION_SECRET is set.
    secret: process.env.SESSION_SECRET ?? randomBytes(32).toString('hex'),
    cookie: { sameSite: 'lax', httpOnly: true, secure: APP_URL.startsWith('https:') },
    resave: false,
    saveUninitialized: false,
  }),
);
app.use(passport.session());

const escaped = (text = '') => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

app.get('/', ({ user }, response) => {
  response.send(
    user
      ? `<h1>${escaped(user.name)}</h1><p>${escaped(user.email)}</p><a href="/sign-out">Sign out</a>`
      : '<h1>Welcome</h1><a href="/sign-in">Sign in</a>',
  );
});

app.get('/sign-in', passport.authenticate('pratu'));

// Those who press Cancel at Pratu come back with an error and stay signed out.
app.get('/callback', passport.authenticate('pratu', { successRedirect: '/', failureRedirect: '/' }));

app.get('/sign-out', (request, response, next) => {
  const query = new URLSearchParams({ client_id: CLIENT_ID, post_logout_redirect_uri: `${APP_URL}/` });
  if (request.user) query.set('id_token_hint', request.user.idToken);
  request.logout((error) => {
    if (error) return next(error);
    // Signs out at Pratu as well; without this, the next sign-in asks for no password.
    response.redirect(`${ISSUER}/oauth/logout?${query}`);
  });
});

app.listen(Number(PORT), () => console.log(`Open ${APP_URL}`));
