// Where slices lie in millimetres, and where their pixels lie on the screen. Pure.

const ZOOMS = [0.5, 16];
const BARS_MM = [100, 50, 20, 10, 5, 2, 1];

// The slice nearest to a position: its number.
export function nearest(positions, mm) {
  const away = positions.map((position) => Math.abs(position - mm));
  return away.indexOf(Math.min(...away));
}

// Whether the slices of two stacks lie behind one another in the same direction, so that their positions compare.
export const runAlike = (one, other) => planeOf(one) === planeOf(other);

const AXES = ["RL", "AP", "HF"];
const axisOf = ([letter]) => AXES.findIndex((axis) => axis.includes(letter));
const planeOf = ({ letters: { left, top } }) => [axisOf(left), axisOf(top)].sort().join();

// How far away the slice nearest to a position is, in mm; 0 where it is no further than the stack's slices are apart.
export function missedBy({ positions, thickness }, mm) {
  const away = Math.abs(positions[nearest(positions, mm)] - mm);
  const gaps = positions.slice(1).map((position, i) => Math.abs(position - positions[i]));
  return away > Math.max(thickness ?? 0, ...gaps) ? away : 0;
}

// Of a slice, in mm.
const sizeOf = ({ rows, columns, spacing: [down, across] }) => ({
  width: columns * across,
  height: rows * down,
});

// How many pixels of a box a mm has where a slice just fits into it.
export function fit(box, manifest) {
  const { width, height } = sizeOf(manifest);
  return Math.min(box.width / width, box.height / height);
}

// Whether stacks are larger side by side or one below the other.
export function arrangementOf(box, manifests) {
  const largest = (part) => Math.min(...manifests.map((manifest) => fit(part, manifest)));
  const side = largest({ width: box.width / manifests.length, height: box.height });
  const below = largest({ width: box.width, height: box.height / manifests.length });
  return side >= below ? "row" : "column";
}

// A view is {zoom, x, y}: x and y are how many mm the slice's middle lies right of and below the box's.
export const WHOLE = { zoom: 1, x: 0, y: 0 };

// What lies at a point, in pixels from the box's middle, stays there. pxPerMm is that at zoom 1.
export function zoomed(view, factor, pxPerMm, point = { x: 0, y: 0 }) {
  const zoom = Math.min(ZOOMS[1], Math.max(ZOOMS[0], view.zoom * factor));
  const shift = 1 / (pxPerMm * zoom) - 1 / (pxPerMm * view.zoom);
  return { zoom, x: view.x + point.x * shift, y: view.y + point.y * shift };
}

// By mm. The slice's middle stays within half a slice of the box's, so that it cannot be lost.
export function moved(view, dx, dy, manifest) {
  const { width, height } = sizeOf(manifest);
  const within = (value, half) => Math.min(half, Math.max(-half, value));
  return { zoom: view.zoom, x: within(view.x + dx, width / 2), y: within(view.y + dy, height / 2) };
}

// Where a slice is painted: left, top, width and height in pixels of the box.
export function placeOf(box, manifest, { zoom, x, y }) {
  const scale = fit(box, manifest) * zoom;
  const { width, height } = sizeOf(manifest);
  return [
    (box.width - width * scale) / 2 + x * scale,
    (box.height - height * scale) / 2 + y * scale,
    width * scale,
    height * scale,
  ];
}

// The longest bar of a round number of mm within so many pixels.
export function barOf(pxPerMm, most) {
  const mm = BARS_MM.find((each) => each * pxPerMm <= most) ?? BARS_MM.at(-1);
  return { mm, px: mm * pxPerMm };
}

// "Slice 12 of 40, 34.5 mm"; a minus is a minus, and no hyphen.
export const inMm = (mm) => `${mm.toFixed(1).replace("-", "\u2212")} mm`;
