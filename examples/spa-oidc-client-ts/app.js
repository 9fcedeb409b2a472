import { UserManager } from 'oidc-client-ts';

const home = `${location.origin}/`;
const manager = new UserManager({
  authority: ISSUER,
  client_id: CLIENT_ID,
  redirect_uri: home,
  post_logout_redirect_uri: home,
  // offline_access gives a refresh token: the library renews the access token before it expires. Each one works once.
  scope: 'openid profile email offline_access',
});

const element = (id) => document.getElementById(id);
element('sign-in').onclick = () => manager.signinRedirect();
element('sign-out').onclick = () => manager.signoutRedirect();

/** Finishes a sign-in that Pratu sent back here, and takes its parameters out of the address. */
async function finishSignIn() {
  if (!new URLSearchParams(location.search).has('state')) return;
  try {
    await manager.signinCallback();
  } catch (error) {
    // for example `access_denied`, when the person pressed Cancel
    console.warn(error.message);
  }
  history.replaceState(null, '', home);
}

await finishSignIn();
// In the storage of this tab. Call APIs with user.access_token.
const user = await manager.getUser();
if (user) {
  element('name').textContent = user.profile.name;
  element('email').textContent = user.profile.email ?? '';
}
element('sign-in').hidden = Boolean(user);
element('sign-out').hidden = !user;
