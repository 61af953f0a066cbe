// One stack on the screen: a canvas with its letters, scale and numbers, all of it one slider to whoever cannot see it.

import { element } from "./element.js";
import { barOf, fit, inMm, missedBy, moved, nearest, placeOf, WHOLE, zoomed } from "./geometry.js";
import { nextPreset, tableOf } from "./window.js";

const MOST_OF_BAR = 0.3; // of a stack's width
const SIDES = ["left", "right", "top", "bottom"];
const MINUTE = 5; // digits of a window that are worth showing

const rounded = (number) => Number(number.toPrecision(MINUTE)).toLocaleString("en", { maximumFractionDigits: 1 });

export class StackView {
  #canvas = element("canvas");
  #slice = element("canvas");
  #letters = SIDES.map((side) => element("span", { className: `stack-letter ${side}` }));
  #parts = Object.fromEntries(
    ["name", "drawing", "where", "window", "bar", "state"].map((part) => [
      part,
      element("span", { className: `stack-${part}` }),
    ]),
  );
  #context = this.#canvas.getContext("2d", { alpha: false });
  #sliceContext = this.#slice.getContext("2d", { alpha: false });
  #image = null;
  #table = null;
  #tableKey = "";
  #painted = null; // which pixels the slice's canvas has, by which table
  #frame = 0;
  #missing = 0;

  constructor() {
    this.root = element("div", { className: "stack", tabIndex: 0, role: "slider" }, [
      this.#canvas,
      ...this.#letters,
      ...Object.values(this.#parts),
    ]);
    this.root.ariaOrientation = "vertical";
    new ResizeObserver(() => this.draw()).observe(this.root);
    this.clear();
  }

  // What is shown ----------------------------------------------------------------------------------------------------

  // Nothing of the stack before stays, also until this one's first slice is there.
  show(name, slices) {
    const { manifest } = slices;
    [this.name, this.slices, this.manifest] = [name, slices, manifest];
    [this.window, this.isInverted, this.view, this.#missing] = [manifest.window, false, WHOLE, 0];
    [this.#slice.width, this.#slice.height] = [manifest.columns, manifest.rows];
    this.#image = this.#sliceContext.createImageData(manifest.columns, manifest.rows);
    [this.#painted, this.#tableKey] = [null, ""];
    this.root.ariaLabel = name;
    this.root.ariaValueMin = "1";
    this.root.ariaValueMax = String(manifest.slices);
    this.#parts.name.textContent = name;
    this.#parts.drawing.textContent = manifest.drawing ? "Drawing" : "";
    for (const [i, side] of SIDES.entries()) this.#letters[i].textContent = manifest.letters[side];
    for (const type of ["come", "failed"]) {
      slices.addEventListener(type, ({ number }) => this.slices === slices && number === slices.at && this.draw());
    }
    this.root.hidden = false;
  }

  clear() {
    [this.slices, this.manifest] = [null, null];
    this.root.hidden = true;
    this.#context.fillRect(0, 0, this.#canvas.width, this.#canvas.height);
  }

  // What is done -----------------------------------------------------------------------------------------------------

  get mm() {
    return this.manifest.positions[this.slices.at];
  }

  get windowInWords() {
    const [centre, width] = this.window.map(rounded);
    return `W ${width} L ${centre}${this.isInverted ? " inverted" : ""}`;
  }

  go(number) {
    this.slices.at = Math.min(this.manifest.slices - 1, Math.max(0, number));
    this.#missing = 0;
    this.draw();
  }

  // To what another stack shows.
  follow(mm) {
    this.go(nearest(this.manifest.positions, mm));
    this.#missing = missedBy(this.manifest, mm);
  }

  setWindow(window) {
    this.window = window;
    this.draw();
  }

  nextPreset() {
    this.setWindow(nextPreset(this.manifest, this.window));
  }

  invert() {
    this.isInverted = !this.isInverted;
    this.draw();
  }

  setView(view) {
    this.view = moved(view, 0, 0, this.manifest);
    this.draw();
  }

  reset() {
    [this.window, this.isInverted] = [this.manifest.window, false];
    this.setView(WHOLE);
  }

  // point and way are in CSS pixels, the point from the upper left corner of the stack.
  zoomed(factor, point) {
    const { clientWidth: width, clientHeight: height } = this.root;
    const middle = point && { x: point.x - width / 2, y: point.y - height / 2 };
    return zoomed(this.view, factor, this.#pxPerMm(), middle);
  }

  moved(dx, dy) {
    const scale = this.#pxPerMm() * this.view.zoom;
    return moved(this.view, dx / scale, dy / scale, this.manifest);
  }

  #pxPerMm() {
    return fit({ width: this.root.clientWidth, height: this.root.clientHeight }, this.manifest);
  }

  // Painting ---------------------------------------------------------------------------------------------------------

  // To the room that the stack has in this frame: a canvas that is measured anew is empty until it is painted.
  #fit() {
    const sharpness = devicePixelRatio || 1;
    const [width, height] = [this.root.clientWidth, this.root.clientHeight].map(
      (px) => Math.round(px * sharpness) || 1,
    );
    if (this.#canvas.width !== width) this.#canvas.width = width;
    if (this.#canvas.height !== height) this.#canvas.height = height;
  }

  draw() {
    if (!this.#frame) this.#frame = requestAnimationFrame(() => this.#paint());
  }

  #paint() {
    this.#frame = 0;
    if (!this.manifest) return;
    this.#fit();
    const pixels = this.slices.pixels();
    const context = this.#context;
    context.fillRect(0, 0, this.#canvas.width, this.#canvas.height);
    if (pixels) {
      this.#colour(pixels);
      const place = placeOf(this.#canvas, this.manifest, this.view);
      context.imageSmoothingQuality = place[2] < this.manifest.columns ? "medium" : "low"; // "high" halves the frame rate
      context.drawImage(this.#slice, ...place);
    }
    this.#describe(pixels);
    this.root.dispatchEvent(new CustomEvent("painted", { detail: pixels ? this.slices.at : null }));
  }

  #colour(pixels) {
    const key = `${this.window} ${this.isInverted}`;
    if (this.#painted === pixels && this.#tableKey === key) return;
    if (this.#tableKey !== key) this.#table = tableOf(this.manifest, this.window, this.isInverted);
    [this.#painted, this.#tableKey] = [pixels, key];
    const colours = new Uint32Array(this.#image.data.buffer);
    const table = this.#table;
    for (let i = 0; i < pixels.length; i++) colours[i] = table[pixels[i]];
    this.#sliceContext.putImageData(this.#image, 0, 0);
  }

  #describe(pixels) {
    const { at } = this.slices;
    const [number, where] = [at + 1, inMm(this.mm)];
    const off = this.#missing ? `, ${inMm(this.#missing)} off` : "";
    this.#set("where", `${number} / ${this.manifest.slices}\u2002${where}${off}`);
    this.#set("window", `${this.windowInWords}\u2002${Math.round(this.view.zoom * 100)} %`);
    this.root.ariaValueNow = String(number);
    this.root.ariaValueText = `${number} of ${this.manifest.slices}, ${where}${off}`;
    this.#showState(pixels);
    this.#showBar();
  }

  #showState(pixels) {
    const hasFailed = !pixels && this.slices.hasFailed();
    this.failure = hasFailed ? `Slice ${this.slices.at + 1} could not be loaded. It is asked for again.` : "";
    this.#set("state", pixels ? "" : this.failure || "Loading…");
    this.#parts.state.classList.toggle("failed", hasFailed);
  }

  #showBar() {
    const { mm, px } = barOf(this.#pxPerMm() * this.view.zoom, this.root.clientWidth * MOST_OF_BAR);
    this.#set("bar", `${mm} mm`);
    this.#parts.bar.style.width = `${px}px`;
  }

  #set(part, text) {
    if (this.#parts[part].textContent !== text) this.#parts[part].textContent = text;
  }
}
