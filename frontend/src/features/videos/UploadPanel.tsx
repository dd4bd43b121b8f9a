/** What is on its way from this browser. It stays until looked at: a finished list is cleared by hand. */
import { Button, Progress, State } from "../../ui/parts";
import { count, remaining, size } from "../../ui/words";
import { clearFinished, dropUpload, pauseUpload, resumeUpload, type UploadItem, useUploads } from "./uploads";

export function UploadPanel({ slug }: { readonly slug: string }) {
  const all = useUploads((store) => store.items);
  const items = all.filter((item) => item.slug === slug);
  if (items.length === 0) return null;
  const done = items.filter((item) => item.state === "done").length;
  const going = items.some((item) => item.state === "sending" || item.state === "waiting" || item.state === "paused");
  const title = going ? `Uploading, ${done} of ${count(items.length, "video")} done` : done === items.length ? `${count(done, "video")} uploaded` : `${done} of ${count(items.length, "video")} uploaded`;
  return (
    <section className="panel uploads" aria-label="Uploads">
      <header>
        <h2>{title}</h2>
        {going && <span className="t3 sm">Keep this window open until they are done.</span>}
        <span className="end">
          {done > 0 && (
            <Button size="xs" look="ghost" onClick={clearFinished}>
              Clear the list
            </Button>
          )}
        </span>
      </header>
      <ul>
        {items.map((item) => (
          <UploadLine key={item.key} item={item} />
        ))}
      </ul>
    </section>
  );
}

function UploadLine({ item }: { readonly item: UploadItem }) {
  const { file, state, sent } = item;
  const left = item.speed > 0 ? `${remaining((file.size - sent) / item.speed)} left` : "";
  return (
    <li>
      <span className="nm ell">{file.name}</span>
      {state === "failed" ? (
        <span className="sm t2 grow">
          <State tone="bad">Not uploaded</State> {item.sentence}
        </span>
      ) : (
        <>
          <span className="grow">
            {state === "done" ? <State tone="ok">Stored, now being read</State> : <Progress fraction={file.size === 0 ? 0 : sent / file.size} label={`Upload of ${file.name}`} />}
          </span>
          <span className="sm t2 nw amount">
            {state === "done" ? size(file.size) : state === "waiting" ? "Waits for the one before" : state === "paused" ? "Paused" : `${size(sent)} of ${size(file.size)}${left === "" ? "" : `, ${left}`}`}
          </span>
        </>
      )}
      {state === "sending" && (
        <Button size="xs" onClick={() => pauseUpload(item.key)}>
          Pause
        </Button>
      )}
      {state === "paused" && (
        <Button size="xs" onClick={() => resumeUpload(item.key)}>
          Go on
        </Button>
      )}
      {state === "failed" && (
        <Button size="xs" onClick={() => resumeUpload(item.key)}>
          Try again
        </Button>
      )}
      <Button size="xs" look="ghost" icon="x" label={state === "done" ? `Clear ${file.name} from this list` : `Stop uploading ${file.name}`} onClick={() => dropUpload(item.key)} />
    </li>
  );
}
