// Shows the OpenAPI document that the page names. Other hosts receive no requests: no validator, no fonts.
const place = document.getElementById('reference');

window.SwaggerUIBundle({
  domNode: place,
  url: place.dataset.document,
  deepLinking: true,
  validatorUrl: null,
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
});
