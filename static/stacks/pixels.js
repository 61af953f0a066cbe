// From the bytes of a slice to greys, as the viewer has them. A window is [centre, width], in values.
import { unpacked as stored } from "../viewer/slices.js";
import { partOf } from "../viewer/window.js";

// The pixels as numbers: of a signed stack the negative ones, too.
export function unpacked(bytes, manifest) {
  try {
    const { buffer } = stored(bytes, manifest);
    const [narrow, wide] = manifest.signed ? [Int8Array, Int16Array] : [Uint8Array, Uint16Array];
    return new (manifest.bits === 8 ? narrow : wide)(buffer);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new Error("A slice did not arrive whole. Load the page again.", { cause: error });
  }
}

// The window from the lowest value of a slice to its highest.
export function fullRange(pixels, { slope, intercept }) {
  let [low, high] = [Infinity, -Infinity];
  for (const pixel of pixels) {
    low = Math.min(low, pixel);
    high = Math.max(high, pixel);
  }
  const width = Math.abs(high - low) * Math.abs(slope) + 1;
  return [((low + high) / 2) * slope + intercept + 0.5, width];
}

// Red, green, blue and opacity of each pixel.
export function paint(pixels, { slope, intercept, inverted }, [centre, width]) {
  const [middle, range] = [centre - 0.5, width - 1];
  const painted = new Uint8ClampedArray(4 * pixels.length);
  for (let place = 0; place < pixels.length; place++) {
    const part = partOf(pixels[place] * slope + intercept, middle, range);
    const grey = 255 * (inverted ? 1 - part : part);
    painted.set([grey, grey, grey, 255], 4 * place);
  }
  return painted;
}
