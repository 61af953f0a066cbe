// A page of figures: they come alive, and all of it follows the study.

import { offerDownloads } from "./download.js";
import { draw } from "./figure.js";
import { follow } from "./live.js";

const root = document.querySelector("[data-live]");

function redraw() {
  offerDownloads(root);
  return draw(root);
}

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
redraw();
follow(root, redraw);
