// From stored pixels to greys: what pydicom's apply_windowing gives, to the nearest of 256.

import assert from "node:assert/strict";
import { test } from "node:test";

import { brighter, dragged, nextPreset, presetsOf, tableOf, wider } from "../../static/viewer/window.js";

const PLAIN = { bits: 16, signed: false, slope: 1, intercept: 0, inverted: false };

const greysOf = (manifest, window, stored, isTurned) => {
  const table = tableOf({ ...PLAIN, ...manifest }, window, isTurned);
  return stored.map((each) => {
    const [red, green, blue, opacity] = new Uint8Array(table.buffer, each * 4, 4);
    assert.deepEqual([green, blue, opacity], [red, red, 255]);
    return red;
  });
};

test("a window runs from black to white, as the standard's example has it", () => {
  // Centre 2048, width 4096 in PS3.3 C.11.2.1.2.1: 0 and below is black, above 4095 white, the middle 127.5.
  assert.deepEqual(greysOf({}, [2048, 4096], [0, 1, 2047, 2048, 4095, 4096, 65_535]), [0, 0, 127, 128, 255, 255, 255]);
  // Width 1 divides at the centre.
  assert.deepEqual(greysOf({}, [2048, 1], [2047, 2048, 2049]), [0, 255, 255]);
});

test("pixels of a signed stack can lie below zero, and rescaling comes first", () => {
  const stored = [-100, -1, 0, 99].map((number) => number & 0xffff);
  assert.deepEqual(greysOf({ signed: true }, [0, 200], stored), [0, 127, 128, 255]);
  assert.deepEqual(greysOf({ slope: 2, intercept: -1000 }, [0, 200], [450, 500, 549]), [0, 128, 254]);
  assert.deepEqual(greysOf({ bits: 8 }, [128, 256], [0, 128, 255]), [0, 128, 255]);
  assert.deepEqual(greysOf({ bits: 8, signed: true }, [0, 256], [128, 0, 127]), [0, 128, 255]);
});

test("MONOCHROME1 is white where its values are lowest, and inverting turns either about", () => {
  assert.deepEqual(greysOf({ inverted: true }, [2048, 4096], [0, 4095]), [255, 0]);
  assert.deepEqual(greysOf({ inverted: true }, [2048, 4096], [0, 4095], true), [0, 255]);
  assert.deepEqual(greysOf({}, [2048, 4096], [0, 4095], true), [255, 0]);
});

test("brighter, darker, wider and narrower undo one another, and no width is below 1", () => {
  assert.deepEqual(brighter([100, 200]), [90, 200]);
  assert.deepEqual(brighter(brighter([100, 200]), -1), [100, 200]);
  assert.ok(Math.abs(wider(wider([100, 200]), -1)[1] - 200) < 1e-9);
  assert.deepEqual(wider([100, 1], -1), [100, 1]);
});

test("a drag to the right is wider, one down darker, by the width in which the stack opens", () => {
  assert.deepEqual(dragged([100, 200], 400, 0, [100, 800]), [100, 1000]);
  assert.deepEqual(dragged([100, 200], 0, 200, [100, 800]), [500, 200]);
  assert.deepEqual(dragged([100, 200], -400, 0, [100, 800]), [100, 1]);
});

test("presets begin with the window in which the stack opens, each once, and come round", () => {
  const manifest = {
    window: [100, 200],
    windows: [
      [100, 200],
      [40, 400],
    ],
  };
  assert.deepEqual(presetsOf(manifest), [
    [100, 200],
    [40, 400],
  ]);
  assert.deepEqual(nextPreset(manifest, [100, 200]), [40, 400]);
  assert.deepEqual(nextPreset(manifest, [40, 400]), [100, 200]);
  assert.deepEqual(nextPreset(manifest, [1, 2]), [100, 200]);
});
