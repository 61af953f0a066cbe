// Where slices lie, in mm and on the screen.

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  arrangementOf,
  barOf,
  fit,
  inMm,
  missedBy,
  moved,
  nearest,
  placeOf,
  runAlike,
  WHOLE,
  zoomed,
} from "../../static/viewer/geometry.js";

const SQUARE = { rows: 100, columns: 100, spacing: [2, 2] };

test("stacks are linked by millimetres, not by number", () => {
  assert.equal(nearest([0, 5, 10, 15], 9), 2);
  assert.equal(nearest([15, 10, 5, 0], 9), 1);
  assert.equal(nearest([0, 5], 1000), 1);
  assert.equal(nearest([3], -7), 0);
});

test("a position that a stack does not reach is said, and one between two slices is not", () => {
  const stack = { positions: [0, 10, 20], thickness: 4 };
  assert.equal(missedBy(stack, 15), 0);
  assert.equal(missedBy(stack, 50), 30);
  assert.equal(missedBy({ positions: [0], thickness: null }, 3), 3);
});

test("stacks in different planes are not in step: their millimetres are not the same ones", () => {
  const [axial, leaning] = [{ letters: { left: "R", top: "A" } }, { letters: { left: "AR", top: "LA" } }];
  const [coronal, sagittal] = [{ letters: { left: "R", top: "H" } }, { letters: { left: "A", top: "H" } }];

  assert.ok(runAlike(axial, leaning));
  for (const upright of [coronal, sagittal]) assert.ok(!runAlike(axial, upright));
  assert.ok(!runAlike(coronal, sagittal));
});

test("pixels that are not square are shown as they are wide and high in mm", () => {
  const flat = { rows: 100, columns: 100, spacing: [1, 2] };
  assert.equal(fit({ width: 400, height: 400 }, flat), 2);
  assert.deepEqual(placeOf({ width: 400, height: 400 }, flat, WHOLE), [0, 100, 400, 200]);
});

test("stacks stand beside one another or below, whichever is larger", () => {
  assert.equal(arrangementOf({ width: 1200, height: 900 }, [SQUARE, SQUARE]), "row");
  assert.equal(arrangementOf({ width: 600, height: 900 }, [SQUARE, SQUARE]), "column");
  assert.equal(arrangementOf({ width: 600, height: 900 }, [SQUARE]), "row");
});

test("what lies under the pointer stays there when it grows", () => {
  const box = { width: 400, height: 400 };
  const point = { x: 120, y: -60 };
  const before = placeOf(box, SQUARE, WHOLE);
  const view = zoomed(WHOLE, 3, fit(box, SQUARE), point);
  const after = placeOf(box, SQUARE, view);

  const partAt = ([left, , width]) => (200 + point.x - left) / width;
  assert.equal(view.zoom, 3);
  assert.ok(Math.abs(partAt(after) - partAt(before)) < 1e-9);
  assert.ok(Math.abs(after[1] - (140 - 3 * (140 - before[1]))) < 1e-9);
});

test("neither size nor place can be lost", () => {
  assert.equal(zoomed(WHOLE, 1000, 2).zoom, 16);
  assert.equal(zoomed(WHOLE, 0.0001, 2).zoom, 0.5);
  assert.deepEqual(moved(WHOLE, 1000, -1000, SQUARE), { zoom: 1, x: 100, y: -100 });
});

test("the bar is of a round number of mm and fits", () => {
  assert.deepEqual(barOf(2, 110), { mm: 50, px: 100 });
  assert.deepEqual(barOf(0.5, 110), { mm: 100, px: 50 });
  assert.deepEqual(barOf(200, 110), { mm: 1, px: 200 });
});

test("a position is told to a tenth of a mm, with a minus that is one", () => {
  assert.equal(inMm(-34.52), "\u221234.5 mm");
  assert.equal(inMm(0), "0.0 mm");
});
