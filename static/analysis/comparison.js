// The comparison page: its figure comes alive, and all of it follows the study.

import { draw } from "./figure.js";
import { follow } from "./live.js";

const root = document.querySelector("[data-comparison]");
draw(root);
follow(root, draw);
