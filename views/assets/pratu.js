/* Conveniences only: every page works without this file. */

/** A button in the password field that shows and hides the password. */
for (const input of document.querySelectorAll('input[data-show]')) {
  const button = document.createElement('button');
  const reveal = (visible) => {
    input.type = visible ? 'text' : 'password';
    button.ariaLabel = visible ? input.dataset.hide : input.dataset.show;
  };
  button.type = 'button';
  button.className = 'reveal';
  button.setAttribute('aria-controls', input.id);
  button.addEventListener('click', () => reveal(input.type === 'password'));
  reveal(false);
  input.after(button);
  // A browser must not store a visible password as ordinary form data.
  input.form.addEventListener('submit', () => reveal(false));
}

/** A form is submitted once, and shows that it is busy. The back button of the browser makes it ready again. */
const busy = document.querySelector('[data-busy]');
for (const form of document.forms) {
  // a download does not leave the page, so nothing would make the form ready again
  if (form.method !== 'post' || 'download' in form.dataset) continue;
  form.addEventListener('submit', (event) => {
    if (form.ariaBusy === 'true') event.preventDefault();
    form.ariaBusy = 'true';
    (event.submitter ?? form.querySelector('.primary'))?.setAttribute('data-pressed', '');
    busy.textContent = busy.dataset.busy;
  });
  addEventListener('pageshow', () => {
    form.ariaBusy = null;
    form.querySelector('[data-pressed]')?.removeAttribute('data-pressed');
    busy.textContent = '';
  });
}

/** A file field in the language of the page. The browser's own field lies over it, invisible, and handles the input. */
for (const input of document.querySelectorAll('input[data-choose]')) {
  const [button, name] = [document.createElement('span'), document.createElement('span')];
  button.className = 'secondary';
  button.textContent = input.dataset.choose;
  const say = () => {
    name.textContent = input.files[0]?.name ?? input.dataset.none;
  };
  for (const part of [button, name]) part.ariaHidden = 'true';
  say();
  input.addEventListener('change', say);
  input.parentElement.classList.add('drawn');
  input.before(button, name);
}

/** The time for which a code remains valid, as minutes and seconds. */
for (const said of document.querySelectorAll('[data-count-down]')) {
  const { dataset } = said;
  const end = performance.now() + dataset.countDown * 1000;
  const tick = () => {
    const seconds = Math.max(0, Math.ceil((end - performance.now()) / 1000));
    const time = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
    said.textContent = seconds > 0 ? dataset.left.replace('%', time) : dataset.over;
    if (seconds > 0) setTimeout(tick, 1000);
  };
  tick();
}

/** The button for another code counts down until one may be requested. */
for (const button of document.querySelectorAll('button[data-wait]')) {
  const { textContent: ready, dataset } = button;
  const end = performance.now() + dataset.wait * 1000;
  const tick = () => {
    const seconds = Math.ceil((end - performance.now()) / 1000);
    button.disabled = seconds > 0;
    button.textContent = seconds > 0 ? dataset.waiting.replace('%', seconds) : ready;
    if (seconds > 0) setTimeout(tick, 500);
  };
  tick();
}

/** Returns the typed text as the server reads it: in ASCII characters, without invisible ones. */
const plain = (text) =>
  text
    .replace(/[๐-๙]/g, (digit) => digit.charCodeAt(0) - 0xe50)
    .replace(/[！-～]/g, (form) => String.fromCharCode(form.charCodeAt(0) - 0xfee0))
    .replace(/\p{Cf}/gu, '')
    .replace(/[\p{Zs}\t]/gu, ' ')
    .replace(/[\p{Pd}−]/gu, '-')
    .trim();
/** Returns the same without grouping characters. */
const ungrouped = (text) => plain(text).replace(/[ -]/g, '');
const ungroupedNumber = (text) => ungrouped(text).replace(/[.()]/g, '');

