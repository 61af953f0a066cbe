// The buttons above the stacks.

import { element } from "./element.js";

const ZOOM = 1.25;

// name, key, title, what it does
export const BUTTONS = [
  ["Preset", "p", "The next window: that of the start, then those of the scanner", { preset: true }],
  ["Invert", "i", "Black for white", { invert: true }],
  ["Reset", "o", "As at the start: window, size and place", { reset: true }],
  ["−", "-", "Smaller", { zoom: 1 / ZOOM }],
  ["+", "+", "Larger", { zoom: ZOOM }],
  ["One", "m", "One stack, or both", { most: true }],
  ["Sequence", "q", "Another sequence in this place", { sequence: true }],
];

export function buttonOf([name, key, title, wanted], act) {
  const button = element("button", { type: "button", title: `${title} (${key})`, textContent: name });
  if (name.length === 1) button.ariaLabel = title;
  button.addEventListener("click", () => act(wanted));
  return button;
}
