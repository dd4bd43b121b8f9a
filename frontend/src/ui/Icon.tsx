/** The line icons, drawn on 16 px with the stroke of the text colour. */
const PATHS = {
  home: "M2.5 7.2 8 2.6l5.5 4.6V13a.7.7 0 0 1-.7.7H10V9.7H6v4H3.2a.7.7 0 0 1-.7-.7z",
  film: "M2.5 3h11v10h-11zM5.3 3v10M10.7 3v10M2.5 6.3h2.8M2.5 9.7h2.8M10.7 6.3h2.8M10.7 9.7h2.8",
  gauge: "M2.3 11.5a6 6 0 1 1 11.4 0M8 10.5l2.7-3.7M7.2 10.8a.9.9 0 1 0 1.6 0 .9.9 0 0 0-1.6 0z",
  tag: "M2.5 3.2v4.3l6.2 6.2 4.8-4.8-6.2-6.2H3a.5.5 0 0 0-.5.5zM5.3 5.3h.01",
  bars: "M3 13V8.5M6.3 13V5.5M9.7 13V7.5M13 13V2.8",
  box: "M8 2 13.5 5v6L8 14 2.5 11V5zM2.5 5 8 8l5.5-3M8 8v6",
  star: "M8 2.3 9.7 6l4 .4-3 2.7.9 4L8 11l-3.600 2.100.9-4-3-2.7 4-.4z",
  gear: "M8 5.8a2.2 2.2 0 1 0 0 4.4 2.2 2.2 0 0 0 0-4.4zM8 2v1.5M8 12.5V14M2 8h1.5M12.5 8H14M3.8 3.8l1 1M11.2 11.2l1 1M12.2 3.8l-1 1M4.8 11.2l-1 1",
  down: "M3.5 6 8 10.5 12.5 6",
  right: "M6 3.5 10.5 8 6 12.5",
  left: "M10 3.5 5.5 8l4.5 4.5",
  search: "M7 2.8a4.2 4.2 0 1 0 0 8.4 4.2 4.2 0 0 0 0-8.4zM10.2 10.2l3.3 3.3",
  check: "M3 8.5 6.3 12 13 4.5",
  x: "M4 4l8 8M12 4l-8 8",
  warn: "M8 2.5 14 13H2zM8 6.5v3M8 11.3h.01",
  info: "M8 2.2a5.8 5.8 0 1 0 0 11.6A5.8 5.8 0 0 0 8 2.2zM8 7.3v3.5M8 5.2h.01",
  play: "M5 3.2v9.6L12.5 8z",
  pause: "M5.5 3.5v9M10.5 3.5v9",
  stepf: "M4 3.5v9l5.5-4.5zM12 3.5v9",
  stepb: "M12 3.5v9L6.5 8zM4 3.5v9",
  loop: "M3 8a4 4 0 0 1 4-4h5M10 2l2.2 2L10 6M13 8a4 4 0 0 1-4 4H4M6 10l-2.2 2L6 14",
  undo: "M3 6.5h6.5a3.5 3.5 0 0 1 0 7H6M5.5 3.5 2.7 6.5l2.8 3",
  plus: "M8 3v10M3 8h10",
  upload: "M8 10.5v-8M4.8 5.5 8 2.5l3.2 3M2.8 10.5V13h10.4v-2.5",
  dots: "M3.5 8h.01M8 8h.01M12.5 8h.01",
  eye: "M1.8 8S4 3.8 8 3.8 14.2 8 14.2 8 12 12.2 8 12.2 1.8 8 1.8 8zM8 6.2a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6z",
  blur: "M8 2.5s4.3 4.6 4.3 7.2a4.3 4.3 0 0 1-8.6 0C3.7 7.1 8 2.5 8 2.5z",
  motion: "M2.5 5h7M2.5 8h4.5M2.5 11h7M10.5 8a2 2 0 1 0 4 0 2 2 0 0 0-4 0z",
  sun: "M8 5.3a2.7 2.7 0 1 0 0 5.4 2.7 2.7 0 0 0 0-5.4zM8 1.8v1.4M8 12.8v1.4M1.8 8h1.4M12.8 8h1.4M3.6 3.6l1 1M11.4 11.4l1 1M12.4 3.6l-1 1M4.6 11.4l-1 1",
  moon: "M13 9.5A5.5 5.5 0 0 1 6.5 3a5.5 5.5 0 1 0 6.5 6.5z",
  freeze: "M8 2v12M2.8 5l10.4 6M13.2 5 2.8 11",
  cover: "M2.5 3h11v10h-11zM3 12.5 13 3.5",
  glare: "M8 8m-2 0a2 2 0 1 0 4 0 2 2 0 1 0-4 0M8 2v2M8 12v2M2 8h2M12 8h2",
  flicker: "M2 8h2.2l1.3-4.5 2.7 9L10 5.5 11 8h3",
  grain: "M4 4h.01M8 3h.01M12 4.5h.01M6 7h.01M10.5 7.5h.01M3.5 10h.01M8.5 10.5h.01M12.5 10h.01M6 13h.01M10.5 13h.01",
  stop: "M4 4h8v8H4z",
  bolt: "M9 1.8 3.5 9H8l-1 5.2L12.5 7H8z",
  clock: "M8 2.2a5.8 5.8 0 1 0 0 11.6A5.8 5.8 0 0 0 8 2.2zM8 5v3l2 1.5",
  edit: "M3 13l.7-3L10.5 3.2l2.3 2.3L6 12.3zM9 4.7 11.3 7",
  filter: "M2.5 4h11M4.5 8h7M6.5 12h3",
  cam: "M2 4.5h8.5v7H2zM10.5 7l3.5-2v6l-3.5-2",
  off: "M2.5 2.5l11 11M4 7a6 6 0 0 1 2-1.3M8.5 5.2A6 6 0 0 1 12 7M6 9.3a3 3 0 0 1 2.5-.8M8 12h.01M2 5a9 9 0 0 1 2-1.3M7 3a9 9 0 0 1 7 2",
  up: "M8 13V3.5M4 7.2 8 3.2l4 4",
  grid: "M2.5 2.5h4.5v4.5H2.5zM9 2.5h4.5v4.5H9zM2.5 9h4.5v4.5H2.5zM9 9h4.5v4.5H9z",
  key: "M9.5 2.8a3.7 3.7 0 1 0 1.6 7l1.4 1.4v1.5H14v1.3h-2.6M10.3 5.7h.01",
  people: "M6 3.200a2.200 2.200 0 1 0 0 4.400 2.200 2.200 0 0 0 0-4.400zM2 13c0-2.200 1.8-3.7 4-3.7s4 1.5 4 3.7M10.5 3.400a2.200 2.200 0 0 1 0 4M11.5 9.5c1.5.4 2.5 1.7 2.5 3.5",
  file: "M4 2.200h5l3 3v8.600H4zM9 2.200v3h3",
  keyboard: "M1.8 4h12.400v8H1.8zM4.5 6.7h.01M7 6.7h.01M9.5 6.7h.01M11.8 6.7h.01M5 9.5h6",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, className = "" }: { readonly name: IconName; readonly className?: string }) {
  return (
    <svg className={`i ${className}`} viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}

/** The film frame with its play head. */
export function Mark() {
  return (
    <svg viewBox="0 0 22 22" fill="none" aria-hidden="true">
      <rect x="1.5" y="3.5" width="19" height="15" rx="3" stroke="currentColor" strokeWidth="1.6" />
      <path d="M1.5 7.5h19M1.5 14.5h19" stroke="currentColor" strokeWidth="1.6" />
      <path d="M9 8.9v4.2l3.9-2.1z" fill="var(--accent-text)" />
      <path d="M5 5.5h.01M9 5.5h.01M13 5.5h.01M17 5.5h.01M5 16.5h.01M9 16.5h.01M13 16.5h.01M17 16.5h.01" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" />
    </svg>
  );
}
