/*
 * Sends the form of a page between two others. It is apart from pratu.js, and ES5, so that it also runs in engines that
 * cannot read the rest.
 */
function sendForm() {
  var form = document.querySelector('form[data-forward]');
  if (form) form.submit();
}

sendForm();
