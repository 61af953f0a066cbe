// Every slice of a stack, one beside the other, for whoever is to say that they show nothing but the MRI.
import { fullRange, paint, unpacked } from "./pixels.js";

const AT_A_TIME = 4;
const stack = JSON.parse(document.getElementById("stack").textContent);
const place = document.querySelector("[data-slices]");
const said = document.querySelector("[data-painted]");
const approve = document.querySelector("[data-approve]");
const isFull = document.querySelector("[data-full-range]");
const painted = new Map();
let next = 0;

function show(canvas, pixels) {
  const range = isFull.checked ? fullRange(pixels, stack) : stack.window;
  const image = new ImageData(paint(pixels, stack, range), stack.columns, stack.rows);
  canvas.getContext("2d").putImageData(image, 0, 0);
}

function figureOf(number) {
  const [figure, canvas, caption] = ["figure", "canvas", "figcaption"].map((name) => document.createElement(name));
  [canvas.width, canvas.height] = [stack.columns, stack.rows];
  canvas.style.aspectRatio = (stack.columns * stack.spacing[1]) / (stack.rows * stack.spacing[0]);
  caption.textContent = `Slice ${number + 1} of ${stack.slices}`;
  figure.append(canvas, caption);
  return { figure, canvas };
}

async function paintNext(canvases) {
  while (next < canvases.length) {
    const number = next++;
    const response = await fetch(`${stack.url}${number}/`);
    if (!response.ok) throw new Error(`Slice ${number + 1} could not be fetched. Load the page again.`);
    const pixels = unpacked(new Uint8Array(await response.arrayBuffer()), stack);
    painted.set(canvases[number], pixels);
    show(canvases[number], pixels);
    said.textContent = `${painted.size} of ${stack.slices} slices are shown.`;
  }
}

const figures = Array.from({ length: stack.slices }, (_, number) => figureOf(number));
place.append(...figures.map(({ figure }) => figure));
isFull.addEventListener("change", () => painted.forEach((pixels, canvas) => show(canvas, pixels)));
try {
  const canvases = figures.map(({ canvas }) => canvas);
  await Promise.all(Array.from({ length: AT_A_TIME }, () => paintNext(canvases)));
  if (approve) approve.disabled = false;
} catch (error) {
  said.textContent = error.message;
}
