// What keys, wheel, mouse and fingers do to stacks. None of the keys is one that grades: those are the form's, wherever
// they are pressed.

const PAGE = 5; // slices
const MOVE_PX = 40;
const ZOOM = 1.2;
const WHEEL_ZOOM = 0.01; // by pixel; a notch of a mouse is not more than that of a key
const NOTCH_PX = 50; // what is no less is a notch of a mouse, and one slice, and what is less a trackpad's
const TRACKPAD_PX = 24; // for one slice
const LINE_PX = 40;
const PAUSE_MS = 150; // after which a trackpad's first movement counts at once
const FINGER_PX = 8; // for one slice

// Of a stack that has the focus.
const KEYS = {
  ArrowDown: { slices: 1 },
  ArrowUp: { slices: -1 },
  Home: { slices: -Infinity },
  End: { slices: Infinity },
  "+": { zoom: ZOOM },
  "=": { zoom: ZOOM }, // + without Shift, in America
  "-": { zoom: 1 / ZOOM },
};
const MOVES = { ArrowLeft: [MOVE_PX, 0], ArrowRight: [-MOVE_PX, 0], ArrowUp: [0, MOVE_PX], ArrowDown: [0, -MOVE_PX] };
const LETTERS = {
  b: { brighter: 1 },
  d: { brighter: -1 },
  w: { wider: 1 },
  n: { wider: -1 },
};
// Held down they act once: inverting to and fro flashes.
const ONCE = {
  p: { preset: true },
  i: { invert: true },
  o: { reset: true },
  m: { most: true },
  q: { sequence: true },
};

// Also while the form has the focus: {slices} or null.
export function scrollOf({ key, ctrlKey, altKey, metaKey, shiftKey }) {
  const way = { PageDown: 1, PageUp: -1 }[key];
  return way && !ctrlKey && !altKey && !metaKey ? { slices: shiftKey ? way * PAGE : way } : null;
}

// Its place counts with Alt, which changes what is written, and where the keyboard writes in other letters than Latin ones.
function letterOf({ key, code, altKey }) {
  const isByPlace = altKey || (key.length === 1 && key > "~");
  return (isByPlace ? code.replace("Key", "") : key).toLowerCase();
}

// Of a stack that has the focus: {slices}, {move: [px, px]}, {zoom}, {brighter}, {wider}, {preset}, {invert}, {reset},
// {most}, {sequence}, {} for nothing, or null. Who dictates presses letters with Alt, as on the form.
export function actOf(event, { lettersNeedAlt = false } = {}) {
  const { key, ctrlKey, altKey, metaKey, shiftKey, repeat } = event;
  if (ctrlKey || metaKey) return null;
  const name = letterOf(event);
  const letter = LETTERS[name] ?? (repeat && name in ONCE ? {} : ONCE[name]);
  if (letter) return altKey === lettersNeedAlt ? letter : null;
  if (altKey) return null;
  if (shiftKey && Object.hasOwn(MOVES, key)) return { move: MOVES[key] };
  return scrollOf(event) ?? (Object.hasOwn(KEYS, key) ? KEYS[key] : null);
}

// How far a wheel was turned. The unit is looked at first: Firefox tells a mouse's lines to who does so alone.
const pixelsOf = ({ deltaMode, deltaY }) => (deltaMode ? deltaY * LINE_PX : deltaY);

// The turns of a wheel and the strokes of a trackpad as slices: the first counts at once.
export class Wheel {
  #left = 0;
  #way = 0;
  #last = -Infinity;

