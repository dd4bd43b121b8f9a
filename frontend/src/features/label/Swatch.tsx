import type { CSSProperties } from "react";
import type { LabelClass } from "./types";

interface SwatchProps {
  readonly label: LabelClass | undefined;
  /** A model's guess is dashed, never solid. */
  readonly guess?: boolean;
  /** Over a picture it gets a white ring. */
  readonly ring?: boolean;
}

export function Swatch({ label, guess, ring }: SwatchProps) {
  const classes = ["sw", guess === true ? "guess" : "", ring === true ? "ring" : ""].filter(Boolean).join(" ");
  return <i className={classes} style={colourOf(label)} aria-hidden="true" />;
}

export function colourOf(label: LabelClass | undefined): CSSProperties {
  return { "--c": `var(--c${label?.colour ?? 0})` } as CSSProperties;
}
