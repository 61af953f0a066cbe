// The viewer on a page without a grading form, which names the address of its stacks.

import { Viewer } from "./viewer.js";

const place = document.querySelector("[data-viewer-place]");
const viewer = new Viewer();
viewer.show(place.dataset.stacks);
place.replaceChildren(viewer.root);
