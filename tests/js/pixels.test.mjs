// How a stack's slice is unpacked and painted, for whoever looks at it before it is approved.

import assert from "node:assert/strict";
import { test } from "node:test";

import { fullRange, paint, unpacked } from "../../static/stacks/pixels.js";

const PLAIN = { rows: 1, columns: 3, bits: 16, signed: false, slope: 1, intercept: 0, inverted: false };
const greys = (...given) => Array.from(paint(...given)).filter((_, place) => place % 4 === 0);

test("low bytes of all pixels come first, then high bytes", () => {
  const bytes = Uint8Array.from([1, 2, 3, 0, 1, 255]);

  assert.deepEqual(Array.from(unpacked(bytes, PLAIN)), [1, 258, 65283]);
  assert.deepEqual(Array.from(unpacked(bytes, { ...PLAIN, signed: true })), [1, 258, -253]);
});

test("pixels of eight bits are what they are, signed or not", () => {
  const bytes = () => Uint8Array.from([0, 127, 255]);

  assert.deepEqual(Array.from(unpacked(bytes(), { ...PLAIN, bits: 8 })), [0, 127, 255]);
  assert.deepEqual(Array.from(unpacked(bytes(), { ...PLAIN, bits: 8, signed: true })), [0, 127, -1]);
});

test("a slice that did not arrive whole is an error", () => {
  assert.throws(() => unpacked(new Uint8Array(5), PLAIN), /did not arrive whole/);
});

test("the window goes from black to white, of values and not of stored pixels", () => {
  assert.deepEqual(greys([0, 50, 100], PLAIN, [50.5, 101]), [0, 128, 255]);
  assert.deepEqual(greys([0, 50, 100], { ...PLAIN, inverted: true }, [50.5, 101]), [255, 128, 0]);
  assert.deepEqual(greys([0, 50, 100], { ...PLAIN, slope: 2, intercept: -100 }, [0.5, 201]), [0, 128, 255]);
  assert.deepEqual(greys([0, 50, 100], PLAIN, [1000, 10]), [0, 0, 0]);
});

test("of the full range the lowest value is black and the highest white", () => {
  for (const manifest of [PLAIN, { ...PLAIN, slope: 0.5, intercept: 7 }]) {
    const pixels = [-20, 90, 200];
    assert.deepEqual(greys(pixels, manifest, fullRange(pixels, manifest)), [0, 128, 255]);
  }
});

test("a slice of one value is painted", () => {
  assert.equal(greys([5, 5], PLAIN, fullRange([5, 5], PLAIN)).length, 2);
});
