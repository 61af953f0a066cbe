// From a stored pixel to a grey: modality rescale, then the window, then black to white or the other way about.
// DICOM PS3.3 C.11.2.1.2.1 (LINEAR), as pydicom's apply_windowing has it. A window is [centre, width], both in values.

const WHITE = 255;
const OPAQUE = 0xff000000; // of red, green and blue in the three lower bytes, as canvases store them
const STEP = 1 / 20; // of the width, by which one key press moves the centre
const FACTOR = 1.1;
const DRAG_PX = 400; // across which a drag changes centre or width by the width in which the stack opens

// For each stored pixel its colour in a canvas: 2 ** bits of them, the negative ones of a signed stack behind the others.
export function tableOf({ bits, signed, slope, intercept, inverted }, [centre, width], isTurned = false) {
  const table = new Uint32Array(2 ** bits);
  const [middle, range] = [centre - 0.5, width - 1];
  const isDown = inverted !== isTurned;
  for (let stored = 0; stored < table.length; stored++) {
    const number = signed && stored >= table.length / 2 ? stored - table.length : stored;
    const part = partOf(number * slope + intercept, middle, range);
    table[stored] = OPAQUE | (Math.round((isDown ? 1 - part : part) * WHITE) * 0x010101);
  }
  return table;
}

// 0 below the window, 1 above it.
export function partOf(value, middle, range) {
  if (value <= middle - range / 2) return 0;
  return value > middle + range / 2 ? 1 : (value - middle) / range + 0.5;
}

// A width of 1 is the narrowest that there is.
const windowOf = (centre, width) => [centre, Math.max(1, width)];

export const brighter = ([centre, width], steps = 1) => windowOf(centre - steps * width * STEP, width);
export const wider = ([centre, width], steps = 1) => windowOf(centre, width * FACTOR ** steps);

// To the right wider, down darker. first is the window in which the stack opens.
export const dragged = ([centre, width], dx, dy, first) =>
  windowOf(centre + (dy * first[1]) / DRAG_PX, width + (dx * first[1]) / DRAG_PX);

// Which windows a press on "Preset" goes through: that in which the stack opens, then those that its scanner gave.
export function presetsOf({ window, windows }) {
  const others = windows.filter((each) => each.join() !== window.join());
  return [window, ...others];
}

export function nextPreset(manifest, window) {
  const presets = presetsOf(manifest);
  const place = presets.findIndex((each) => each.join() === window.join());
  return presets[(place + 1) % presets.length];
}
