/// <reference types="vite/client" />

// tinykeys ships its types outside its package exports.
declare module "tinykeys" {
  export function tinykeys(target: Window | HTMLElement, bindings: Record<string, (event: KeyboardEvent) => void>): () => void;
}
