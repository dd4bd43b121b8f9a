/** Which camera videos are from: one that is there, or a new one, told by its name and site. */
import { cameraCreate } from "../../api/generated/client";
import type { CameraOut } from "../../api/generated/model";
import { cameras, queryClient } from "../../api/queries";
import { Choice } from "../../ui/Choice";
import { Field } from "../../ui/parts";

export const NEW = "new";

export interface FreshCamera {
  readonly name: string;
  readonly site: string;
}

export const UNNAMED: FreshCamera = { name: "", site: "" };

interface CameraPickProps {
  /** The cameras to choose from. */
  readonly known: readonly CameraOut[];
  /** The id of the chosen one, NEW, or "" for none yet. */
  readonly camera: string;
  readonly fresh: FreshCamera;
  readonly onCamera: (camera: string) => void;
  readonly onFresh: (fresh: FreshCamera) => void;
  readonly hint?: string | undefined;
  /** The person is asked, and not merely told. */
  readonly asked?: boolean;
  readonly autoFocus?: boolean;
}

export function CameraPick({ known, camera, fresh, onCamera, onFresh, hint, asked = true, autoFocus }: CameraPickProps) {
  const options = [...known.map((entry) => ({ value: entry.id, label: `${entry.name}, ${entry.site.name}` })), { value: NEW, label: "A new camera" }];
  return (
    <>
      {known.length > 0 && (
        <div className={asked ? "labelled asked" : "labelled"}>
          <span className="b">Camera</span>
          <Choice wide label="Camera" value={camera} options={options} onChange={onCamera} autoFocus={autoFocus} />
          {hint !== undefined && <span className="sm t3">{hint}</span>}
        </div>
      )}
      {camera === NEW && (
        <div className="two-fields asked">
          <Field label="Camera" value={fresh.name} onChange={(name) => onFresh({ ...fresh, name })} hint="Such as Gate 1" autoFocus={autoFocus === true && known.length === 0} />
          <Field label="Site" value={fresh.site} onChange={(site) => onFresh({ ...fresh, site })} hint="Where it hangs, such as Harbour Yard B" />
        </div>
      )}
    </>
  );
}

/** Why it is not clear yet which camera is meant. */
export function cameraMissing(camera: string, { name, site }: FreshCamera, first: string): string | undefined {
  if (camera === "") return first;
  return camera === NEW && (name.trim() === "" || site.trim() === "") ? "Give the camera a name and a site first." : undefined;
}

/** The id of the camera that was picked; a new one is made, and is the one that is picked from then on. */
export async function cameraMeant(slug: string, camera: string, { name, site }: FreshCamera, onCamera: (camera: string) => void): Promise<string> {
  if (camera !== NEW) return camera;
  const made = await cameraCreate(slug, { name, site_name: site });
  await queryClient.invalidateQueries({ queryKey: cameras(slug).queryKey });
  onCamera(made.id);
  return made.id;
}
