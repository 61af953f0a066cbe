// Enter or Space, held down, presses once: what a page asks next waits for a press of its own, also where the key was
// pressed on the page before. In the head and no module, so that it stands before anything has the focus.
// The grading page does so for all of its keys (grading/page.js).

addEventListener(
  "keydown",
  (event) => {
    const pressed = { Enter: "a, button, summary, input", " ": "button, summary" }[event.key];
    if (event.repeat && pressed && event.target.matches(pressed)) event.preventDefault();
  },
  true,
);

// The wheel, turned over a number that has the focus, scrolls nothing and changes nothing: Chromium would count it up.
addEventListener("wheel", (event) => event.target.matches?.("[type=number]:focus") && event.preventDefault(), {
  passive: false,
});
