import { useRef, useState } from "react";
import { handOver } from "../../ui/focus";
import { Icon } from "../../ui/Icon";
import { Button } from "../../ui/parts";
import { size } from "../../ui/words";
import { markOf, refusal } from "./chosen";

interface FileDropProps {
  readonly chosen: readonly File[];
  readonly onAdd: (files: readonly File[]) => void;
  readonly onLeaveOut: (file: File) => void;
}

/** Where files are dropped or chosen, and what was chosen, with what will not be sent and why. */
export function FileDrop({ chosen, onAdd, onLeaveOut }: FileDropProps) {
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
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
        onAdd([...event.dataTransfer.files]);
      }}
    >
      <input
        ref={input}
        hidden
        type="file"
        multiple
        aria-label="Video files"
        onChange={(event) => {
          onAdd([...(event.currentTarget.files ?? [])]);
          event.currentTarget.value = ""; // what was left out can be chosen again
        }}
      />
      <ul className="chosen">
        {chosen.map((file) => (
          <ChosenLine key={markOf(file)} file={file} onLeaveOut={() => onLeaveOut(file)} />
        ))}
        <li className={chosen.length === 0 ? "first" : ""}>
          {chosen.length === 0 && (
            <>
              <Icon name="upload" className="t3" />
              Drop video files here, or
            </>
          )}
          <Button size="xs" autoFocus onClick={() => input.current?.click()}>
            {chosen.length === 0 ? "Choose files" : "Choose more"}
          </Button>
        </li>
      </ul>
    </div>
  );
}

function ChosenLine({ file, onLeaveOut }: { readonly file: File; readonly onLeaveOut: () => void }) {
  const refused = refusal(file);
  return (
    <li>
      <Icon name={refused === null ? "file" : "warn"} className={refused === null ? "t3" : "warn"} />
      <span className={refused === null ? "grow ell" : "grow ell t2"}>{file.name}</span>
      {refused !== null && <span className="sm nw">{refused}, left out</span>}
      <span className="t3 sm nw">{size(file.size)}</span>
      <Button
        size="xs"
        look="ghost"
        icon="x"
        label={`Leave out ${file.name}`}
        onClick={() => {
          handOver();
          onLeaveOut();
        }}
      />
    </li>
  );
}
