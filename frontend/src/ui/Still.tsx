/** A picture that is empty until its own is there: an `<img>` that is given another address shows the old one till then. */
import type { ComponentProps } from "react";

type StillProps = ComponentProps<"img"> & { readonly src: string; readonly alt: string };

export function Still({ src, alt, ...rest }: StillProps) {
  return <img key={src} src={src} alt={alt} draggable={false} {...rest} />;
}