  slices(event) {
    const [px, { timeStamp }] = [pixelsOf(event), event];
    if (!px) return 0; // sideways
    const isNew = timeStamp - this.#last > PAUSE_MS || Math.sign(px) !== this.#way;
    [this.#last, this.#way] = [timeStamp, Math.sign(px)];
    if (Math.abs(px) >= NOTCH_PX) {
      this.#left = 0;
      return Math.sign(px);
    }
    this.#left = isNew ? Math.sign(px) * TRACKPAD_PX : this.#left + px;
    const steps = Math.trunc(this.#left / TRACKPAD_PX);
    this.#left -= steps * TRACKPAD_PX;
    return steps;
  }
}

export const wheelZoom = (event) => Math.min(ZOOM, Math.max(1 / ZOOM, Math.exp(-pixelsOf(event) * WHEEL_ZOOM)));

// What one pointer does: "scroll", "window" or "move".
export function toolOf({ pointerType, button, shiftKey }, isWindowing) {
  if (button === 2 || shiftKey || isWindowing) return "window";
  return pointerType === "touch" ? "scroll" : "move";
}

// act({slices}), act({zoom, point}), act({move}) or act({drag}) is called with what the pointers on a stack want, points and
// ways in CSS pixels; isWindowing() tells whether any drag changes the window.
export const usePointers = (root, act, isWindowing) => new Pointers(root, act, isWindowing);

class Pointers {
  #down = new Map(); // pointerId → where
  #tool = null;
  #left = 0;

  constructor(root, act, isWindowing) {
    Object.assign(this, { root, act, isWindowing });
    const wheel = new Wheel();
    const onWheel = (event) => this.#onWheel(event, wheel);
    root.addEventListener("wheel", onWheel, { passive: false });
    root.addEventListener("contextmenu", (event) => event.preventDefault());
    root.addEventListener("dblclick", () => act({ most: true }));
    root.addEventListener("pointerdown", (event) => this.#onDown(event));
    root.addEventListener("pointermove", (event) => this.#onMove(event));
    for (const type of ["pointerup", "pointercancel"]) {
      root.addEventListener(type, ({ pointerId }) => this.#down.delete(pointerId));
    }
  }

  #onWheel(event, wheel) {
    event.preventDefault();
    if (event.ctrlKey) this.act({ zoom: wheelZoom(event), point: this.#pointOf(event) });
    else this.act({ slices: wheel.slices(event) });
  }

  #onDown(event) {
    if (event.isPrimary) this.#down.clear(); // what was let go while the viewer was put beside the next case told nobody
    this.root.setPointerCapture(event.pointerId);
    this.#down.set(event.pointerId, this.#pointOf(event));
    this.#tool = toolOf(event, this.isWindowing());
    this.#left = 0;
  }

  #onMove(event) {
    if (!event.buttons) this.#down.delete(event.pointerId);
    const before = this.#down.get(event.pointerId);
    if (!before) return;
    const now = this.#pointOf(event);
    const [dx, dy] = [now.x - before.x, now.y - before.y];
    if (this.#down.size > 1) this.#pinch(event.pointerId, before, now);
    else if (this.#tool === "window") this.act({ drag: [dx, dy] });
    else if (this.#tool === "move") this.act({ move: [dx, dy] });
    else if (this.#tool === "scroll") this.#scroll(dy);
    this.#down.set(event.pointerId, now);
  }

  // By a finger: up is further down the stack, as pages go.
  #scroll(dy) {
    this.#left -= dy;
    const slices = Math.trunc(this.#left / FINGER_PX);
    this.#left -= slices * FINGER_PX;
    if (slices) this.act({ slices });
  }

  // Two fingers: apart to enlarge, together to move. Each finger's way counts half.
  #pinch(id, before, now) {
    const [, other] = [...this.#down].find(([each]) => each !== id);
    const between = (point) => Math.hypot(point.x - other.x, point.y - other.y) || 1;
    const point = { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 };
    this.act({ zoom: between(now) / between(before), point });
    this.act({ move: [(now.x - before.x) / 2, (now.y - before.y) / 2] });
    this.#tool = null; // what is left of two fingers does nothing
  }

  #pointOf({ clientX, clientY }) {
    const { left, top } = this.root.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  }
}
