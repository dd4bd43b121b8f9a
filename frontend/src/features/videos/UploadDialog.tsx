/** Choose files and the camera they are from. Nothing else is asked. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import type { CameraOut } from "../../api/generated/model";
import { sentenceOf } from "../../api/http";
import { cameras } from "../../api/queries";
import { Dialog } from "../../ui/Dialog";
import { Icon } from "../../ui/Icon";
import { Button } from "../../ui/parts";
import { count, size } from "../../ui/words";
import { CameraPick, cameraMeant, cameraMissing, NEW, UNNAMED } from "./CameraPick";
import { cameraNamed, refusal, withMore } from "./chosen";
import { FileDrop } from "./FileDrop";
import { addUploads } from "./uploads";

interface UploadDialogProps {
  readonly slug: string;
  /** null is closed. */
  readonly files: readonly File[] | null;
  readonly onClose: () => void;
}

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
  const [fresh, setFresh] = useState(UNNAMED);
  const form = useRef<HTMLFormElement>(null);
  const known = data?.items ?? [];
  const sent = chosen.filter((file) => refusal(file) === null);
  const { camera, hint, sure } = picked === null ? cameraFor(slug, sent, known) : { camera: picked, hint: undefined, sure: true };
  const start = useMutation({
    mutationFn: () => cameraMeant(slug, camera, fresh, setPicked),
    onSuccess: (id) => {
      localStorage.setItem(lastOf(slug), id);
      addUploads(slug, id, sent);
      onClose();
    },
  });
  const missing = sent.length === 0 ? "Choose at least one video file first." : cameraMissing(camera, fresh, "Choose the camera they are from first.");
  const add = (files: readonly File[]): void => {
    const next = withMore(chosen, files);
    onChosen(next);
    if (next.length > chosen.length) setTimeout(() => form.current?.querySelector<HTMLElement>(".asked :is(button, input), [type=submit]")?.focus());
  };
  return (
    <form
      className="col upload-form"
      ref={form}
      onSubmit={(event) => {
        event.preventDefault();
        if (missing === undefined) start.mutate();
      }}
    >
      <FileDrop chosen={chosen} onAdd={add} onLeaveOut={(file) => onChosen(chosen.filter((other) => other !== file))} />
      <CameraPick known={known} camera={camera} fresh={fresh} onCamera={setPicked} onFresh={setFresh} hint={hint} asked={!sure} />
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
            {sent.length === 0 ? "Upload videos" : `Upload ${count(sent.length, "video")}`}
          </Button>
        </span>
      </div>
    </form>
  );
}

function lastOf(slug: string): string {
  return `rushes.camera.${slug}`;
}

interface Guess {
  readonly camera: string;
  readonly hint: string | undefined;
  readonly sure: boolean;
}

/** The camera that these files speak of, else the one of the time before; what is not known is asked. */
function cameraFor(slug: string, files: readonly File[], known: readonly CameraOut[]): Guess {
  const named = cameraNamed(files, known);
  if (named !== null) return { camera: named, hint: "As the names of the files say.", sure: true };
  if (known.length < 2) return { camera: known[0]?.id ?? NEW, hint: "The only camera so far. Its gate judges these videos.", sure: false };
  const last = known.find(({ id }) => id === localStorage.getItem(lastOf(slug)));
  return last === undefined ? { camera: "", hint: "Its gate judges these videos.", sure: false } : { camera: last.id, hint: "The camera of the last upload. Its gate judges these videos.", sure: false };
}
