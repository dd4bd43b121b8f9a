import { expect, test } from "vitest";
import { cellsOf, cellWords, inRow, moved, worstCell } from "./matrix";

const MATRIX = { labels: ["a", "b", "c"], counts: [[9, 1, 0], [3, 6, 0], [0, 0, 0]] };
const NAMES = ["Walking", "Carrying", "Sawing"];

test("a cell's shade is its share of the row, and an empty one has none", () => {
  expect(cellsOf(MATRIX).map((line) => line.map((cell) => cell.shade))).toEqual([[5, 1, 0], [2, 3, 0], [0, 0, 0]]);
});

test("the mistake made most often is found, and none where all was right", () => {
  expect(worstCell(MATRIX)).toMatchObject({ row: 1, column: 0, n: 3 });
  expect(worstCell({ labels: ["a", "b"], counts: [[2, 0], [0, 2]] })).toBe(null);
});

test("a cell says itself in a sentence", () => {
  const cells = cellsOf(MATRIX);
  const say = (row: number, column: number): string => {
    const cell = cells[row]?.[column];
    return cell === undefined ? "" : cellWords(cell, NAMES, inRow(MATRIX, row));
  };
  expect([say(0, 0), say(1, 0), say(2, 1)]).toEqual(["Walking told right, 9 of 10 clips", "Carrying read as Walking, 3 of 9 clips", "Sawing: no clip was measured"]);
});

test("arrows stay inside, Home and End go along the row, other keys are not the matrix's", () => {
  expect([moved("ArrowUp", 0, 1, 3), moved("ArrowRight", 0, 1, 3), moved("Home", 2, 2, 3), moved("End", 2, 0, 3), moved("Tab", 0, 0, 3)]).toEqual([[0, 1], [0, 2], [2, 0], [2, 2], null]);
});
