// A form that was kept is sent once more: with the token of whoever is signed in by then, in this window or another.

import { csrfToken } from "./lib/http.js";

const form = document.querySelector("[data-again]");
form.addEventListener("submit", () => {
  const token = form.elements.csrfmiddlewaretoken;
  token.value = csrfToken() || token.value;
});
