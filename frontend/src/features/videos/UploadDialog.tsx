/** Choose files and the camera they are from. Nothing else is asked. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { cameraCreate } from "../../api/generated/client";
import { sentenceOf } from "../../api/http";
import { cameras, queryClient } from "../../api/queries";
import { Choice } from "../../ui/Choice";
import { Dialog } from "../../ui/Dialog";
import { Icon } from "../../ui/Icon";
import { Button, Field } from "../../ui/parts";
import { count, size } from "../../ui/words";
import { addUploads } from "./uploads";

interface UploadDialogProps {
  readonly slug: string;
  /** null is closed. */
  readonly files: readonly File[] | null;
  readonly onClose: () => void;
}

const NEW = "new";

export function UploadDialog({ slug, files, onClose }: UploadDialogProps) {
  const [known, setKnown] = useState(files);
  const [chosen, setChosen] = useState<readonly File[]>([]);
  if (files !== known) {
    setKnown(files);
    if (files !== null) setChosen(files); // on closing the list stays for the fade
  }
  const bytes = chosen.reduce((sum, file) => sum + file.size, 0);
  const fact = chosen.length === 0 ? "Several files at once are fine. They resume after a break." : `${count(chosen.length, "file")}, ${size(bytes)}`;
  return (
    <Dialog open={files !== null} onClose={onClose} title="Upload videos" fact={fact}>
      <Form slug={slug} chosen={chosen} onChosen={setChosen} onClose={onClose} />
    </Dialog>
  );
}

interface FormProps {
  readonly slug: string;
  readonly chosen: readonly File[];
  readonly onChosen: (files: readonly File[]) => void;
  readonly onClose: () => void;
}

function Form({ slug, chosen, onChosen, onClose }: FormProps) {
  const { data } = useQuery(cameras(slug));
  const [picked, setPicked] = useState<string | null>(null);
  const [site, setSite] = useState("");
  const [name, setName] = useState("");
  const known = data?.items ?? [];
  const camera = picked ?? known[0]?.id ?? NEW;
  const start = useMutation({
    mutationFn: async () => {
      if (camera !== NEW) return camera;
      const made = await cameraCreate(slug, { name, site_name: site });
      await queryClient.invalidateQueries({ queryKey: cameras(slug).queryKey });
      return made.id;
    },
    onSuccess: (id) => {
      addUploads(slug, id, chosen);
      onClose();
    },
  });
  const missing = chosen.length === 0 ? "Choose at least one file first." : camera === NEW && (name.trim() === "" || site.trim() === "") ? "Give the camera a name and a site first." : undefined;
  const options = [...known.map((entry) => ({ value: entry.id, label: `${entry.name}, ${entry.site.name}` })), { value: NEW, label: "A new camera" }];
  return (
    <form
      className="col upload-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (missing === undefined) start.mutate();
      }}
    >
      <FileDrop chosen={chosen} onChosen={onChosen} />
      {known.length > 0 && (
        <div className="labelled">
          <span className="b">Camera</span>
          <Choice wide label="Camera" value={camera} options={options} onChange={setPicked} />
        </div>
      )}
      {camera === NEW && (
        <div className="two-fields">
          <Field label="Camera" value={name} onChange={setName} hint="Such as Gate 1" />
          <Field label="Site" value={site} onChange={setSite} hint="Where it hangs, such as Harbour Yard B" />
        </div>
      )}
      {start.isError && (
        <div className="note bad" role="alert">
          <Icon name="warn" />
          <span>{sentenceOf(start.error)}</span>
        </div>
      )}
      <div className="row form-end">
        {missing !== undefined && <span className="t3 sm">{missing}</span>}
        <span className="end row">
          <Button onClick={onClose}>Close</Button>
          <Button look="pri" type="submit" busy={start.isPending} blocked={missing}>
            {chosen.length === 0 ? "Upload videos" : `Upload ${count(chosen.length, "video")}`}
          </Button>
        </span>
      </div>
    </form>
  );
}

function FileDrop({ chosen, onChosen }: { readonly chosen: readonly File[]; readonly onChosen: (files: readonly File[]) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const add = (files: FileList | null): void => onChosen([...chosen, ...(files ?? [])]);
  return (
    <div
      className={over ? "drop over" : "drop"}
      onDragOver={(event) => {
        event.preventDefault();
        event.stopPropagation();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        event.stopPropagation();
        setOver(false);
        add(event.dataTransfer.files);
      }}
    >
      <input ref={input} className="sr" type="file" multiple aria-label="Video files" tabIndex={-1} onChange={(event) => add(event.currentTarget.files)} />
      {chosen.length === 0 ? (
        <>
          <Icon name="upload" className="t3" />
          <span>
            Drop video files here, or <Button size="xs" autoFocus onClick={() => input.current?.click()}>Choose files</Button>
          </span>
        </>
      ) : (
        <ul className="chosen">
          {chosen.map((file, i) => (
            <li key={`${file.name}-${i}`}>
              <Icon name="file" className="t3" />
              <span className="grow ell">{file.name}</span>
              <span className="t3 sm nw">{size(file.size)}</span>
              <Button size="xs" look="ghost" icon="x" label={`Leave out ${file.name}`} onClick={() => onChosen(chosen.filter((_, j) => j !== i))} />
            </li>
          ))}
          <li>
            <Button size="xs" onClick={() => input.current?.click()}>
              Choose more
            </Button>
          </li>
        </ul>
      )}
    </div>
  );
}
