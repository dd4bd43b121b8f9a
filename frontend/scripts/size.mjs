// The shell must stay small: everything the entry loads before the first screen, gzipped, against its budget.
import { gzipSync } from "node:zlib";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join } from "node:path";

const BUDGET_KB = 230;
const dist = join(fileURLToPath(new URL(".", import.meta.url)), "..", "dist");
const manifest = JSON.parse(readFileSync(join(dist, ".vite", "manifest.json"), "utf8"));
const entry = Object.values(manifest).find((chunk) => chunk.isEntry);
const files = new Set();
function collect(chunk) {
  if (files.has(chunk.file)) return;
  files.add(chunk.file);
  for (const sheet of chunk.css ?? []) files.add(sheet);
  for (const name of chunk.imports ?? []) collect(manifest[name]);
}
collect(entry);
let total = 0;
for (const file of files) {
  const size = gzipSync(readFileSync(join(dist, file)), { level: 9 }).length / 1000;
  total += size;
  process.stdout.write(`${size.toFixed(1).padStart(7)} kB  ${file}\n`);
}
process.stdout.write(`${total.toFixed(1).padStart(7)} kB  shell, gzip (budget ${BUDGET_KB} kB)\n`);
if (total > BUDGET_KB) process.exit(1);
