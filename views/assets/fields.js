/* Conveniences for the fields of a new account and of a new password. Uses the checks of pratu.js, which runs first. */

/** Groups a national ID as on its card; the caret stays after the same digit. */
for (const input of document.querySelectorAll('[data-check="national-id"]'))
  input.addEventListener('input', () => {
    const { value, selectionStart } = input;
    const parts = /^(\d)(\d{1,4})?(\d{1,5})?(\d{1,2})?(\d)?$/.exec(ungroupedNumber(value))?.slice(1);
    const grouped = parts?.filter(Boolean).join('-') ?? value;
    if (grouped === value) return;
    let left = ungroupedNumber(value.slice(0, selectionStart)).length;
    let caret = 0;
    for (; left > 0; caret += 1) if (grouped[caret] !== '-') left -= 1;
    input.value = grouped;
    input.setSelectionRange(caret, caret);
  });

/** Shows why the server would reject a new password, as far as the page knows; else a low estimate of its strength. */
const LISTED = /p[a@]ssw?[o0]?r?d?|qwe(rty)?|asdf|iloveyou|admin|\d*123\d*|(19|2[0456])\d\d/g;
const letters = (text) => text.normalize('NFKC').toLowerCase().replace(/\p{M}/gu, '');
const squash = (text) => letters(text).replace(/[^\p{L}\p{N}]/gu, '');
for (const box of document.querySelectorAll('.strength')) {
  const [meter, said] = box.children;
  const { known, words } = box.dataset;
  const input = box.parentElement.querySelector('input');
  const judge = (text) => {
    if (!CHECKS.password(text, input.dataset)) return -2;
    const own = [known, ...known.split(' ')];
    for (const { value } of input.form.querySelectorAll('[autocomplete=username], [type=email]'))
      own.push(value, value.replace(/^0|@.*/, ''));
    const personal = own.map(squash).filter((word) => word[2]);
    if (personal.includes(squash(text))) return -1;
    const rest = personal
      .reduce((left, word) => left.replaceAll(word, 'x'), letters(text))
      .replace(LISTED, 'x')
      .replace(/(.)\1\1+/gu, '$1');
    // in bits; letters count less, because each one makes the next predictable
    const count = (pattern) => rest.split(pattern).length - 1;
    const bits =
      2.2 * count(/\p{L}+/u) + 2.5 * count(/\p{L}/u) + 3.3 * count(/\d/) + 5 * count(/[^\p{L}\d]/u);
    return [14, 28, 40, 60].filter((least) => bits >= least).length;
  };
  input.addEventListener('input', () => {
    const level = judge(input.value);
    const text = input.value && words.split('|')[level + 2];
    meter.value = Math.max(level, 0.3);
    meter.hidden = !text;
    if (said.textContent !== text) said.textContent = text;
  });
}
