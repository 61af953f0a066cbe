// From the bytes of a slice to greys. DICOM PS3.3 C.11.2.1.2.1 (LINEAR): a window is [centre, width], in values.

// Low bytes of all pixels, then high bytes: as they are stored and sent.
export function unpacked(bytes, { rows, columns, bits, signed }) {
  const count = rows * columns;
  if (bytes.length !== (count * bits) / 8) throw new Error("A slice did not arrive whole. Load the page again.");
  if (bits === 8) return signed ? new Int8Array(bytes.buffer) : bytes;
  const pixels = signed ? new Int16Array(count) : new Uint16Array(count);
  for (let place = 0; place < count; place++) pixels[place] = bytes[place] | (bytes[place + count] << 8);
  return pixels;
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
  const [middle, range] = [centre - 0.5, Math.max(width - 1, Number.EPSILON)];
  const painted = new Uint8ClampedArray(4 * pixels.length);
  for (let place = 0; place < pixels.length; place++) {
    const part = (pixels[place] * slope + intercept - middle) / range + 0.5;
    const grey = 255 * Math.min(1, Math.max(0, inverted ? 1 - part : part));
    painted.set([grey, grey, grey, 255], 4 * place);
  }
  return painted;
}
