/* Comfort only: every page works without this file. */

/** A button in the password field that shows and hides what is typed. */
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
  // A browser must not remember a shown password as if it were ordinary text.
  input.form.addEventListener('submit', () => reveal(false));
}

/** A form is sent once; coming back to the page with the browser's button makes it ready again. */
for (const form of document.forms) {
  if (form.method !== 'post') continue;
  form.addEventListener('submit', (event) => {
    if (form.ariaBusy === 'true') event.preventDefault();
    form.ariaBusy = 'true';
  });
  addEventListener('pageshow', () => {
    form.ariaBusy = null;
  });
}
