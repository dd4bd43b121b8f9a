/** What is known of files before a byte of them is sent. Pure. */
import type { CameraOut } from "../../api/generated/model";

const OTHER = /^(text|image|audio)\/|^application\/(pdf|zip|json|msword|x-|vnd\.)/;
/** Recorders' files whose type browsers take for text or do not know. */
const FOOTAGE = /\.(ts|mts|m2ts|dav|264|265|h264|h265|hevc|mpg|mpeg|mjpg|mjpeg|mkv|mp4|mov|avi|flv|asf|wmv|ogv|ivf|3gp|webm|m4v)$/i;

/** Why a file will not be sent; null for one that may well be footage. The server judges by its bytes. */
export function refusal({ name, size, type }: Pick<File, "name" | "size" | "type">): string | null {
  if (size === 0) return "Empty";
  return OTHER.test(type) && !FOOTAGE.test(name) ? "Not a video" : null;
}

/** The same for the same file, however often it is chosen. */
export function markOf({ name, size, lastModified, webkitRelativePath }: File): string {
  return [webkitRelativePath || name, size, lastModified].join("/");
}

/** A list with more files, each once. */
export function withMore(chosen: readonly File[], more: readonly File[]): readonly File[] {
  return [...new Map([...chosen, ...more].toReversed().map((file) => [markOf(file), file])).values()].toReversed();
}

const words = (text: string): string => ` ${text.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, " ").trim()} `;

/** The one camera that the folder or name of every file speaks of; null where they name none, or several. */
export function cameraNamed(files: readonly Pick<File, "name" | "webkitRelativePath">[], cameras: readonly Pick<CameraOut, "id" | "name">[]): string | null {
  const longest = cameras.toSorted((a, b) => b.name.length - a.name.length);
  const named = new Set(files.map((file) => longest.find(({ name }) => words(file.webkitRelativePath || file.name).includes(words(name)))?.id ?? null));
  return named.size === 1 ? ([...named][0] ?? null) : null;
}
