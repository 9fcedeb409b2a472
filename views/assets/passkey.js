/** Passkeys (WebAuthn): fills in a form with the response of an authenticator, and submits it. */

const decode = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (one) => one.charCodeAt(0));
const encode = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=/g, '');

/** Converts the server's options to the types that the browser expects. */
const readable = (options) => {
  options.challenge = decode(options.challenge);
  if (options.user) options.user.id = decode(options.user.id);
  for (const one of options.excludeCredentials || []) one.id = decode(one.id);
  return options;
};

/** Returns the parts of a credential that the server verifies. */
const written = ({ id, response }) => {
  const members = {};
  for (const name of ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle'])
    if (response[name]) members[name] = encode(response[name]);
  return JSON.stringify({ id, response: members });
};

const passkeys = window.PublicKeyCredential;
let waiting;

/** Performs a ceremony, and aborts a pending one. */
const perform = async (form, mediation) => {
  if (waiting) waiting.abort();
  waiting = new AbortController();
  waiting.modal = !mediation;
  const { signal } = waiting;
  const body = new URLSearchParams({ csrf: form.elements.csrf.value });
  const answer = await fetch(form.dataset.options, { method: 'POST', body, signal });
  if (!answer.ok) throw new Error(answer.status);
  const publicKey = readable(await answer.json());
  const ceremony = form.dataset.ceremony;
  const credential = await navigator.credentials[ceremony]({ publicKey, mediation, signal });
  form.elements.credential.value = written(credential);
  form.requestSubmit();
};

for (const form of passkeys ? document.querySelectorAll('form[data-ceremony]') : []) {
  const button = form.querySelector('[data-passkey]');
  const said = form.querySelector('[data-failed]');
  form.querySelector('[data-unsupported]').remove();
  for (const shown of form.querySelectorAll('[hidden]')) shown.hidden = false;
  button.addEventListener('click', () => {
    said.textContent = '';
    perform(form).catch(({ name }) => {
      if (name === 'InvalidStateError') said.textContent = said.dataset.present;
      else if (name !== 'NotAllowedError' && name !== 'AbortError') said.textContent = said.dataset.failed;
    });
  });
  // a challenge is valid for five minutes; a new one would close an open dialog
  const autofill = () => perform(form, 'conditional').catch(() => {});
  if ('autofill' in form.dataset && passkeys.isConditionalMediationAvailable)
    passkeys.isConditionalMediationAvailable().then((available) => {
      if (available) autofill();
      if (available)
        setInterval(() => document.hidden || waiting.modal || form.ariaBusy === 'true' || autofill(), 240000);
    });
}

/** Reports to the server that this device can store a passkey, so that one may be offered after the sign-in. */
if (passkeys)
  passkeys.isUserVerifyingPlatformAuthenticatorAvailable().then((can) => {
    if (!can || !window.cookieStore) return;
    const expires = Date.now() + 31536000000;
    window.cookieStore.set({ name: 'passkeys', value: '1', sameSite: 'lax', expires });
    for (const shown of document.querySelectorAll('[data-if-passkeys]')) shown.hidden = false;
  });

/** Reports the state of the passkeys to authenticators (Signal API). */
for (const { dataset } of passkeys ? document.querySelectorAll('[data-signal]') : [])
  for (const [method, told] of Object.entries(JSON.parse(dataset.signal)))
    if (passkeys[method]) passkeys[method](told).catch(() => {});
