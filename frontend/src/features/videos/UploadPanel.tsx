/** What is on its way from this browser. It stays until looked at: a finished list is cleared by hand. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { VideoRow } from "../../api/generated/model";
import { LIVE_MS, videos, working } from "../../api/queries";
import { focusRoom, handOver } from "../../ui/focus";
import { Button, Progress, State } from "../../ui/parts";
import { remaining, size } from "../../ui/words";
import { standingOf, titleOf } from "./standing";
import { clearFinished, dropUpload, pauseUpload, resumeUpload, type UploadItem, useUploads } from "./uploads";

/** What came in last: who uploads more than these at once reads on in the list below. */
const LATEST = { sort: "added", limit: 200, offset: 0 } as const;

function useLatest(slug: string, enabled: boolean): ReadonlyMap<string, VideoRow> {
  const { data } = useQuery({ ...videos(slug, LATEST), enabled, refetchInterval: ({ state }) => (working(state.data?.by_state ?? {}) > 0 ? LIVE_MS : false) });
  return new Map(data?.items.map((row) => [row.id, row]));
}

export function UploadPanel({ slug }: { readonly slug: string }) {
  const all = useUploads((store) => store.items);
  const items = all.filter((item) => item.slug === slug);
  const over = items.filter((item) => item.state === "done" || item.state === "failed").length;
  const rows = useLatest(slug, over > 0);
  if (items.length === 0) return null;
  return (
    <section className="panel uploads" aria-label="Uploads">
      <header>
        <h2>{titleOf(items, rows)}</h2>
        {over < items.length && <span className="t3 sm">Keep this window open until they are done.</span>}
        <span className="end">
          {over > 0 && (
            <Button
              size="xs"
              look="ghost"
              onClick={() => {
                focusRoom();
                clearFinished(slug);
              }}
            >
              Clear the list
            </Button>
          )}
        </span>
      </header>
      <ul>
        {items.map((item) => (
          <UploadLine key={item.key} item={item} row={rows.get(item.video ?? "")} />
        ))}
      </ul>
    </section>
  );
}

function UploadLine({ item, row }: { readonly item: UploadItem; readonly row: VideoRow | undefined }) {
  const { file, state, key } = item;
  const leave = (): void => {
    handOver();
    dropUpload(key);
  };
  return (
    <li>
      {state === "done" && item.video !== null ? (
        <Link className="nm ell" to="/p/$slug/videos/$id" params={{ slug: item.slug, id: item.video }}>
          {file.name}
        </Link>
      ) : (
        <span className="nm ell">{file.name}</span>
      )}
      {state === "failed" ? <Refused item={item} /> : state === "done" ? <Stored row={row} bytes={file.size} /> : <Going item={item} />}
      {state === "sending" && (
        <Button size="xs" onClick={() => pauseUpload(key)}>
          Pause
        </Button>
      )}
      {state === "paused" && (
        <Button size="xs" onClick={() => resumeUpload(key)}>
          Go on
        </Button>
      )}
      {state === "failed" && item.again && (
        <Button size="xs" onClick={() => resumeUpload(key)}>
          Try again
        </Button>
      )}
      <Button size="xs" look="ghost" icon="x" label={state === "done" || state === "failed" ? `Clear ${file.name} from this list` : `Stop uploading ${file.name}`} onClick={leave} />
    </li>
  );
}

function Refused({ item }: { readonly item: UploadItem }) {
  return (
    <span className="sm t2 grow">
      <State tone="bad">Not uploaded</State> {item.sentence}
      {item.video !== null && (
        <>
          {" "}
          <Link to="/p/$slug/videos/$id" params={{ slug: item.slug, id: item.video }}>
            Open that video
          </Link>
        </>
      )}
    </span>
  );
}

function Stored({ row, bytes }: { readonly row: VideoRow | undefined; readonly bytes: number }) {
  const { tone, words, sentence } = standingOf(row);
  return (
    <>
      <span className="sm t2 grow">
        <State tone={tone}>{words}</State> {sentence}
      </span>
      <span className="sm t2 nw amount">{size(bytes)}</span>
    </>
  );
}

function Going({ item }: { readonly item: UploadItem }) {
  const { file, state, sent } = item;
  const left = item.speed > 0 ? `, ${remaining((file.size - sent) / item.speed)} left` : "";
  return (
    <>
      <span className="grow">
        <Progress fraction={file.size === 0 ? 0 : sent / file.size} label={`Upload of ${file.name}`} />
      </span>
      <span className="sm t2 nw amount">{state === "waiting" ? "Waits for the one before" : state === "paused" ? "Paused" : `${size(sent)} of ${size(file.size)}${left}`}</span>
    </>
  );
}
