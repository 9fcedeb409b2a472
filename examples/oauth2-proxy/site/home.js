// The proxy tells who is signed in. It sends the same to an application behind it, in the headers X-Forwarded-User and
// X-Forwarded-Preferred-Username.
const response = await fetch('/oauth2/userinfo');
const { user, preferredUsername } = await response.json();
document.getElementById('name').textContent = preferredUsername ?? user;
