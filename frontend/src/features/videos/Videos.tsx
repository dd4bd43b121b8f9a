/** All footage of the project: what came in, how far it is, how much of it was thrown out. */
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { type DragEvent, useDeferredValue, useEffect, useRef, useState } from "react";
import type { VideoListParams, VideoSort } from "../../api/generated/model";
import { cameras, videos } from "../../api/queries";
import { Crash } from "../../app/Crash";
import { keyCap, useKeymap } from "../../app/keymap";
import { useTitle } from "../../app/place";
import type { VideosSearch } from "../../app/router";
import { useHere } from "../../app/session";
import { bindShortcuts } from "../../player/shortcuts";
import { Choice } from "../../ui/Choice";
import { Icon } from "../../ui/Icon";
import { Button, KeyCap, LoadingRows, Segments, Statement } from "../../ui/parts";
import { takeBack } from "../../ui/toasts";
import { count, footage, roughly, whole } from "../../ui/words";
import { ROOM_ACTIONS } from "./actions";
import { roomOf } from "./deeds";
import { UploadDialog } from "./UploadDialog";
import { UploadPanel } from "./UploadPanel";
import { VideoTable } from "./VideoTable";
import "./videos.css";

const SORTS: readonly { readonly value: VideoSort; readonly label: string }[] = [
  { value: "newest", label: "Recorded last first" },
  { value: "oldest", label: "Recorded first" },
  { value: "added", label: "Added last first" },
  { value: "name", label: "Name" },
  { value: "longest", label: "Longest first" },
  { value: "rejected", label: "Most rejected first" },
];

export function Videos() {
  useTitle("Videos");
  const { slug, may } = useHere();
  const search = useSearch({ from: "/p/$slug/videos" });
  const navigate = useNavigate({ from: "/p/$slug/videos" });
  const [files, setFiles] = useState<readonly File[] | null>(search.upload === true ? [] : null);
  const [over, setOver] = useState(false);
  const filter = filterOf(search);
  const { data, error } = useQuery(videos(slug, { ...filter, limit: 100, offset: 0 }));
  const [text, setText] = useTypedSearch(search.search ?? "", (value) => {
    void navigate({ search: ({ search: _old, ...rest }) => (value === "" ? rest : { ...rest, search: value }), replace: true });
  });
  const mayUpload = may("reviewer");
  const find = useRef<HTMLInputElement>(null);
  const remap = useKeymap((store) => store.remap);
  useEffect(() => {
    const deeds: Readonly<Record<string, () => void>> = { vFind: () => find.current?.focus(), ...(mayUpload ? { vUpload: () => setFiles([]), vUndo: () => takeBack(roomOf(slug)) } : {}) };
    return bindShortcuts(window, ROOM_ACTIONS, remap, (id) => deeds[id]?.());
  }, [remap, mayUpload, slug]);
  const leaveUpload = (): void => {
    setFiles(null);
    if (search.upload === true) void navigate({ search: ({ upload: _open, ...rest }) => rest, replace: true });
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    if (mayUpload && event.dataTransfer.files.length > 0) setFiles([...event.dataTransfer.files]);
  };
  if (error !== null && data === undefined) return <Crash error={error} />;
  const all = data === undefined ? 0 : Object.values(data.by_state).reduce((sum, n) => sum + n, 0);
  const unfiltered = search.search === undefined && search.camera === undefined;
  return (
    <div
      className={over ? "page dropping" : "page"}
      onDragOver={(event) => {
        event.preventDefault();
        if (mayUpload && event.dataTransfer.types.includes("Files")) setOver(true);
      }}
      onDragLeave={(event) => event.currentTarget === event.target && setOver(false)}
      onDrop={drop}
    >
      <header>
        <h1>Videos</h1>
        {data !== undefined && all > 0 && (
          <span className="t2">
            {count(data.total, "video")}, {footage(data.seconds)}, {roughly(data.frames)} frames
          </span>
        )}
        {mayUpload && (
          <span className="end row">
            <Button look={data !== undefined && all === 0 && unfiltered ? "plain" : "pri"} icon="upload" keys={keyCap(ROOM_ACTIONS, remap, "vUpload")} onClick={() => setFiles([])}>
              Upload videos
            </Button>
          </span>
        )}
      </header>
      <UploadPanel slug={slug} />
      {data === undefined ? (
        <LoadingRows rows={8} what="videos" />
      ) : all === 0 && unfiltered ? (
        <NoFootage mayUpload={mayUpload} onUpload={() => setFiles([])} />
      ) : (
        <>
          <div className="row tools">
            <label className="field in search">
              <Icon name="search" />
              <input ref={find} type="search" aria-label="Find by name or camera" placeholder="Find by name or camera" value={text} onChange={(event) => setText(event.currentTarget.value)} />
              {text === "" && <KeyCap>{keyCap(ROOM_ACTIONS, remap, "vFind")}</KeyCap>}
            </label>
            <Segments label="State" value={search.state ?? "all"} options={stateOptions(data.by_state, all)} onChange={(state) => void navigate({ search: ({ state: _old, ...rest }) => (state === "all" ? rest : { ...rest, state }) })} />
            <CameraFilter slug={slug} />
            <span className="end">
              <Choice label="Sort" value={filter.sort ?? "newest"} options={SORTS} onChange={(sort) => void navigate({ search: (old) => ({ ...old, sort }) })} />
            </span>
          </div>
          {data.total === 0 ? <NoMatch search={search} onClear={() => void navigate({ search: {} })} /> : <VideoTable slug={slug} filter={filter} />}
        </>
      )}
      <UploadDialog slug={slug} files={mayUpload ? files : null} onClose={leaveUpload} />
      {over && (
        <div className="drop-sign" aria-hidden="true">
          <Icon name="upload" />
          Drop to upload
        </div>
      )}
    </div>
  );
}

