import { defineConfig } from "orval";

export default defineConfig({
  rushes: {
    input: process.env["RUSHES_OPENAPI"] ?? "openapi.json",
    output: {
      target: "src/api/generated/client.ts",
      schemas: "src/api/generated/model",
      client: "fetch",
      mode: "split",
      clean: true,
      override: {
        mutator: { path: "src/api/http.ts", name: "http" },
        fetch: { includeHttpResponseReturnType: false },
      },
    },
  },
});
