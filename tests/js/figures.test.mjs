// Figures on a dark screen, and as pictures at print resolution.

import assert from "node:assert/strict";
import { test } from "node:test";
import { crc32 } from "node:zlib";

import { printSize, withResolution } from "../../static/analysis/download.js";
import { isDark } from "../../static/analysis/figure-theme.js";

test("ink that is lighter than half tells a dark page", () => {
  const isDarkIn = (color) => {
    globalThis.getComputedStyle = () => ({ color });
    return isDark({});
  };

  assert.equal(isDarkIn("rgb(230, 232, 234)"), true);
  assert.equal(isDarkIn("rgb(21, 24, 27)"), false);
  assert.equal(isDarkIn("rgba(230, 232, 234, 0.9)"), true);
});

test("two columns of a journal are 2,161 pixels at 300 dpi", () => {
  assert.deepEqual(printSize({ width: 1200, height: 523 }), { width: 2161, height: 942 });
  assert.deepEqual(printSize({ width: 100, height: 50 }, { millimetres: 25.4, dpi: 100 }), { width: 100, height: 50 });
});

test("a PNG says its resolution in a chunk with a right checksum, and keeps the rest", () => {
  const png = Uint8Array.from({ length: 60 }, (_, i) => i);

  const whole = withResolution(png, 254);

  const view = new DataView(whole.buffer);
  assert.deepEqual(whole.slice(0, 33), png.slice(0, 33));
  assert.deepEqual(whole.slice(33 + 21), png.slice(33));
  assert.equal(new TextDecoder().decode(whole.slice(37, 41)), "pHYs");
  assert.deepEqual([view.getUint32(33), view.getUint32(41), view.getUint32(45), whole[49]], [9, 10_000, 10_000, 1]);
  if (crc32) assert.equal(view.getUint32(50), crc32(whole.slice(37, 50)));
});