/** The checks of the server, applied when a field loses the focus. */
const CHECKS = {
  mobile: (text) => /^((\+|00)?660?[689]\d{8}|0[689]\d{8}|(\+|00)(?!66)\d{7,})$/.test(ungroupedNumber(text)),
  code: (text) => /^\d{6}$/.test(ungrouped(text)),
  name: (text) =>
    /^(?!\p{M})(?=.*\p{L})((?=[\p{Script=Thai}\p{Script=Latin}])\p{L}|(?=[\p{Script=Thai}\p{Script=Inherited}])\p{M}|[ \-'’.])+$/u.test(
      text.normalize(),
    ) && [...text.normalize()].length <= 50,
  email: (text) =>
    /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+(\.[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+)*@([\p{L}\p{M}\p{N}]([\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}])?\.)+(?=[^.]*\p{L})[\p{L}\p{M}\p{N}]([\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}])?$/u.test(
      text,
    ) && [...text].length <= 100,
  password: (text, { least }) => [...text.normalize('NFKC')].length >= least,
  'birth-date': (text) => {
    // browsers fill in `1990-12-31`
    const iso = plain(text).replace(
      /^(\d{1,2})( ?[ ./-]? ?)(\d{1,2})\2(\d{4})$/,
      (_, day, __, month, year) => `${year - 543}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`,
    );
    const date = new Date(iso);
    return (
      /^\d{4}-\d\d-\d\d$/.test(iso) &&
      iso >= '1900' &&
      !/^\d{6,7}$/.test(plain(text)) &&
      date <= Date.now() &&
      date.toISOString().startsWith(iso)
    );
  },
  'national-id': (text) => {
    const digits = ungroupedNumber(text);
    const sum = [...digits.slice(0, 12)].reduce((total, digit, index) => total + digit * (13 - index), 0);
    return /^\d{13}$/.test(digits) && (11 - (sum % 11)) % 10 === +digits[12];
  },
};

/** A message moves the buttons below it, which must not happen while a pointer is pressing one. */
let pressed = false;
addEventListener('pointerdown', () => {
  pressed = true;
});
addEventListener('pointerup', () => {
  pressed = false;
});

for (const input of document.querySelectorAll('input[data-check]')) {
  const field = input.closest('.field');
  const said = document.createElement('p');
  said.className = 'wrong';
  said.id = `${input.id}-wrong`;
  said.setAttribute('role', 'status');
  field.append(said);
  input.setAttribute('aria-describedby', `${input.getAttribute('aria-describedby') ?? ''} ${said.id}`.trim());
  const say = () => {
    const text = input.value.trim();
    const fits = text === '' || CHECKS[input.dataset.check](text, input.dataset);
    field.querySelector('.wrong:not([role])')?.remove();
    said.textContent = fits ? '' : input.dataset.wrong;
    input.ariaInvalid = fits ? null : 'true';
  };
  input.addEventListener('change', () => {
    if (pressed) addEventListener('pointerup', () => setTimeout(say), { once: true });
    else say();
  });
  // a message is removed as soon as the value is corrected
  input.addEventListener('input', () => {
    if (said.textContent) say();
  });
}

/** Submits a code once it has six digits: typed, pasted, or read from the SMS by the browser (WebOTP). */
for (const form of document.querySelectorAll('form[data-one-time-code]')) {
  const { code } = form.elements;
  const submit = () => {
    if (CHECKS.code(code.value) && form.ariaBusy !== 'true') form.requestSubmit();
  };
  code.addEventListener('input', submit);
  if ('OTPCredential' in window) {
    const waiting = new AbortController();
    form.addEventListener('submit', () => waiting.abort());
    navigator.credentials
      .get({ otp: { transport: ['sms'] }, signal: waiting.signal })
      .then((received) => {
        code.value = received.code;
        submit();
      })
      // the person did not allow it, or typed the code first
      .catch(() => {});
  }
}
