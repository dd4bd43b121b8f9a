/** Put a video that came in under the wrong camera under the right one. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { CameraOut, VideoRow } from "../../api/generated/model";
import { sentenceOf } from "../../api/http";
import { cameras } from "../../api/queries";
import { Dialog } from "../../ui/Dialog";
import { Icon } from "../../ui/Icon";
import { Button } from "../../ui/parts";
import { CameraPick, cameraMeant, cameraMissing, NEW, UNNAMED } from "./CameraPick";
import { cameraNamed } from "./chosen";
import { moveTo } from "./deeds";

export type Movable = Pick<VideoRow, "id" | "name" | "camera" | "state">;

/** Only what is not being read has a camera that can be another. */
export function isMovable({ state }: Pick<VideoRow, "state">): boolean {
  return state === "ready" || state === "failed";
}

interface MoveDialogProps {
  readonly slug: string;
  readonly row: Movable;
  /** How the key is printed that takes it back in this room. */
  readonly undo?: string | undefined;
  readonly onClose: () => void;
}

export function MoveDialog({ slug, row, undo, onClose }: MoveDialogProps) {
  const { data, error } = useQuery(cameras(slug));
  if (data === undefined && error === null) return null; // what has the focus first depends on it
  const others = (data?.items ?? []).filter(({ id }) => id !== row.camera.id);
  return (
    <Dialog open onClose={onClose} title="Move to another camera" fact={`${row.name} is from ${row.camera.name}, ${row.camera.site}.`} width={440}>
      <Form slug={slug} row={row} undo={undo} onClose={onClose} others={others} />
    </Dialog>
  );
}

interface FormProps extends MoveDialogProps {
  readonly others: readonly CameraOut[];
}

function Form({ slug, row, undo, onClose, others }: FormProps) {
  const [picked, setPicked] = useState<string | null>(null);
  const [fresh, setFresh] = useState(UNNAMED);
  const named = cameraNamed([{ name: row.name, webkitRelativePath: "" }], others);
  const camera = picked ?? named ?? (others.length === 0 ? NEW : "");
  const missing = cameraMissing(camera, fresh, "Choose the camera it is from first.");
  const move = useMutation({
    mutationFn: async () => moveTo(slug, row, await cameraMeant(slug, camera, fresh, setPicked), { undo, moved: onClose }),
  });
  return (
    <form
      className="col upload-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (missing === undefined && !move.isPending) move.mutate();
      }}
    >
      <CameraPick autoFocus={named === null} known={others} camera={camera} fresh={fresh} onCamera={setPicked} onFresh={setFresh} hint={picked === null && named !== null ? "As the name of the file says." : undefined} />
      <p className="t2">
        {row.state === "ready" ? "The gate of that camera judges the video again. What people decided and labelled stays." : "The gate of that camera judges the video once it can be read."}
      </p>
      {move.isError && (
        <div className="note bad" role="alert">
          <Icon name="warn" />
          <span>{sentenceOf(move.error)}</span>
        </div>
      )}
      <div className="row form-end">
        {missing !== undefined && <span className="t3 sm">{missing}</span>}
        <span className="end row">
          <Button onClick={onClose}>Close</Button>
          <Button look="pri" type="submit" autoFocus={named !== null} busy={move.isPending} blocked={missing}>
            Move
          </Button>
        </span>
      </div>
    </form>
  );
}
