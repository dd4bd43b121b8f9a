// Writes src/api/generated from the server's own OpenAPI schema; with --check it fails when what is committed is not what comes out.
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const frontend = dirname(dirname(fileURLToPath(import.meta.url)));
const generated = join(frontend, "src", "api", "generated");
const check = process.argv.includes("--check");
const python = process.env.PYTHON ?? join(frontend, "..", ".venv", "bin", "python");

function schema() {
  if (process.env.RUSHES_OPENAPI) return JSON.parse(readFileSync(process.env.RUSHES_OPENAPI, "utf8"));
  return JSON.parse(execFileSync(python, ["manage.py", "openapi"], { cwd: join(frontend, ".."), encoding: "utf8", maxBuffer: 2 ** 26 }));
}

function files(folder) {
  return readdirSync(folder, { recursive: true })
    .filter((name) => statSync(join(folder, name)).isFile())
    .toSorted();
}

const scratch = mkdtempSync(join(tmpdir(), "rushes-client-"));
const before = join(scratch, "before");
if (check) cpSync(generated, before, { recursive: true });
const api = schema();
for (const operations of Object.values(api.paths)) delete operations.head; // HEAD repeats GET's name and no screen calls it
writeFileSync(join(scratch, "openapi.json"), JSON.stringify(api));
execFileSync(process.execPath, [join(frontend, "node_modules", "orval", "dist", "bin", "orval.mjs")], {
  cwd: frontend,
  stdio: ["ignore", "ignore", "inherit"],
  env: { ...process.env, RUSHES_OPENAPI: join(scratch, "openapi.json") },
});
let stale = [];
if (check) {
  const names = new Set([...files(before), ...files(generated)]);
  const read = (folder, name) => (files(folder).includes(name) ? readFileSync(join(folder, name), "utf8") : null);
  stale = [...names].filter((name) => read(before, name) !== read(generated, name));
  rmSync(generated, { recursive: true });
  cpSync(before, generated, { recursive: true });
}
rmSync(scratch, { recursive: true });
if (stale.length > 0) {
  process.stderr.write(`The API client is stale, run npm run client:\n${stale.map((name) => `  ${relative(frontend, join(generated, name))}`).join("\n")}\n`);
  process.exit(1);
}
