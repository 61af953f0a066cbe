// The viewer in a window of its own, for a second screen. Grades are entered on the form alone.

import { clock } from "./asking.js";
import { channelOf, follow } from "./following.js";
import { Viewer } from "./viewer.js";

const page = document.querySelector("[data-viewer-place]");
const [label, hint] = ["[data-case]", "[data-hint]"].map((name) => document.querySelector(name));
const viewer = new Viewer({ lettersNeedAlt: () => lettersNeedAlt });
const title = document.title;
let lettersNeedAlt = false;

page.replaceChildren(viewer.root);
viewer.show(null);
const show = (shown) => {
  lettersNeedAlt = Boolean(shown.lettersNeedAlt);
  viewer.show(shown.stacks);
  label.textContent = shown.label || page.dataset.noCase;
  document.title = shown.label ? `${shown.label} · ${title}` : title;
  hint.textContent = "";
};
follow(channelOf(document.querySelector("[data-user]").dataset.user), show, clock);

// What would be a grade on the form is none here: that is said.
addEventListener("keydown", (event) => {
  if (/^[0-9x]$/.test(event.key) && !event.ctrlKey && !event.metaKey) hint.textContent = page.dataset.noGrades;
});
