/*
 * Submits the form of an intermediate page. It is separate from pratu.js, and ES5, so that it also runs in engines that
 * cannot parse the other scripts.
 */
function sendForm() {
  var form = document.querySelector('form[data-forward]');
  if (form) form.submit();
}

sendForm();