function filterOf(search: VideosSearch): VideoListParams {
  const sort = SORTS.find((entry) => entry.value === search.sort)?.value ?? "newest";
  return {
    sort,
    ...(search.search === undefined ? {} : { search: search.search }),
    ...(search.state === undefined ? {} : { state: search.state }),
    ...(search.camera === undefined ? {} : { camera: search.camera }),
  };
}

/** Typing shows at once and asks the server when it pauses. */
function useTypedSearch(current: string, commit: (value: string) => void): [string, (value: string) => void] {
  const [text, setText] = useState(current);
  const settled = useDeferredValue(text.trim());
  useEffect(() => {
    if (settled === current) return undefined;
    const timer = setTimeout(() => commit(settled), 200);
    return () => clearTimeout(timer);
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- only what is typed starts a search
  }, [settled]);
  return [text, setText];
}

type StateChoice = "all" | NonNullable<VideosSearch["state"]>;

function stateOptions(byState: Readonly<Record<string, number>>, all: number): { value: StateChoice; label: string }[] {
  const waiting = byState["registered"] ?? 0;
  return [
    { value: "all", label: `All ${whole(all)}` },
    { value: "ready", label: `Ready ${whole(byState["ready"] ?? 0)}` },
    { value: "working", label: `Working ${whole(byState["working"] ?? 0)}` },
    ...(waiting > 0 ? [{ value: "registered" as const, label: `Waiting ${whole(waiting)}` }] : []),
    { value: "failed", label: `Failed ${whole(byState["failed"] ?? 0)}` },
  ];
}

function CameraFilter({ slug }: { readonly slug: string }) {
  const { data } = useQuery(cameras(slug));
  const search = useSearch({ from: "/p/$slug/videos" });
  const navigate = useNavigate({ from: "/p/$slug/videos" });
  if (data === undefined || data.items.length < 2) return null;
  const options = [{ value: "", label: "All" }, ...data.items.map((camera) => ({ value: camera.id, label: camera.name }))];
  return <Choice label="Camera" value={search.camera ?? ""} options={options} onChange={(camera) => void navigate({ search: ({ camera: _old, ...rest }) => (camera === "" ? rest : { ...rest, camera }) })} />;
}

function NoFootage({ mayUpload, onUpload }: { readonly mayUpload: boolean; readonly onUpload: () => void }) {
  if (!mayUpload)
    return (
      <Statement icon="eye" title="No footage yet, and you can look, not upload">
        Uploading needs the data lead role. Someone with the admin role gives it in this project’s settings.
      </Statement>
    );
  return (
    <Statement
      icon="film"
      title="Add your first footage"
      actions={
        <Button look="pri" size="sm" onClick={onUpload}>
          Upload videos
        </Button>
      }
    >
      Drop video files here. Every frame is scored as it comes in.
    </Statement>
  );
}

function NoMatch({ search, onClear }: { readonly search: VideosSearch; readonly onClear: () => void }) {
  const words: Readonly<Record<string, string>> = { ready: "ready", working: "being read", registered: "waiting", failed: "failed" };
  const title = search.search !== undefined ? `No video or camera is called “${search.search}”` : `No video is ${words[search.state ?? ""] ?? "from this camera"}`;
  return (
    <Statement
      icon="filter"
      title={title}
      actions={
        <Button size="sm" onClick={onClear}>
          Show all videos
        </Button>
      }
    />
  );
}
